//! Songs for the servers of other protocols: the same lists, with all the index knows of each song.

use library::{
    Anchor, Collection, CollectionError, EntryId, IndexReader, PageKey, PageRequest, PlaylistId, TrackInfo,
    View,
};
use protocol::RowKey;
use protocol::remote::RefusalCode;

use super::answer::CatalogError;
use super::edits::collection_track;
use super::lists::Sources;
use super::media::Present;
use super::remote::refusal;
use super::rows::{self, ListItem, ListRow};
use crate::asking::NoAnswer;
use crate::songs::{
    MAX_SONGS, PlaylistEdit, QueueSong, Song, SongAnswer, SongList, SongPage, SongQuestion, SongRow,
    SongTask, Totals,
};
use crate::state::RowAnchor;

/// Found of each kind, at most.
const FOUND: usize = 100;

/// Answers, and says whether the index is damaged.
pub(super) fn answer(task: SongTask, sources: &Sources<'_>) -> (Result<SongAnswer, NoAnswer>, bool) {
    let result = match task {
        SongTask::Queue(entries) => {
            Ok(SongAnswer::Queue(entries.into_iter().map(|entry| queue_song(entry, sources)).collect()))
        }
        SongTask::Asked(question) => asked(question, sources),
    };
    let is_damaged = matches!(result, Err(CatalogError::Damaged));
    (result.map_err(|error| refusal(&error)), is_damaged)
}

fn asked(question: SongQuestion, sources: &Sources<'_>) -> Result<SongAnswer, CatalogError> {
    match question {
        SongQuestion::Page { list, after, limit, tags } => {
            page(sources, &list, after, limit.clamp(1, MAX_SONGS), tags).map(SongAnswer::Page)
        }
        SongQuestion::Search { text, tags } => {
            let found = sources.search(&text, FOUND)?;
            let rows = found.into_iter().map(|row| song_row(row, sources, tags));
            Ok(SongAnswer::Found(rows.collect()))
        }
        SongQuestion::File { medium, relative } => {
            let key = present(sources, &medium).and_then(|present| present.key);
            let Some((reader, key)) = sources.reader.zip(key) else { return Ok(SongAnswer::File(None)) };
            Ok(SongAnswer::File(reader.info(key, &relative)?.map(Box::new)))
        }
        SongQuestion::Totals => Ok(SongAnswer::Totals(totals(sources))),
        // What the state answers, and edits, never come here.
        SongQuestion::Keys
        | SongQuestion::Queue { .. }
        | SongQuestion::Art { .. }
        | SongQuestion::Edit(_) => Err(CatalogError::Changed),
    }
}

fn present<'a>(sources: &Sources<'a>, medium: &str) -> Option<&'a Present> {
    sources.media.iter().find(|present| *present.id == *medium)
}

fn page(
    sources: &Sources<'_>,
    list: &SongList,
    after: Option<RowKey>,
    limit: usize,
    tags: bool,
) -> Result<SongPage, CatalogError> {
    match list {
        SongList::View(view) => {
            let anchor = after.map_or(RowAnchor::Start, RowAnchor::After);
            let part = sources.page(view, &anchor, limit)?;
            let next = part.rows.last().map(|row| row.key.clone()).filter(|_| !part.at_end);
            let rows = part.rows.into_iter().map(|row| song_row(row, sources, tags)).collect();
            Ok(SongPage { rows, next })
        }
        SongList::Folder { medium, relative } => {
            let reader = sources.reader.ok_or(CatalogError::NoIndex)?;
            let present = present(sources, medium).ok_or(CatalogError::Changed)?;
            let Some(key) = present.key else { return Ok(SongPage::default()) };
            let anchor =
                after.map_or(Anchor::Start, |row| Anchor::After(PageKey::from_bytes(row.as_bytes())));
            let view = View::Folder(key, relative.clone());
            let page = reader.page(&PageRequest { view, media: vec![key], anchor, limit })?;
            let next = page.rows.last().map(|row| RowKey::new(row.key.as_bytes())).filter(|_| !page.at_end);
            let rows = page.rows.into_iter().filter_map(|row| match row.item {
                library::Item::Folder { relative, .. } => {
                    // The name on the medium, not the one that is shown.
                    let name = relative.file_name()?.to_str()?.to_owned();
                    Some(SongRow::Folder { name })
                }
                item => {
                    let row = rows::of_index(RowKey::default(), item, sources.media)?;
                    Some(song_row(row, sources, tags))
                }
            });
            Ok(SongPage { rows: rows.collect(), next })
        }
    }
}

fn song_row(row: ListRow, sources: &Sources<'_>, tags: bool) -> SongRow {
    match row.item {
        ListItem::Track(track) => {
            let song = Song {
                title: track.title,
                artist: track.artist,
                album: track.album,
                duration_ms: track.duration_ms,
                item: track.track,
                info: None,
                entry: track.entry,
            };
            SongRow::Song(if tags { completed(song, sources) } else { song })
        }
        ListItem::Album { key, title, artist, year, .. } => SongRow::Album { key, title, artist, year },
        ListItem::Artist { key, name, .. } => SongRow::Artist { key, name },
        ListItem::Genre { key, name, .. } => SongRow::Genre { key, name },
        ListItem::Composer { key, name, .. } => SongRow::Composer { key, name },
        ListItem::Year { .. } => SongRow::Year,
        ListItem::Playlist { key, name, .. } => SongRow::Playlist { key, name },
    }
}

fn queue_song(mut entry: QueueSong, sources: &Sources<'_>) -> QueueSong {
    // What the state has read is newer than the index.
    if entry.song.info.is_none() {
        entry.song = completed(entry.song, sources);
    }
    entry
}

