//! Stored playlists: those of the unit's owner. Playlist files on a medium can be loaded too.

use std::path::Path;

use protocol::{Command, ViewRef, tidy_name};

use super::ack::{Ack, Code, Failure};
use super::args::{self, Position};
use super::commands::{Cx, misplaced};
use super::edit::{self, Items};
use super::find::each_row;
use super::source::{Found, Source};
use super::unit::Unit;
use super::uri::Place;
use super::write;
use crate::songs::{PlaylistEdit, Song, SongRow};
use crate::state::Item;

pub(super) async fn run(cx: &mut Cx<'_>, command: &str, args: &[String]) -> Result<(), Failure> {
    let unit = cx.unit;
    let arg = |at: usize| args.get(at).map(String::as_str);
    let name = arg(0).unwrap_or_default();
    match command {
        "listplaylists" => names(cx).await?,
        "listplaylist" | "listplaylistinfo" => listed(cx, name, command == "listplaylistinfo").await?,
        "load" => load(unit, name, arg(1), arg(2)).await?,
        "save" => save(unit, name, arg(1)).await?,
        "rm" => {
            let playlist = named(unit, name).await?;
            unit.edit_playlist(PlaylistEdit::Delete { playlist }).await?;
        }
        "rename" => {
            let playlist = named(unit, name).await?;
            let name = tidy(arg(1).unwrap_or_default())?;
            unit.edit_playlist(PlaylistEdit::Rename { playlist, name }).await?;
        }
        "playlistclear" => {
            let playlist = named(unit, name).await?;
            unit.edit_playlist(PlaylistEdit::Clear { playlist }).await?;
        }
        "playlistadd" => {
            let items = match edit::items(unit, arg(1).unwrap_or_default()).await? {
                Items::Known(items) => items,
                Items::Unknown(_) => {
                    return Err(Ack::new(Code::System, "This folder is not yet in the library").into());
                }
            };
            append(unit, name, items, arg(2).map(args::position).transpose()?).await?;
        }
        "playlistdelete" => {
            let playlist = named(unit, name).await?;
            let range = args::range(arg(1).unwrap_or_default())?;
            let all = entries(unit, playlist).await?;
            let range = range.start..range.end.min(all.len().max(range.start + 1));
            let gone = all.get(range).ok_or_else(|| Ack::arg("Bad song index"))?.to_vec();
            unit.edit_playlist(PlaylistEdit::Remove { playlist, entries: gone }).await?;
        }
        "playlistmove" => {
            let playlist = named(unit, name).await?;
            let (from, to) = (args::number(arg(1).unwrap_or_default())?, arg(2).unwrap_or_default());
            shift(unit, playlist, from, args::number(to)?).await?;
        }
        _ => return Err(misplaced(command)),
    }
    Ok(())
}

/// Names of all playlists.
pub(super) async fn names(cx: &mut Cx<'_>) -> Result<(), Failure> {
    let mut names = Vec::new();
    each_row(cx.unit, ViewRef::Playlists, |row| {
        if let SongRow::Playlist { name, .. } = row {
            names.push(name);
        }
    })
    .await?;
    for name in names {
        cx.out.pair("playlist", name);
    }
    Ok(())
}

fn no_playlist() -> Ack {
    Ack::no_exist("No such playlist")
}

fn tidy(name: &str) -> Result<String, Ack> {
    tidy_name(name).filter(|name| !name.contains('/')).ok_or_else(|| Ack::arg("Bad playlist name"))
}

async fn find(unit: &Unit, name: &str) -> Result<Option<i64>, Ack> {
    let mut found = None;
    let name = tidy_name(name);
    each_row(unit, ViewRef::Playlists, |row| {
        if let SongRow::Playlist { key, name: of } = row
            && name.as_ref() == Some(&of)
        {
            found = Some(key);
        }
    })
    .await?;
    Ok(found)
}

/// The key of a playlist.
async fn named(unit: &Unit, name: &str) -> Result<i64, Ack> {
    find(unit, name).await?.ok_or_else(no_playlist)
}

/// All songs of a playlist that are on media that are there; at most as many as it can hold.
async fn songs(unit: &Unit, playlist: i64, tags: bool) -> Result<Vec<Song>, Ack> {
    let mut source = Source::lists([ViewRef::Playlist { playlist }], tags);
    let mut songs = Vec::new();
    while let Some(found) = source.next(unit).await? {
        songs.extend(found.into_iter().filter_map(|found| match found {
            Found::Song(song) => Some(*song),
            Found::Folder(_) => None,
        }));
    }
    Ok(songs)
}

/// Keys of the entries clients see.
async fn entries(unit: &Unit, playlist: i64) -> Result<Vec<i64>, Ack> {
    Ok(songs(unit, playlist, false).await?.into_iter().filter_map(|song| song.entry).collect())
}

