//! The fields of interest, collected from one or several tags of a file.
use super::TrackInfo;
use super::gain;
use super::genre;
use super::key::Key;
use super::picture::Picture;
use super::year::year;
use crate::display_name::one_line;

/// Longest text kept of one field, in characters.
const MAX_TEXT: usize = 512;

/// Most artists, genres or composers named.
const MAX_NAMES: usize = 32;

/// What tags say, cleaned for display.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    title: String,
    artists: Vec<String>,
    album: String,
    album_artists: Vec<String>,
    other_album_artists: Vec<String>,
    genres: Vec<String>,
    composers: Vec<String>,
    artist_sort: String,
    album_artist_sort: String,
    album_sort: String,
    title_sort: String,
    track: Option<u32>,
    track_total: Option<u32>,
    disc: Option<u32>,
    disc_total: Option<u32>,
    date: Option<u16>,
    release_date: Option<u16>,
    original_date: Option<u16>,
    compilation: Option<bool>,
    /// ReplayGain, dB.
    track_gain: Option<f32>,
    album_gain: Option<f32>,
    /// R128, converted to ReplayGain's reference level, dB.
    r128_track: Option<f32>,
    r128_album: Option<f32>,
    /// The best picture so far.
    pub(super) picture: Option<Picture>,
}

impl Fields {
    /// Takes one value. Of fields that can hold one value the first one wins.
    pub(super) fn add(&mut self, key: Key, value: &str) {
        match key {
            Key::Title => set(&mut self.title, value),
            Key::Artist => push(&mut self.artists, value),
            Key::Album => set(&mut self.album, value),
            Key::AlbumArtist => push(&mut self.album_artists, value),
            Key::OtherAlbumArtist => push(&mut self.other_album_artists, value),
            Key::Genre => push(&mut self.genres, value),
            Key::Composer => push(&mut self.composers, value),
            Key::ArtistSort => set(&mut self.artist_sort, value),
            Key::AlbumArtistSort => set(&mut self.album_artist_sort, value),
            Key::AlbumSort => set(&mut self.album_sort, value),
            Key::TitleSort => set(&mut self.title_sort, value),
            Key::Track => pair(&mut self.track, &mut self.track_total, value),
            Key::Disc => pair(&mut self.disc, &mut self.disc_total, value),
            Key::TrackTotal => self.track_total = self.track_total.or_else(|| number(value)),
            Key::DiscTotal => self.disc_total = self.disc_total.or_else(|| number(value)),
            Key::Date => self.date = self.date.or_else(|| year(value)),
            Key::ReleaseDate => self.release_date = self.release_date.or_else(|| year(value)),
            Key::OriginalDate => self.original_date = self.original_date.or_else(|| year(value)),
            Key::Compilation => self.compilation = self.compilation.or_else(|| flag(value)),
            Key::TrackGain => self.track_gain = self.track_gain.or_else(|| gain::replaygain_db(value)),
            Key::AlbumGain => self.album_gain = self.album_gain.or_else(|| gain::replaygain_db(value)),
            Key::R128TrackGain => self.r128_track = self.r128_track.or_else(|| gain::r128_db(value)),
            Key::R128AlbumGain => self.r128_album = self.r128_album.or_else(|| gain::r128_db(value)),
        }
    }

    /// Takes a value of an ID3v2 frame, where genres may be numbers.
    pub(super) fn add_id3(&mut self, key: Key, value: &str) {
        if key == Key::Genre {
            genre::in_frame(value).into_iter().for_each(|name| self.add(key, name));
        } else {
            self.add(key, value);
        }
    }

