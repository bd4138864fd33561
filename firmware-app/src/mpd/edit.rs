//! Changes of the queue.

use std::path::Path;

use protocol::Command;

use super::ack::{Ack, Code, Failure};
use super::args::{self, Position};
use super::browse::no_directory;
use super::commands::{Cx, misplaced};
use super::queue::place_of;
use super::source::{Found, Source};
use super::unit::{Now, Unit};
use super::uri::Place;
use crate::state::{Item, QUEUE_LIMIT, QueueEdit};

pub(super) async fn run(cx: &mut Cx<'_>, name: &str, args: &[String]) -> Result<(), Failure> {
    let unit = cx.unit;
    let (first, second) = (args.first().map(String::as_str), args.get(1).map(String::as_str));
    match (name, first, second) {
        ("add", Some(uri), position) => add(unit, uri, position).await?,
        ("addid", Some(uri), position) => {
            let item = one_item(unit, uri).await?;
            let keys = insert(unit, vec![item], position.map(args::position).transpose()?).await?;
            for key in keys {
                cx.out.pair("Id", key);
            }
        }
        ("clear", ..) => unit.request(Command::ClearQueue).await?,
        ("delete", Some(range), _) => {
            let now = unit.now().await?;
            let keys = keys_in(&now, range)?;
            unit.edit(QueueEdit::Remove(keys)).await?;
        }
        ("deleteid", Some(id), _) => {
            let key = args::id(id)?;
            place_of(&unit.now().await?, key)?;
            unit.edit(QueueEdit::Remove(vec![key])).await?;
        }
        ("move", Some(range), Some(to)) => {
            let now = unit.now().await?;
            let keys = keys_in(&now, range)?;
            shift(unit, &now, keys, to).await?;
        }
        ("moveid", Some(id), Some(to)) => {
            let (now, key) = (unit.now().await?, args::id(id)?);
            place_of(&now, key)?;
            shift(unit, &now, vec![key], to).await?;
        }
        ("swap", Some(a), Some(b)) => {
            let now = unit.now().await?;
            let (a, b) = (now.key_at(args::number(a)?)?, now.key_at(args::number(b)?)?);
            unit.edit(QueueEdit::Swap(a, b)).await?;
        }
        ("swapid", Some(a), Some(b)) => drop(unit.edit(QueueEdit::Swap(args::id(a)?, args::id(b)?)).await?),
        ("shuffle", range, _) => {
            let len = unit.now().await?.keys.len();
            let range = range.map(args::range).transpose()?.unwrap_or(0..len);
            let (start, end) = (range.start, range.end.min(len));
            if start > end {
                return Err(Ack::arg("Bad song index").into());
            }
            unit.edit(QueueEdit::Shuffle(start..end)).await?;
        }
        _ => return Err(misplaced(name)),
    }
    Ok(())
}

/// The keys of a range; a single place must be there, a range may reach beyond the end.
fn keys_in(now: &Now, text: &str) -> Result<Vec<u64>, Ack> {
    let range = args::range(text)?;
    let end = if text.contains(':') || text == "-1" { range.end.min(now.keys.len()) } else { range.end };
    let keys = now.keys.get(range.start..end).map(<[u64]>::to_vec);
    keys.ok_or_else(|| Ack::arg("Bad song index"))
}

async fn shift(unit: &Unit, now: &Now, keys: Vec<u64>, to: &str) -> Result<(), Ack> {
    let current = now.place();
    let is_moved = |place: &usize| now.keys.get(*place).is_some_and(|key| keys.contains(key));
    let to = match args::position(to)? {
        Position::At(place) => place,
        _ if current.as_ref().is_some_and(is_moved) => {
            return Err(Ack::arg("Cannot move current song relative to itself"));
        }
        relative => {
            // Counted without what is moved.
            let before = (0..current.unwrap_or_default()).filter(is_moved).count();
            relative.place(current)?.saturating_sub(before)
        }
    };
    if to + keys.len() > now.keys.len() {
        return Err(Ack::arg("Bad song index"));
    }
    unit.edit(QueueEdit::Move { keys, to }).await.map(drop)
}