async fn listed(cx: &mut Cx<'_>, name: &str, with_tags: bool) -> Result<(), Failure> {
    let playlist = named(cx.unit, name).await?;
    let media = cx.unit.media();
    let mut source = Source::lists([ViewRef::Playlist { playlist }], with_tags);
    while let Some(found) = source.next(cx.unit).await? {
        for found in found {
            match found {
                Found::Song(song) if with_tags => write::song(cx.out, &media, cx.client.tags, &song),
                Found::Song(song) => cx.out.pair("file", media.uri_of(&song.item)),
                Found::Folder(_) => {}
            }
        }
        cx.out.relieve().await?;
    }
    Ok(())
}

async fn load(unit: &Unit, name: &str, range: Option<&str>, position: Option<&str>) -> Result<(), Ack> {
    let range = range.map(args::range).transpose()?.unwrap_or(0..usize::MAX);
    let position = position.map(args::position).transpose()?;
    let Some(playlist) = find(unit, name).await? else { return load_file(unit, name).await };
    let songs = songs(unit, playlist, false).await?;
    let count = range.end.saturating_sub(range.start);
    let items: Vec<Item> = songs.into_iter().skip(range.start).take(count).map(|song| song.item).collect();
    edit::insert(unit, items, position).await.map(drop)
}

/// A playlist file on a medium, all of it.
async fn load_file(unit: &Unit, uri: &str) -> Result<(), Ack> {
    let place = unit.media().place(uri).ok_or_else(no_playlist)?;
    if library::PlaylistKind::of(&place.relative).is_none() {
        return Err(no_playlist());
    }
    let folder = place.relative.parent().unwrap_or(Path::new("")).to_path_buf();
    let folder = Place { medium: place.medium, relative: folder };
    let mut from = 0;
    loop {
        let part = unit.listing(&folder, from).await.map_err(|_| no_playlist())?;
        from += part.rows.len();
        let is_it = |path: &String| Path::new(path).file_name() == place.relative.file_name();
        let is_last = part.rows.is_empty() || from >= part.len;
        if let Some(path) = part.rows.into_iter().filter_map(|row| row.path).find(is_it) {
            return unit.request(Command::Enqueue { path }).await;
        }
        if is_last {
            return Err(no_playlist());
        }
    }
}

async fn save(unit: &Unit, name: &str, mode: Option<&str>) -> Result<(), Ack> {
    let name = tidy(name)?;
    let existing = find(unit, &name).await?;
    let items = queue_items(unit).await?;
    match (mode.unwrap_or("create"), existing) {
        ("create", Some(_)) => Err(Ack::new(Code::Exist, "Playlist already exists")),
        ("create", None) => unit.edit_playlist(PlaylistEdit::Create { name, items }).await,
        ("append" | "replace", None) => Err(no_playlist()),
        ("append", Some(playlist)) => {
            unit.edit_playlist(PlaylistEdit::Add { playlist, items, before: None }).await
        }
        ("replace", Some(playlist)) => {
            unit.edit_playlist(PlaylistEdit::Clear { playlist }).await?;
            unit.edit_playlist(PlaylistEdit::Add { playlist, items, before: None }).await
        }
        (mode, _) => Err(Ack::arg(format!("Unrecognized save mode: {mode}"))),
    }
}

/// The queue with the names its songs have, which a playlist keeps while their medium is away.
async fn queue_items(unit: &Unit) -> Result<Vec<Item>, Ack> {
    let mut items = Vec::new();
    loop {
        let songs = unit.queue(items.len(), crate::songs::MAX_SONGS).await?;
        if songs.is_empty() {
            return Ok(items);
        }
        items.extend(songs.into_iter().map(|entry| {
            let Song { mut item, title, artist, .. } = entry.song;
            if item.label.is_none() {
                item.label = Some(crate::state::Label { title, artist }.into());
            }
            item
        }));
    }
}

/// Puts songs into a playlist, which is made if it is not there; at its end, or before an entry.
pub(super) async fn append(
    unit: &Unit,
    name: &str,
    items: Vec<Item>,
    position: Option<Position>,
) -> Result<(), Ack> {
    let name = tidy(name)?;
    let Some(playlist) = find(unit, &name).await? else {
        return unit.edit_playlist(PlaylistEdit::Create { name, items }).await;
    };
    let before = match position {
        None => None,
        Some(Position::At(place)) => {
            let all = entries(unit, playlist).await?;
            if place > all.len() {
                return Err(Ack::arg("Bad song index"));
            }
            all.get(place).copied()
        }
        Some(_) => return Err(Ack::arg("Bad song index")),
    };
    unit.edit_playlist(PlaylistEdit::Add { playlist, items, before }).await
}

async fn shift(unit: &Unit, playlist: i64, from: usize, to: usize) -> Result<(), Ack> {
    let mut all = entries(unit, playlist).await?;
    if from >= all.len() || to >= all.len() {
        return Err(Ack::arg("Bad song index"));
    }
    let entry = all.remove(from);
    let before = all.get(to).copied();
    unit.edit_playlist(PlaylistEdit::Move { playlist, entry, before }).await
}
