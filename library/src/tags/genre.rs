//! Genres by number: the list of ID3v1 with Winamp's additions, which ID3v2 and MP4 go on using.

/// The name of a genre by its number.
pub(super) fn by_number(number: usize) -> Option<&'static str> {
    NAMES.get(number).copied()
}

/// The genres in one string of an ID3v2 `TCON` frame, in order.
///
/// Up to 2.3 numbers stand in parentheses in front of a text that refines them (`(17)`, `(51)(39)`,
/// `(4)Eurodisco`, and `((Text` for a text that starts with one); from 2.4 on they stand alone, as
/// many programs always wrote them. `RX` and `CR` are Remix and Cover.
pub(super) fn in_frame(text: &str) -> Vec<&str> {
    let mut rest = text.trim();
    let mut names = Vec::new();
    while let Some((code, after)) = rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
        let Some(name) = by_code(code) else { break };
        names.push(name);
        rest = after.trim_start();
    }
    let text = if rest.starts_with("((") { rest.get(1..).unwrap_or(rest) } else { rest };
    let name = by_code(text).unwrap_or(text);
    if !name.is_empty() && !names.contains(&name) {
        names.push(name);
    }
    names
}

fn by_code(code: &str) -> Option<&'static str> {
    match code {
        "RX" => Some("Remix"),
        "CR" => Some("Cover"),
        _ if code.len() <= 3 && code.bytes().all(|byte| byte.is_ascii_digit()) => {
            by_number(code.parse().ok()?)
        }
        _ => None,
    }
}

#[rustfmt::skip]
const NAMES: [&str; 192] = [
    "Blues", "Classic Rock", "Country", "Dance", "Disco", "Funk", "Grunge", "Hip-Hop", "Jazz", "Metal",
    "New Age", "Oldies", "Other", "Pop", "R&B", "Rap", "Reggae", "Rock", "Techno", "Industrial",
    "Alternative", "Ska", "Death Metal", "Pranks", "Soundtrack", "Euro-Techno", "Ambient", "Trip-Hop",
    "Vocal", "Jazz+Funk", "Fusion", "Trance", "Classical", "Instrumental", "Acid", "House", "Game",
    "Sound Clip", "Gospel", "Noise", "Alt. Rock", "Bass", "Soul", "Punk", "Space", "Meditative",
    "Instrumental Pop", "Instrumental Rock", "Ethnic", "Gothic", "Darkwave", "Techno-Industrial",
    "Electronic", "Pop-Folk", "Eurodance", "Dream", "Southern Rock", "Comedy", "Cult", "Gangsta Rap",
    "Top 40", "Christian Rap", "Pop/Funk", "Jungle", "Native American", "Cabaret", "New Wave",
    "Psychedelic", "Rave", "Showtunes", "Trailer", "Lo-Fi", "Tribal", "Acid Punk", "Acid Jazz", "Polka",
    "Retro", "Musical", "Rock & Roll", "Hard Rock", "Folk", "Folk-Rock", "National Folk", "Swing",
    "Fast-Fusion", "Bebop", "Latin", "Revival", "Celtic", "Bluegrass", "Avantgarde", "Gothic Rock",
    "Progressive Rock", "Psychedelic Rock", "Symphonic Rock", "Slow Rock", "Big Band", "Chorus",
    "Easy Listening", "Acoustic", "Humour", "Speech", "Chanson", "Opera", "Chamber Music", "Sonata",
    "Symphony", "Booty Bass", "Primus", "Porn Groove", "Satire", "Slow Jam", "Club", "Tango", "Samba",
    "Folklore", "Ballad", "Power Ballad", "Rhythmic Soul", "Freestyle", "Duet", "Punk Rock", "Drum Solo",
    "A Cappella", "Euro-House", "Dance Hall", "Goa", "Drum & Bass", "Club-House", "Hardcore", "Terror",
    "Indie", "BritPop", "Afro-Punk", "Polsk Punk", "Beat", "Christian Gangsta Rap", "Heavy Metal",
    "Black Metal", "Crossover", "Contemporary Christian", "Christian Rock", "Merengue", "Salsa",
    "Thrash Metal", "Anime", "JPop", "Synthpop", "Abstract", "Art Rock", "Baroque", "Bhangra", "Big Beat",
    "Breakbeat", "Chillout", "Downtempo", "Dub", "EBM", "Eclectic", "Electro", "Electroclash", "Emo",
    "Experimental", "Garage", "Global", "IDM", "Illbient", "Industro-Goth", "Jam Band", "Krautrock",
    "Leftfield", "Lounge", "Math Rock", "New Romantic", "Nu-Breakz", "Post-Punk", "Post-Rock", "Psytrance",
    "Shoegaze", "Space Rock", "Trop Rock", "World Music", "Neoclassical", "Audiobook", "Audio Theatre",
    "Neue Deutsche Welle", "Podcast", "Indie Rock", "G-Funk", "Dubstep", "Garage Rock", "Psybient",];

#[cfg(test)]
mod tests {
    use super::{by_number, in_frame};

    #[test]
    fn numbers_of_the_standard_and_of_winamp() {
        assert_eq!(by_number(0), Some("Blues"));
        assert_eq!(by_number(79), Some("Hard Rock"));
        assert_eq!(by_number(80), Some("Folk"));
        assert_eq!(by_number(191), Some("Psybient"));
        assert_eq!(by_number(255), None);
    }

    #[test]
    fn the_spellings_of_a_frame() {
        for (text, names) in [
            ("(17)", &["Rock"][..]),
            ("17", &["Rock"]),
            ("(51)(39)", &["Techno-Industrial", "Noise"]),
            ("(4)Eurodisco", &["Disco", "Eurodisco"]),
            ("(17)Rock", &["Rock"]),
            ("(RX)", &["Remix"]),
            ("CR", &["Cover"]),
            ("((Foo) bar", &["(Foo) bar"]),
            ("(Foo)", &["(Foo)"]),
            ("(255)", &["(255)"]),
            ("1999", &["1999"]),
            ("Synthwave", &["Synthwave"]),
            ("", &[]),
        ] {
            assert_eq!(in_frame(text), names, "{text}");
        }
    }
}
