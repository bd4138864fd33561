//! PLS: `FileN`, `TitleN` and `LengthN` in any order, with gaps, whatever `NumberOfEntries` says.
use std::collections::BTreeMap;

use super::builder::{Builder, shown};
use super::location::local;
use super::m3u::seconds;
use super::model::{MAX_ENTRIES, PlaylistEntry, PlaylistError, PlaylistFile};
use super::text::{after, decode, lines};

/// What the keys of one number said.
#[derive(Default)]
struct Numbered {
    file: Option<String>,
    title: Option<String>,
    duration_ms: Option<u64>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<PlaylistFile, PlaylistError> {
    let mut builder = Builder::default();
    let mut numbered: BTreeMap<u32, Numbered> = BTreeMap::new();
    let mut known = false;
    for line in lines(bytes) {
        let line = decode(line, None);
        let Some((key, value)) = line.split_once('=') else {
            known |= line.eq_ignore_ascii_case("[playlist]");
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        if key.eq_ignore_ascii_case("X-GNOME-Title") {
            builder.head().title = shown(value);
            continue;
        }
        let Some((field, number)) = field(key) else { continue };
        known = true;
        if numbered.len() >= MAX_ENTRIES && !numbered.contains_key(&number) {
            builder.head().truncated = true;
            continue;
        }
        let entry = numbered.entry(number).or_default();
        match field {
            Field::File => entry.file = Some(value.to_owned()),
            Field::Title => entry.title = shown(value),
            Field::Length => entry.duration_ms = seconds(value),
        }
    }
    if !known {
        return Err(PlaylistError::NotAPlaylist);
    }
    for entry in numbered.into_values() {
        push(&mut builder, entry);
    }
    Ok(builder.finish())
}

fn push(builder: &mut Builder, entry: Numbered) {
    // A title without a file names nothing.
    let Some(file) = entry.file else { return };
    let Some(location) = local(&file) else {
        builder.skip();
        return;
    };
    builder.push(PlaylistEntry {
        location,
        title: entry.title,
        duration_ms: entry.duration_ms,
        ..PlaylistEntry::default()
    });
}

enum Field {
    File,
    Title,
    Length,
}

/// `File12` is the field and the number; `NumberOfEntries` and `Version` are neither.
fn field(key: &str) -> Option<(Field, u32)> {
    let (field, number) = if let Some(number) = after(key, "File") {
        (Field::File, number)
    } else if let Some(number) = after(key, "Title") {
        (Field::Title, number)
    } else {
        (Field::Length, after(key, "Length")?)
    };
    Some((field, number.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::playlist::model::{MAX_ENTRIES, PlaylistError};

    #[test]
    fn numbers_order_the_entries_and_gaps_do_not_matter() {
        let file = parse(
            b"[Playlist]\nNumberOfEntries=99\nTitle7=Seven, too\nFile7=C:\\b.mp3\nfile2 = a.mp3\nLength2=61\n\
              File3=http://radio/\nTitle9=no file\nVersion=2\nX-GNOME-Title=Mix\n",
        )
        .unwrap();
        let found: Vec<(&str, Option<&str>, Option<u64>)> =
            file.entries.iter().map(|e| (e.location.as_str(), e.title.as_deref(), e.duration_ms)).collect();
        assert_eq!(found, [("a.mp3", None, Some(61_000)), ("C:\\b.mp3", Some("Seven, too"), None)]);
        assert_eq!((file.skipped, file.title.as_deref()), (1, Some("Mix")));
    }

    #[test]
    fn the_header_may_be_missing_but_not_everything() {
        assert_eq!(parse(b"File1=a.mp3").unwrap().entries.len(), 1);
        assert_eq!(parse(b"[playlist]").unwrap().entries.len(), 0);
        assert_eq!(parse(b"a.mp3\nx=y"), Err(PlaylistError::NotAPlaylist));
    }

    #[test]
    fn keys_beyond_the_bound_are_left_out_and_said() {
        let text: String = (0..=MAX_ENTRIES).map(|n| format!("File{n}=a.mp3\n")).collect();
        let file = parse(text.as_bytes()).unwrap();
        assert_eq!((file.entries.len(), file.truncated), (MAX_ENTRIES, true));
    }
}