/// The song with what the index knows of its file.
fn completed(mut song: Song, sources: &Sources<'_>) -> Song {
    let key = present(sources, &song.item.medium).and_then(|present| present.key);
    let info = |reader: &IndexReader, key| reader.info(key, &song.item.relative).ok().flatten();
    let Some(info) = sources.reader.zip(key).and_then(|(reader, key)| info(reader, key)) else {
        return song;
    };
    // A part of a file is called what its sheet calls it.
    let is_named = song.item.slice.is_some() && song.item.label.is_some();
    if !is_named && !info.title.is_empty() {
        song.title.clone_from(&info.title);
    }
    fill(&mut song.artist, &info.artist);
    fill(&mut song.album, &info.album);
    if song.item.slice.is_none() {
        song.duration_ms = duration_ms(&info).or(song.duration_ms);
    }
    song.info = Some(Box::new(info));
    song
}

fn duration_ms(info: &TrackInfo) -> Option<u64> {
    info.duration_s.map(|seconds| (seconds * 1000.0) as u64)
}

fn fill(text: &mut String, from: &str) {
    if text.is_empty() {
        from.clone_into(text);
    }
}

fn totals(sources: &Sources<'_>) -> Totals {
    let records = sources.reader.and_then(|reader| reader.media().ok()).unwrap_or_default();
    let here = |key| sources.media.iter().any(|present| present.key == Some(key));
    records.iter().filter(|record| here(record.key)).fold(Totals::default(), |sum, record| Totals {
        artists: sum.artists + record.artists,
        albums: sum.albums + record.albums,
        tracks: sum.tracks + record.tracks,
        scanned_s: sum.scanned_s.max(record.scanned_s),
    })
}

/// Changes an own playlist; it is on the disk when this returns.
pub(super) fn edit(collection: &mut Collection, edit: PlaylistEdit) -> Result<(), NoAnswer> {
    let tracks = |items: &[crate::state::Item]| items.iter().filter_map(collection_track).collect::<Vec<_>>();
    let result = match edit {
        PlaylistEdit::Create { name, items } => create(collection, &name, &tracks(&items)),
        PlaylistEdit::Add { playlist, items, before } => {
            let tracks = tracks(&items);
            match before {
                Some(before) => {
                    collection.insert(PlaylistId(playlist), Some(EntryId(before)), &tracks).map(drop)
                }
                None => collection.append(PlaylistId(playlist), &tracks).map(drop),
            }
        }
        PlaylistEdit::Remove { playlist, entries } => {
            let entries: Vec<EntryId> = entries.into_iter().map(EntryId).collect();
            collection.remove(PlaylistId(playlist), &entries).map(drop)
        }
        PlaylistEdit::Move { playlist, entry, before } => {
            collection.move_entry(PlaylistId(playlist), EntryId(entry), before.map(EntryId))
        }
        PlaylistEdit::Clear { playlist } => collection.clear_playlist(PlaylistId(playlist)),
        PlaylistEdit::Delete { playlist } => collection.delete_playlist(PlaylistId(playlist)),
        PlaylistEdit::Rename { playlist, name } => collection.rename_playlist(PlaylistId(playlist), &name),
    };
    result.map_err(|error| {
        let code = match error {
            CollectionError::NameTaken => RefusalCode::BadFrame,
            CollectionError::Full => RefusalCode::TooLarge,
            _ => RefusalCode::Changed,
        };
        NoAnswer::new(code, error.to_string())
    })
}

fn create(
    collection: &mut Collection,
    name: &str,
    tracks: &[library::CollectionTrack],
) -> Result<(), CollectionError> {
    let playlist = collection.create_playlist(name)?;
    if let Err(error) = collection.append(playlist, tracks) {
        // A list without what it was made for helps nobody.
        collection.delete_playlist(playlist)?;
        return Err(error);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Item, MediumRef};

    #[test]
    fn a_playlist_is_edited_and_errors_have_their_codes() {
        let mut collection = Collection::in_memory().unwrap();
        let medium: MediumRef = "m".into();
        let items: Vec<Item> =
            ["a.mp3", "b.mp3"].iter().map(|name| Item::new(&medium, std::path::Path::new(name))).collect();
        let make = || PlaylistEdit::Create { name: "Road".into(), items: items.clone() };
        edit(&mut collection, make()).unwrap();
        assert_eq!(edit(&mut collection, make()).unwrap_err().code, RefusalCode::BadFrame);
        let add = PlaylistEdit::Add { playlist: 99, items: items.clone(), before: None };
        assert_eq!(edit(&mut collection, add).unwrap_err().code, RefusalCode::Changed);
        let entries = |collection: &Collection| {
            collection.entries(PlaylistId(1), library::Seek::Start, 9).unwrap().rows
        };
        let first = entries(&collection)[0].id.0;
        let add = PlaylistEdit::Add { playlist: 1, items: vec![items[1].clone()], before: Some(first) };
        edit(&mut collection, add).unwrap();
        let names: Vec<_> = entries(&collection).into_iter().map(|row| row.track.relative).collect();
        assert_eq!(names, ["b.mp3", "a.mp3", "b.mp3"].map(std::path::PathBuf::from));
        edit(&mut collection, PlaylistEdit::Remove { playlist: 1, entries: vec![first] }).unwrap();
        assert_eq!(entries(&collection).len(), 2);
        edit(&mut collection, PlaylistEdit::Clear { playlist: 1 }).unwrap();
        assert!(entries(&collection).is_empty());
    }
}
