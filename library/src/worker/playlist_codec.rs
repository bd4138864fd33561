//! [`PlaylistFile`] as bytes. A new field is a new line in each of two functions.
use super::codec::{Reader, Writer};
use crate::playlist::{CueFrames, MAX_PLAYLIST_ENTRIES, PlaylistEntry, PlaylistFile, Slice};

/// Most characters of one text.
const MAX_TEXT: usize = 255;

/// Longest location in bytes.
const MAX_LOCATION: usize = 4096;

pub(super) fn write(to: &mut Writer, playlist: &PlaylistFile) {
    // Taken apart by name, so that a forgotten field does not compile.
    let PlaylistFile { title, artist, genre, year, disc, album_gain_db, entries, skipped, truncated } =
        playlist;
    for text in [title, artist, genre] {
        optional(to, text.as_deref());
    }
    to.number(year.map(u32::from));
    to.number(*disc);
    to.number(album_gain_db.map(f32::to_bits));
    to.u32(*skipped);
    to.byte(u8::from(*truncated));
    to.u32(u32::try_from(entries.len()).unwrap_or(u32::MAX));
    for entry in entries {
        write_entry(to, entry);
    }
}

fn write_entry(to: &mut Writer, entry: &PlaylistEntry) {
    let PlaylistEntry { location, title, artist, composer, number, duration_ms, slice, gain_db } = entry;
    to.text(location);
    for text in [title, artist, composer] {
        optional(to, text.as_deref());
    }
    to.number(*number);
    to.byte(u8::from(duration_ms.is_some()));
    to.bytes(&duration_ms.unwrap_or_default().to_le_bytes());
    to.number(slice.map(|slice| slice.start.0));
    to.number(slice.and_then(|slice| slice.end).map(|end| end.0));
    to.number(gain_db.map(f32::to_bits));
}

fn optional(to: &mut Writer, text: Option<&str>) {
    to.byte(u8::from(text.is_some()));
    if let Some(text) = text {
        to.text(text);
    }
}

/// `None` when it is not what [`write`] writes, or nothing a playlist can say.
pub(super) fn read(from: &mut Reader<'_>) -> Option<PlaylistFile> {
    let mut playlist = PlaylistFile {
        title: read_optional(from)?,
        artist: read_optional(from)?,
        genre: read_optional(from)?,
        year: from.number()?.and_then(|year| u16::try_from(year).ok()),
        disc: from.number()?,
        album_gain_db: from.gain()?,
        skipped: from.u32()?,
        truncated: from.flag()?,
        entries: Vec::new(),
    };
    let count = from.u32()? as usize;
    if count > MAX_PLAYLIST_ENTRIES {
        return None;
    }
    for _ in 0..count {
        playlist.entries.push(read_entry(from)?);
    }
    Some(playlist)
}

fn read_entry(from: &mut Reader<'_>) -> Option<PlaylistEntry> {
    Some(PlaylistEntry {
        location: from
            .text(MAX_LOCATION)
            .filter(|location| !location.is_empty() && !location.contains('\0'))?
            .to_owned(),
        title: read_optional(from)?,
        artist: read_optional(from)?,
        composer: read_optional(from)?,
        number: from.number()?,
        duration_ms: {
            let known = from.flag()?;
            let milliseconds = from.u64()?;
            known.then_some(milliseconds)
        },
        slice: {
            let (start, end) = (from.number()?, from.number()?);
            start.map(|start| Slice { start: CueFrames(start), end: end.map(CueFrames) })
        },
        gain_db: from.gain()?,
    })
}

/// The outer `Option` is the message's fault, the inner one is the value.
#[allow(clippy::option_option)]
fn read_optional(from: &mut Reader<'_>) -> Option<Option<String>> {
    if from.flag()? { from.line(MAX_TEXT).map(Some) } else { Some(None) }
}

#[cfg(test)]
mod tests {
    use super::{CueFrames, PlaylistEntry, PlaylistFile, Reader, Slice, Writer, read, write};

    fn sample() -> PlaylistFile {
        let slice = Slice { start: CueFrames(75), end: Some(CueFrames(150)) };
        PlaylistFile {
            title: Some("Straße".into()),
            artist: Some("A".into()),
            genre: Some(String::new()),
            year: Some(1984),
            disc: Some(2),
            album_gain_db: Some(-3.5),
            entries: vec![
                PlaylistEntry {
                    location: "a\n/b\\c.flac".into(),
                    title: Some("T".into()),
                    artist: Some("P".into()),
                    composer: Some("S".into()),
                    number: Some(4),
                    duration_ms: Some(u64::MAX),
                    slice: Some(slice),
                    gain_db: Some(1.0),
                },
                PlaylistEntry { location: "x".into(), ..PlaylistEntry::default() },
                PlaylistEntry {
                    location: "y".into(),
                    slice: Some(Slice { end: None, ..slice }),
                    ..PlaylistEntry::default()
                },
            ],
            skipped: 3,
            truncated: true,
        }
    }

    fn bytes(playlist: &PlaylistFile) -> Vec<u8> {
        let mut writer = Writer::default();
        write(&mut writer, playlist);
        writer.0
    }

    fn parsed(message: &[u8]) -> Option<PlaylistFile> {
        let mut reader = Reader::new(message);
        let playlist = read(&mut reader)?;
        reader.end(playlist)
    }

    #[test]
    fn every_field_survives_and_every_cut_is_refused() {
        for playlist in [PlaylistFile::default(), sample()] {
            let message = bytes(&playlist);
            assert_eq!(parsed(&message).as_ref(), Some(&playlist));
            for end in 0..message.len() {
                assert_eq!(parsed(&message[..end]), None, "{end}");
            }
        }
    }

    #[test]
    fn what_no_playlist_says_is_refused() {
        let with = |location: String| {
            let entry = PlaylistEntry { location, ..PlaylistEntry::default() };
            parsed(&bytes(&PlaylistFile { entries: vec![entry], ..PlaylistFile::default() }))
        };
        assert!(with("a".repeat(4096)).is_some());
        for location in [String::new(), "a\0b".into(), "a".repeat(4097)] {
            assert_eq!(with(location), None);
        }
        let entry = PlaylistEntry { location: "a".into(), ..PlaylistEntry::default() };
        let many = |count| parsed(&bytes(&PlaylistFile { entries: vec![entry.clone(); count], ..sample() }));
        assert!(many(10_000).is_some());
        assert_eq!(many(10_001), None);
        let title = |title: &str| parsed(&bytes(&PlaylistFile { title: Some(title.into()), ..sample() }));
        assert_eq!(title(&"a".repeat(256)), None);
        assert_eq!(title("two\nlines"), None);
    }
}