    /// Takes a number and, where it is not zero, how many there are of it.
    pub(super) fn add_pair(&mut self, key: Key, number: u32, total: u32) {
        let (field, of) = match key {
            Key::Disc => (&mut self.disc, &mut self.disc_total),
            _ => (&mut self.track, &mut self.track_total),
        };
        *field = field.or(Some(number).filter(|&number| number > 0));
        *of = of.or(Some(total).filter(|&total| total > 0));
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

    /// Whether a tag of lower rank could add anything that lists and loudness need.
    pub(super) fn is_complete(&self) -> bool {
        self.track_gain.is_some()
            && self.track.is_some()
            && self.date.is_some()
            && [&self.title, &self.album].iter().all(|text| !text.is_empty())
            && [&self.artists, &self.genres].iter().all(|names| !names.is_empty())
    }

    /// Takes from a tag of lower rank what this one leaves open.
    pub(super) fn fill_from(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        fill(&mut self.title, other.title);
        fill(&mut self.album, other.album);
        fill(&mut self.artist_sort, other.artist_sort);
        fill(&mut self.album_artist_sort, other.album_artist_sort);
        fill(&mut self.album_sort, other.album_sort);
        fill(&mut self.title_sort, other.title_sort);
        fill_list(&mut self.artists, other.artists);
        fill_list(&mut self.album_artists, other.album_artists);
        fill_list(&mut self.genres, other.genres);
        fill_list(&mut self.composers, other.composers);
        self.track_total = self.track_total.or(other.track_total);
        self.track = self.track.or(other.track);
        self.disc_total = self.disc_total.or(other.disc_total);
        self.disc = self.disc.or(other.disc);
        self.date = self.date.or(other.date);
        self.release_date = self.release_date.or(other.release_date);
        self.original_date = self.original_date.or(other.original_date);
        self.compilation = self.compilation.or(other.compilation);
        self.track_gain = self.track_gain.or(other.track_gain);
        self.album_gain = self.album_gain.or(other.album_gain);
        self.r128_track = self.r128_track.or(other.r128_track);
        self.r128_album = self.r128_album.or(other.r128_album);
        self.add_picture(other.picture);
    }

    /// Decides between the two names of the album artist within one tag.
    fn settle(&mut self) {
        let other = std::mem::take(&mut self.other_album_artists);
        fill_list(&mut self.album_artists, other);
    }

    /// What the tags say, without what only the stream knows.
    pub(super) fn into_info(mut self) -> TrackInfo {
        self.settle();
        TrackInfo {
            artist: joined(self.artists),
            album_artist: joined(self.album_artists),
            genre: joined(self.genres),
            composer: joined(self.composers),
            title: self.title,
            album: self.album,
            artist_sort: self.artist_sort,
            album_artist_sort: self.album_artist_sort,
            album_sort: self.album_sort,
            title_sort: self.title_sort,
            track: self.track,
            track_total: self.track_total,
            disc: self.disc,
            disc_total: self.disc_total,
            year: self.date.or(self.release_date).or(self.original_date),
            compilation: self.compilation.unwrap_or(false),
            replaygain_db: self.track_gain.or(self.r128_track),
            album_gain_db: self.album_gain.or(self.r128_album),
            ..TrackInfo::default()
        }
    }
}

/// Several names as one line.
fn joined(mut names: Vec<String>) -> String {
    match names.len() {
        0 | 1 => names.pop().unwrap_or_default(),
        _ => one_line(&names.join(", "), MAX_TEXT),
    }
}

fn fill(field: &mut String, other: String) {
    if field.is_empty() {
        *field = other;
    }
}

fn fill_list(field: &mut Vec<String>, other: Vec<String>) {
    if field.is_empty() {
        *field = other;
    }
}

fn set(field: &mut String, value: &str) {
    if field.is_empty() {
        *field = one_line(value, MAX_TEXT);
    }
}

fn push(names: &mut Vec<String>, value: &str) {
    if names.len() < MAX_NAMES {
        let name = one_line(value, MAX_TEXT);
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
}

/// The number in front of `3`, `03` or `3 of 12`; zero means that there is none.
fn number(value: &str) -> Option<u32> {
    let value = value.trim();
    let digits = value.find(|character: char| !character.is_ascii_digit()).unwrap_or(value.len());
    value.get(..digits)?.parse().ok().filter(|&number| number > 0)
}

/// `3` or `3/12`.
fn pair(field: &mut Option<u32>, total: &mut Option<u32>, value: &str) {
    let (first, second) = value.split_once('/').unwrap_or((value, ""));
    *field = field.or_else(|| number(first));
    *total = total.or_else(|| number(second));
}

/// `1`, and what people write by hand.
fn flag(value: &str) -> Option<bool> {
    match value.trim() {
        "" => None,
        "0" => Some(false),
        text if text.eq_ignore_ascii_case("no") || text.eq_ignore_ascii_case("false") => Some(false),
        _ => Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, Key};
    use crate::tags::picture::Picture;

    #[test]
    fn numbers_with_totals_and_nonsense() {
        for (text, track, total) in [
            ("3/12", Some(3), Some(12)),
            ("03", Some(3), None),
            (" 7 / 9 ", Some(7), Some(9)),
            ("0/5", None, Some(5)),
            ("A1", None, None),
            ("99999999999", None, None),
        ] {
            let mut fields = Fields::default();
            fields.add(Key::Track, text);
            assert_eq!((fields.track, fields.track_total), (track, total), "{text}");
        }
        let mut fields = Fields::default();
        fields.add_pair(Key::Disc, 1, 0);
        fields.add(Key::DiscTotal, "2");
        assert_eq!((fields.disc, fields.disc_total), (Some(1), Some(2)));
    }

    #[test]
    fn names_join_once_each() {
        let mut fields = Fields::default();
        for artist in ["Ann", "Bob", "Ann", "  "] {
            fields.add(Key::Artist, artist);
        }
        fields.add(Key::OtherAlbumArtist, "Composer");
        fields.add(Key::AlbumArtist, "Various");
        fields.add_id3(Key::Genre, "(17)(4)Eurodisco");
        let info = fields.into_info();
        assert_eq!(info.album_artist, "Various");
        assert_eq!((info.artist.as_str(), info.genre.as_str()), ("Ann, Bob", "Rock, Disco, Eurodisco"));
    }

    #[test]
    fn flags_and_dates() {
        for (value, expected) in [("1", true), ("0", false), ("true", true), ("False", false), ("", false)] {
            let mut fields = Fields::default();
            fields.add(Key::Compilation, value);
            assert_eq!(fields.into_info().compilation, expected, "{value}");
        }
        let mut fields = Fields::default();
        fields.add(Key::OriginalDate, "1969");
        assert_eq!(fields.clone().into_info().year, Some(1969));
        fields.add(Key::Date, "1994-02");
        assert_eq!(fields.into_info().year, Some(1994));
    }

    #[test]
    fn a_tag_of_lower_rank_fills_gaps_only() {
        let (mut high, mut low) = (Fields::default(), Fields::default());
        high.add(Key::Title, "high");
        for key in [Key::Title, Key::Album, Key::Composer, Key::TitleSort] {
            low.add(key, "low");
        }
        low.add(Key::Track, "2/3");
        low.add(Key::AlbumGain, "-3 dB");
        high.fill_from(low);
        let info = high.into_info();
        assert_eq!((info.title.as_str(), info.album.as_str()), ("high", "low"));
        assert_eq!((info.composer.as_str(), info.title_sort.as_str()), ("low", "low"));
        assert_eq!((info.track, info.track_total, info.album_gain_db), (Some(2), Some(3), Some(-3.0)));
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
