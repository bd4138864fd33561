//! Cue sheets (CDRWIN's format, as EAC, XLD and foobar2000 write it).
use super::builder::shown;
use super::cue_tracks::{Sheet, Track};
use super::model::{PlaylistError, PlaylistFile};
use super::slice::CueFrames;
use super::text::{after, decode, lines, unquoted};

/// File types of the format; the last word of an unquoted `FILE` line.
const TYPES: [&str; 8] = ["WAVE", "MP3", "AIFF", "BINARY", "MOTOROLA", "FLAC", "OGG", "APE"];

/// Gains outside this are no gains, in dB.
const MAX_GAIN_DB: f32 = 60.0;

pub(super) fn parse(bytes: &[u8]) -> Result<PlaylistFile, PlaylistError> {
    let mut sheet = Sheet::default();
    for line in lines(bytes) {
        read(&mut sheet, &decode(line, None));
        if sheet.is_full() {
            break;
        }
    }
    sheet.finish().ok_or(PlaylistError::NotAPlaylist)
}

fn read(sheet: &mut Sheet, line: &str) {
    let (command, rest) = word(line);
    match command.to_ascii_uppercase().as_str() {
        "FILE" => sheet.file(file_name(rest)),
        "TRACK" => {
            let (number, kind) = word(rest);
            sheet.track(number.parse().ok(), kind.trim().is_empty() || after(kind.trim(), "AUDIO").is_some());
        }
        "INDEX" => {
            let (number, at) = word(rest);
            if let (Ok(number), Some(at)) = (number.parse(), CueFrames::parse(at)) {
                sheet.index(number, at);
            }
        }
        "TITLE" => text(sheet, rest, |head, text| head.title = text, |track, text| track.title = text),
        "PERFORMER" => text(sheet, rest, |head, text| head.artist = text, |track, text| track.artist = text),
        "SONGWRITER" => {
            let text = shown(unquoted(rest));
            match sheet.open_track() {
                Some(track) => track.composer = text,
                None => sheet.composer = text,
            }
        }
        "REM" => remark(sheet, rest),
        // PREGAP and POSTGAP are silence that is in no file; the rest is for burning.
        _ => {}
    }
}

/// Sets a text of the open track, or of the album before the first one.
fn text(
    sheet: &mut Sheet,
    rest: &str,
    of_album: impl FnOnce(&mut PlaylistFile, Option<String>),
    of_track: impl FnOnce(&mut Track, Option<String>),
) {
    let text = shown(unquoted(rest));
    match sheet.open_track() {
        Some(track) => of_track(track, text),
        None => of_album(sheet.head(), text),
    }
}

fn remark(sheet: &mut Sheet, rest: &str) {
    let (key, value) = word(rest);
    let value = unquoted(value);
    match key.to_ascii_uppercase().as_str() {
        "GENRE" => sheet.head().genre = shown(value),
        "DATE" => sheet.head().year = year(value),
        "DISCNUMBER" => sheet.head().disc = value.parse().ok(),
        "REPLAYGAIN_ALBUM_GAIN" => sheet.head().album_gain_db = gain(value),
        "REPLAYGAIN_TRACK_GAIN" => {
            if let Some(track) = sheet.open_track() {
                track.gain_db = gain(value);
            }
        }
        _ => {}
    }
}

/// The first word and what follows it.
fn word(line: &str) -> (&str, &str) {
    line.trim().split_once([' ', '\t']).map_or((line.trim(), ""), |(word, rest)| (word, rest.trim()))
}

/// The name in `"a b.wav" WAVE`, `a.wav WAVE` or `a b.wav`.
fn file_name(rest: &str) -> &str {
    if let Some(inner) = rest.strip_prefix('"') {
        return inner.rfind('"').map_or(inner, |end| &inner[..end]);
    }
    match rest.rsplit_once([' ', '\t']) {
        Some((name, kind)) if TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind)) => name.trim(),
        _ => rest,
    }
}

/// The first four digits that stand alone: `1999`, `1999-05-01`, `01.05.1999`.
fn year(text: &str) -> Option<u16> {
    let mut numbers = text.split(|character: char| !character.is_ascii_digit());
    numbers.find(|digits| digits.len() == 4).and_then(|digits| digits.parse().ok()).filter(|&year| year > 0)
}

/// `-7.25 dB`.
fn gain(text: &str) -> Option<f32> {
    let gain: f32 = text.split_whitespace().next()?.trim_end_matches(['d', 'D', 'b', 'B']).parse().ok()?;
    (gain.abs() <= MAX_GAIN_DB).then_some(gain)
}

#[cfg(test)]
mod tests {
    use super::{file_name, gain, parse, year};
    use crate::playlist::model::MAX_ENTRIES;

    #[test]
    fn what_follows_a_bound_changes_nothing_before_it() {
        let tracks = "TRACK 1 AUDIO\nTITLE kept\nINDEX 01 0:0:0\n";
        let files = format!("FILE a WAVE\n{tracks}").repeat(MAX_ENTRIES);
        let more_tracks = "TRACK 2 AUDIO\nTITLE other\nFILE b WAVE\nTITLE other\nINDEX 01 0:0:0\n";
        let more_files = "FILE b WAVE\nTITLE other\nTRACK 2 AUDIO\n";
        assert!(!parse(files.as_bytes()).unwrap().truncated);
        for more in [more_tracks, more_files] {
            let file = parse(format!("{files}{more}").as_bytes()).unwrap();
            assert_eq!((file.entries.len(), file.truncated), (MAX_ENTRIES, true));
            let last = file.entries.last().unwrap();
            assert_eq!((last.location.as_str(), last.title.as_deref()), ("a", Some("kept")));
            assert_eq!(file.title, None);
        }
    }

    #[test]
    fn file_names_with_and_without_quotes() {
        assert_eq!(file_name("\"a \"b\".wav\" WAVE"), "a \"b\".wav");
        assert_eq!(file_name("\"open.wav"), "open.wav");
        assert_eq!(file_name("a b.wav wave"), "a b.wav");
        assert_eq!(file_name("a b.wav"), "a b.wav");
        assert_eq!(file_name(""), "");
    }

    #[test]
    fn years_and_gains() {
        assert_eq!(year("01.05.1999"), Some(1999));
        assert_eq!(year("19991"), None);
        assert_eq!(year("0000"), None);
        assert_eq!(gain("-7.25 dB"), Some(-7.25));
        assert_eq!(gain("3dB"), Some(3.0));
        for bad in ["", "loud", "nan", "inf", "61 dB"] {
            assert_eq!(gain(bad), None, "{bad}");
        }
    }
}
