//! The fields of interest, and the names each tag format gives them.
use super::gain;
use super::picture::Picture;
use crate::display_name::one_line;

/// Longest text kept of one field, in characters.
const MAX_TEXT: usize = 512;

/// Most artists named.
const MAX_ARTISTS: usize = 32;

/// What tags say, cleaned for display.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) title: String,
    pub(super) artists: Vec<String>,
    pub(super) album: String,
    pub(super) album_artists: Vec<String>,
    pub(super) track: Option<u32>,
    pub(super) disc: Option<u32>,
    /// `REPLAYGAIN_TRACK_GAIN`, dB.
    pub(super) replaygain_db: Option<f32>,
    /// `R128_TRACK_GAIN`, converted to ReplayGain's reference level, dB.
    pub(super) r128_db: Option<f32>,
    pub(super) picture: Option<Picture>,
}

impl Fields {
    /// Takes one tag. `key` is the tag format's own name for it; unknown ones are ignored, and of
    /// fields that can hold one value the first one wins.
    pub(super) fn add(&mut self, key: &str, value: &str) {
        match key.to_ascii_uppercase().as_str() {
            "TITLE" | "TIT2" | "TT2" | "INAM" | "NAME" | "\u{a9}NAM" => set(&mut self.title, value),
            "ALBUM" | "TALB" | "TAL" | "IPRD" | "\u{a9}ALB" => set(&mut self.album, value),
            "ARTIST" | "TPE1" | "TP1" | "IART" | "AUTH" | "\u{a9}ART" => push(&mut self.artists, value),
            "ALBUMARTIST" | "ALBUM ARTIST" | "ALBUM_ARTIST" | "TPE2" | "TP2" | "AART" => {
                push(&mut self.album_artists, value);
            }
            "TRACKNUMBER" | "TRACK" | "TRCK" | "TRK" | "ITRK" | "IPRT" => number(&mut self.track, value),
            "DISCNUMBER" | "DISC" | "DISKNUMBER" | "TPOS" | "TPA" => number(&mut self.disc, value),
            "REPLAYGAIN_TRACK_GAIN" => {
                self.replaygain_db = self.replaygain_db.or_else(|| gain::replaygain_db(value));
            }
            "R128_TRACK_GAIN" => self.r128_db = self.r128_db.or_else(|| gain::r128_db(value)),
            _ => {}
        }
    }

    /// Takes a picture if it is better than the one already there.
    pub(super) fn add_picture(&mut self, picture: Option<Picture>) {
        if let Some(picture) = picture
            && self.picture.as_ref().is_none_or(|known| picture.front && !known.front)
        {
            self.picture = Some(picture);
        }
    }

    /// Whether a front cover is already there, so that reading more pictures is pointless.
    pub(super) fn has_front_cover(&self) -> bool {
        self.picture.as_ref().is_some_and(|picture| picture.front)
    }

    /// Takes from a tag of lower rank what this one leaves open.
    pub(super) fn fill_from(&mut self, other: Self) {
        if self.title.is_empty() {
            self.title = other.title;
        }
        if self.artists.is_empty() {
            self.artists = other.artists;
        }
        if self.album.is_empty() {
            self.album = other.album;
        }
        if self.album_artists.is_empty() {
            self.album_artists = other.album_artists;
        }
        self.track = self.track.or(other.track);
        self.disc = self.disc.or(other.disc);
        self.replaygain_db = self.replaygain_db.or(other.replaygain_db);
        self.r128_db = self.r128_db.or(other.r128_db);
        self.add_picture(other.picture);
    }

    /// Several names as one line.
    pub(super) fn joined(names: &[String]) -> String {
        one_line(&names.join(", "), MAX_TEXT)
    }
}

fn set(field: &mut String, value: &str) {
    if field.is_empty() {
        *field = one_line(value, MAX_TEXT);
    }
}

fn push(names: &mut Vec<String>, value: &str) {
    let name = one_line(value, MAX_TEXT);
    if !name.is_empty() && names.len() < MAX_ARTISTS && !names.contains(&name) {
        names.push(name);
    }
}

/// The number in front of `3`, `03` or `3/12`; zero means that there is none.
fn number(field: &mut Option<u32>, value: &str) {
    let value = value.trim();
    let digits = value.find(|character: char| !character.is_ascii_digit()).unwrap_or(value.len());
    let parsed = value.get(..digits).and_then(|digits| digits.parse().ok()).filter(|&number| number > 0);
    *field = field.or(parsed);
}

#[cfg(test)]
mod tests {
    use super::Fields;
    use crate::tags::picture::Picture;

    #[test]
    fn numbers_with_totals_and_nonsense() {
        for (text, expected) in [
            ("3/12", Some(3)),
            ("03", Some(3)),
            (" 7 ", Some(7)),
            ("0", None),
            ("A1", None),
            ("99999999999", None),
        ] {
            let mut fields = Fields::default();
            fields.add("TRCK", text);
            assert_eq!(fields.track, expected, "{text}");
        }
    }

    #[test]
    fn artists_join_once_each() {
        let mut fields = Fields::default();
        for artist in ["Ann", "Bob", "Ann", "  "] {
            fields.add("artist", artist);
        }
        assert_eq!(Fields::joined(&fields.artists), "Ann, Bob");
    }

    #[test]
    fn a_front_cover_wins_over_an_earlier_picture() {
        let mut fields = Fields::default();
        fields.add_picture(Picture::new(4, vec![4]));
        fields.add_picture(Picture::new(3, vec![3]));
        fields.add_picture(Picture::new(3, vec![9]));
        assert_eq!(fields.picture, Picture::new(3, vec![3]));
    }
}
