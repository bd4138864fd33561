//! Questions of remotes about lists: the same lists as the pages', in the words of the protocol.

use std::path::Path;

use library::{IndexReader, TrackInfo};
use protocol::remote::{Anchor, Answer, QueuePart, RefusalCode, Row, RowKind, RowsPart};
use protocol::{RowKey, ViewRef};

use super::answer::CatalogError;
use super::lists::Sources;
use super::media::Present;
use super::rows::{ListItem, ListRow};
use crate::asking::NoAnswer;
use crate::state::{Item, Medium, RowAnchor};

/// What the catalog is asked.
#[derive(Clone, Debug)]
pub(crate) enum RemoteQuestion {
    Rows { view: ViewRef, anchor: Anchor, limit: usize },
    Count { view: ViewRef },
    Search { text: String, limit: usize },
    Queue(QueueQuestion),
}

/// Part of the queue as the state knows it; what it has not read, the index may know.
#[derive(Clone, Debug)]
pub(crate) struct QueueQuestion {
    pub from: usize,
    pub len: usize,
    pub index: usize,
    pub revision: u64,
    pub entries: Vec<QueueEntry>,
}

#[derive(Clone, Debug)]
pub(crate) struct QueueEntry {
    pub item: Item,
    pub row: Row,
    /// The state knows its tags.
    pub is_read: bool,
}

/// Answers; `plugged` says where media are mounted.
pub(super) fn answer(
    question: RemoteQuestion,
    sources: &Sources<'_>,
    plugged: &[Medium],
) -> (Result<Answer, NoAnswer>, bool) {
    let result = match question {
        RemoteQuestion::Rows { view, anchor, limit } => {
            sources.page(&view, &anchor_of(anchor), limit).map(|part| {
                Answer::Rows(RowsPart {
                    rows: part.rows.into_iter().map(|row| row_of(row, plugged)).collect(),
                    first: part.first.and_then(|first| u64::try_from(first).ok()),
                    at_start: part.at_start,
                    at_end: part.at_end,
                })
            })
        }
        RemoteQuestion::Count { view } => sources.count(&view).map(Answer::Count),
        RemoteQuestion::Search { text, limit } => sources
            .search(&text, limit)
            .map(|rows| Answer::Found(rows.into_iter().map(|row| row_of(row, plugged)).collect())),
        RemoteQuestion::Queue(queue) => Ok(queue_part(queue, sources.reader, sources.media)),
    };
    let is_damaged = matches!(result, Err(CatalogError::Damaged));
    (result.map_err(|error| refusal(&error)), is_damaged)
}

pub(super) fn refusal(error: &CatalogError) -> NoAnswer {
    let code = match error {
        CatalogError::NoIndex | CatalogError::Damaged => RefusalCode::NotReady,
        _ => RefusalCode::Changed,
    };
    NoAnswer::new(code, error.to_string())
}

fn anchor_of(anchor: Anchor) -> RowAnchor {
    match anchor {
        Anchor::Start => RowAnchor::Start,
        Anchor::After { row } => RowAnchor::After(row),
        Anchor::Before { row } => RowAnchor::Before(row),
        Anchor::Letter { letter } => RowAnchor::Letter(letter),
    }
}

fn row_of(row: ListRow, plugged: &[Medium]) -> Row {
    let key = Some(row.key).filter(|key| *key != RowKey::default());
    let counted = |kind, id, name, albums, tracks| Row {
        kind,
        name,
        id: Some(id),
        albums: Some(albums),
        tracks: Some(tracks),
        ..Row::default()
    };
    let shape = match row.item {
        ListItem::Artist { key, name, albums, tracks } => counted(RowKind::Artist, key, name, albums, tracks),
        ListItem::Genre { key, name, albums, tracks } => counted(RowKind::Genre, key, name, albums, tracks),
        ListItem::Composer { key, name, albums, tracks } => {
            counted(RowKind::Composer, key, name, albums, tracks)
        }
        ListItem::Year { year, albums, tracks } => {
            counted(RowKind::Year, year.into(), year.to_string(), albums, tracks)
        }
        ListItem::Album { key, title, artist, year, tracks } => Row {
            kind: RowKind::Album,
            name: title,
            id: Some(key),
            artist,
            year,
            tracks: Some(tracks),
            ..Row::default()
        },
        ListItem::Playlist { key, name, tracks } => {
            Row { kind: RowKind::Playlist, name, id: Some(key), tracks: Some(tracks), ..Row::default() }
        }
        ListItem::Track(track) => Row {
            kind: RowKind::Track,
            path: path_of(&track.track, plugged),
            name: track.title,
            artist: track.artist,
            album: track.album,
            duration_ms: track.duration_ms,
            entry: track.entry,
            ..Row::default()
        },
    };
    Row { row: key, ..shape }
}

/// As commands name a file. A part of one has no path of its own.
fn path_of(item: &Item, plugged: &[Medium]) -> Option<String> {
    let medium = plugged.iter().find(|medium| medium.id == item.medium)?;
    let path = medium.path.join(Path::new(&*item.relative));
    path.to_str().filter(|_| item.slice.is_none()).map(str::to_owned)
}

fn queue_part(queue: QueueQuestion, reader: Option<&IndexReader>, media: &[Present]) -> Answer {
    let rows = queue.entries.into_iter().map(|entry| match entry.is_read {
        true => entry.row,
        false => completed(entry, reader, media),
    });
    Answer::Queue(QueuePart {
        rows: rows.collect(),
        from: queue.from,
        len: queue.len,
        index: queue.index,
        revision: queue.revision,
    })
}

/// The row with what the index knows of its track.
fn completed(entry: QueueEntry, reader: Option<&IndexReader>, media: &[Present]) -> Row {
    let QueueEntry { item, mut row, .. } = entry;
    let key = media.iter().find(|medium| medium.id == item.medium).and_then(|medium| medium.key);
    let info = key.zip(reader).and_then(|(key, reader)| reader.info(key, &item.relative).ok().flatten());
    if let Some(TrackInfo { title, artist, album, duration_s, .. }) = info {
        let put = |text: String, to: &mut String| {
            if !text.is_empty() {
                *to = text;
            }
        };
        put(title, &mut row.name);
        put(artist, &mut row.artist);
        put(album, &mut row.album);
        row.duration_ms = duration_s.map(|seconds| (seconds * 1000.0) as u64);
    }
    row
}