/// Puts items into the queue; their keys.
pub(super) async fn insert(
    unit: &Unit,
    items: Vec<Item>,
    position: Option<Position>,
) -> Result<Vec<u64>, Ack> {
    let at = match position {
        Some(position) => Some(position.place(unit.now().await?.place())?),
        None => None,
    };
    unit.edit(QueueEdit::Insert { items, at }).await
}

async fn add(unit: &Unit, uri: &str, position: Option<&str>) -> Result<(), Ack> {
    let position = position.map(args::position).transpose()?;
    match items(unit, uri).await? {
        Items::Known(items) => insert(unit, items, position).await.map(drop),
        Items::Unknown(path) if position.is_none() => unit.request(Command::Enqueue { path }).await,
        Items::Unknown(_) => Err(Ack::new(Code::System, "This folder is not yet in the library")),
    }
}

/// What a name stands for.
pub(super) enum Items {
    Known(Vec<Item>),
    /// The index does not know the folder; the unit can read it by its path.
    Unknown(String),
}

/// The songs of a file, a folder with all below it, or everything.
///
/// # Errors
/// There is no such thing, or more than the queue holds.
pub(super) async fn items(unit: &Unit, uri: &str) -> Result<Items, Ack> {
    if uri.contains("://") {
        return Err(Ack::no_exist("Unsupported URI scheme"));
    }
    let media = unit.media();
    let source = match uri.trim_matches('/') {
        "" => Source::everything(&media, false),
        uri => {
            let place = media.place(uri).ok_or_else(no_directory)?;
            if library::is_track(&place.relative)
                && let Ok(item) = file(unit, &place).await
            {
                return Ok(Items::Known(vec![item]));
            }
            Source::folder(&place, true, false)
        }
    };
    let items = gathered(unit, source).await?;
    match media.place(uri) {
        Some(place) if items.is_empty() => {
            let part = unit.listing(&place, 0).await.map_err(|_| no_directory())?;
            part.full_path.map(Items::Unknown).ok_or_else(no_directory)
        }
        _ => Ok(Items::Known(items)),
    }
}

async fn gathered(unit: &Unit, mut source: Source) -> Result<Vec<Item>, Ack> {
    let mut items = Vec::new();
    while let Some(found) = source.next(unit).await? {
        items.extend(found.into_iter().filter_map(|found| match found {
            Found::Song(song) => Some(song.item),
            Found::Folder(_) => None,
        }));
        if items.len() > QUEUE_LIMIT {
            return Err(Ack::new(Code::PlaylistMax, "More songs than the queue holds"));
        }
    }
    Ok(items)
}

pub(super) async fn one_item(unit: &Unit, uri: &str) -> Result<Item, Ack> {
    let place = unit.media().place(uri).ok_or_else(|| Ack::no_exist("No such song"))?;
    file(unit, &place).await
}

/// A file that is in the index, or at least in its folder.
async fn file(unit: &Unit, place: &Place) -> Result<Item, Ack> {
    let missing = || Ack::no_exist("No such song");
    let item = Item::new(&place.medium.as_str().into(), &place.relative);
    if !library::is_track(&place.relative) {
        return Err(missing());
    }
    if unit.file(place).await?.is_some() {
        return Ok(item);
    }
    let folder = place.relative.parent().unwrap_or(Path::new("")).to_path_buf();
    let folder = Place { medium: place.medium.clone(), relative: folder };
    let is_it = |path: &str| Path::new(path).file_name() == place.relative.file_name();
    let mut from = 0;
    loop {
        let part = unit.listing(&folder, from).await.map_err(|_| missing())?;
        if part.rows.iter().any(|row| row.path.as_deref().is_some_and(is_it)) {
            return Ok(item);
        }
        from += part.rows.len();
        if part.rows.is_empty() || from >= part.len {
            return Err(missing());
        }
    }
}
