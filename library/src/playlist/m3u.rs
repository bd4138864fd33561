//! M3U and M3U8: one location a line, with `#` directives before it.
use encoding_rs::Encoding;

use super::builder::{Builder, shown};
use super::location::local;
use super::model::{PlaylistEntry, PlaylistFile};
use super::slice::{CueFrames, Slice};
use super::text::{after, decode, lines};

/// Longest duration believed, in seconds: 1000 hours.
const MAX_SECONDS: f64 = 3_600_000.0;

/// What the directives said about the next location.
#[derive(Default)]
struct Pending {
    title: Option<String>,
    artist: Option<String>,
    duration_ms: Option<u64>,
    /// Part of the file, as VLC writes it and our own export does.
    start: Option<CueFrames>,
    end: Option<CueFrames>,
}

pub(super) fn parse(bytes: &[u8]) -> PlaylistFile {
    let mut builder = Builder::default();
    let mut pending = Pending::default();
    let mut declared = None;
    for line in lines(bytes) {
        let line = decode(line, declared);
        let Some(directive) = line.strip_prefix('#') else {
            let about = std::mem::take(&mut pending);
            push(&mut builder, &line, about);
            if builder.head().truncated {
                break;
            }
            continue;
        };
        if let Some(info) = after(directive, "EXTINF:") {
            (pending.duration_ms, pending.title) = extinf(info);
        } else if let Some(artist) = after(directive, "EXTART:") {
            pending.artist = shown(artist);
        } else if let Some(start) = after(directive, "EXTVLCOPT:start-time=") {
            pending.start = position(start);
        } else if let Some(end) = after(directive, "EXTVLCOPT:stop-time=") {
            pending.end = position(end);
        } else if let Some(title) = after(directive, "PLAYLIST:") {
            builder.head().title = shown(title);
        } else if let Some(label) = after(directive, "EXTENC:") {
            declared = Encoding::for_label(label.trim().as_bytes());
        }
    }
    builder.finish()
}

fn push(builder: &mut Builder, line: &str, about: Pending) {
    let Some(location) = local(line) else {
        builder.skip();
        return;
    };
    let slice = about.slice();
    builder.push(PlaylistEntry {
        location,
        slice,
        title: about.title,
        artist: about.artist,
        duration_ms: about.duration_ms,
        ..PlaylistEntry::default()
    });
}

impl Pending {
    /// `None`: the whole file, also where the end is not after the start.
    fn slice(&self) -> Option<Slice> {
        let start = self.start.unwrap_or_default();
        let end = self.end.filter(|&end| end > start);
        (start.0 > 0 || end.is_some()).then_some(Slice { start, end })
    }
}

/// Seconds as the nearest sector.
fn position(text: &str) -> Option<CueFrames> {
    let seconds: f64 = text.trim().parse().ok()?;
    let believable = (0.0..=MAX_SECONDS).contains(&seconds);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    believable.then(|| CueFrames((seconds * f64::from(CueFrames::PER_SECOND)).round() as u32))
}

/// `SECONDS[ ATTRIBUTES],TITLE`: the first comma outside quotes ends the attributes; titles have commas too.
fn extinf(info: &str) -> (Option<u64>, Option<String>) {
    let mut quoted = false;
    let outside = info.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b',' && !quoted
    });
    // Quotes that never close are no quotes.
    let comma = outside.or_else(|| info.find(','));
    let (head, title) = comma.map_or((info, ""), |at| (&info[..at], &info[at + 1..]));
    let seconds = head.trim().split([' ', '\t']).next().and_then(seconds);
    (seconds, shown(title))
}

/// Positive seconds, with or without a fraction, as milliseconds; -1 and 0 mean "unknown".
pub(super) fn seconds(text: &str) -> Option<u64> {
    let seconds: f64 = text.trim().parse().ok()?;
    let believable = seconds > 0.0 && seconds <= MAX_SECONDS;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    believable.then(|| (seconds * 1000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::{extinf, parse, seconds};

    #[test]
    fn titles_keep_their_commas_and_attributes_their_quotes() {
        assert_eq!(extinf("123,A, B - C, D"), (Some(123_000), Some("A, B - C, D".to_owned())));
        assert_eq!(extinf("-1 tvg-id=\"a,b\" x=\"y\",Title"), (None, Some("Title".to_owned())));
        assert_eq!(extinf("7.25 ,\"Heroes\""), (Some(7250), Some("\"Heroes\"".to_owned())));
        assert_eq!(extinf("12\" mix,T"), (None, Some("T".to_owned())));
        assert_eq!(extinf("5"), (Some(5000), None));
        assert_eq!(extinf(""), (None, None));
    }

    #[test]
    fn only_believable_durations_count() {
        for text in ["-1", "0", "nan", "inf", "1e300", "", "x"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds("3600000"), Some(3_600_000_000));
    }

    #[test]
    fn directives_belong_to_the_next_location_only() {
        let file = parse(
            b"#EXTM3U\n#PLAYLIST: Drive \n#EXTINF:1,One\n#EXTART:A\n# remark\none.mp3\ntwo.mp3\nhttp://x/y\n",
        );
        assert_eq!(file.title.as_deref(), Some("Drive"));
        assert_eq!(file.skipped, 1);
        let [one, two] = &file.entries[..] else { panic!("{file:?}") };
        assert_eq!(
            (one.location.as_str(), one.title.as_deref(), one.artist.as_deref()),
            ("one.mp3", Some("One"), Some("A"))
        );
        assert_eq!((two.title.as_deref(), two.duration_ms), (None, None));
    }

    #[test]
    fn parts_of_files_are_slices() {
        let file = parse(b"#EXTVLCOPT:start-time=1.0133\n#EXTVLCOPT:stop-time=2\na.mp3\n#EXTVLCOPT:stop-time=2\na.mp3\n\
            #EXTVLCOPT:start-time=0\na.mp3\n#EXTVLCOPT:start-time=9\n#EXTVLCOPT:stop-time=8\na.mp3\n#EXTVLCOPT:start-time=nan\nb.mp3");
        let found: Vec<_> =
            file.entries.iter().map(|e| e.slice.map(|s| (s.start.0, s.end.map(|end| end.0)))).collect();
        assert_eq!(found, [Some((76, Some(150))), Some((0, Some(150))), None, Some((675, None)), None]);
    }

    #[test]
    fn a_declared_encoding_holds_from_there_on() {
        let file = parse(b"#EXTENC: windows-1251\n\xCF\xEE.mp3\n");
        assert_eq!(file.entries[0].location, "По.mp3");
    }
}
