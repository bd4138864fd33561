//! Folders of the media: `lsinfo`, `listall`, `listfiles`.

use protocol::remote::RowKind;

use super::ack::{Ack, Failure};
use super::commands::{Cx, misplaced};
use super::source::{Found, Source};
use super::tag::Tag;
use super::uri::{Media, Place};
use super::{playlists, write};
use crate::songs::Song;
use crate::state::{Item, title_from_name};

pub(super) async fn run(cx: &mut Cx<'_>, name: &str, args: &[String]) -> Result<(), Failure> {
    let uri = args.first().map_or("", String::as_str).trim_matches('/');
    let media = cx.unit.media();
    let place = match uri {
        "" => None,
        uri => Some(media.place(uri).ok_or_else(no_directory)?),
    };
    match (name, place) {
        ("lsinfo", None) => {
            roots(cx, &media);
            playlists::names(cx).await
        }
        ("listfiles", None) => {
            roots(cx, &media);
            Ok(())
        }
        ("lsinfo", Some(place)) => lsinfo(cx, &media, &place).await,
        ("listfiles", Some(place)) => listfiles(cx, &media, &place, false).await,
        ("listall" | "listallinfo", place) => {
            let with_tags = name == "listallinfo";
            let source = match &place {
                None => Source::everything(&media, with_tags),
                Some(place) if library::is_track(&place.relative) => {
                    return file(cx, &media, place, with_tags).await;
                }
                Some(place) => Source::folder(place, true, with_tags),
            };
            if place.is_none() {
                roots(cx, &media);
            }
            told(cx, &media, source, with_tags).await?;
            Ok(())
        }
        ("readcomments", Some(place)) => comments(cx, &place).await,
        ("readcomments", None) => Err(no_directory().into()),
        _ => Err(misplaced(name)),
    }
}

pub(super) fn no_directory() -> Ack {
    Ack::no_exist("No such directory")
}

fn roots(cx: &mut Cx<'_>, media: &Media) {
    for (_, name) in media.iter() {
        cx.out.pair("directory", name);
    }
}

/// As the index knows the folder; as it is on the medium where the index knows nothing of it.
async fn lsinfo(cx: &mut Cx<'_>, media: &Media, place: &Place) -> Result<(), Failure> {
    if library::is_track(&place.relative) && file(cx, media, place, true).await.is_ok() {
        return Ok(());
    }
    if told(cx, media, Source::folder(place, false, true), true).await? == 0 {
        listfiles(cx, media, place, true).await?;
    }
    Ok(())
}

/// Writes all there is; how many rows that were.
async fn told(cx: &mut Cx<'_>, media: &Media, mut source: Source, with_tags: bool) -> Result<u64, Failure> {
    let mut count = 0;
    while let Some(found) = source.next(cx.unit).await? {
        for found in found {
            count += 1;
            match found {
                Found::Folder(place) => cx.out.pair("directory", media.uri(&place.medium, &place.relative)),
                Found::Song(song) if with_tags => write::song(cx.out, media, cx.client.tags, &song),
                Found::Song(song) => cx.out.pair("file", media.uri_of(&song.item)),
            }
        }
        cx.out.relieve().await?;
    }
    Ok(count)
}

/// One file.
async fn file(cx: &mut Cx<'_>, media: &Media, place: &Place, with_tags: bool) -> Result<(), Failure> {
    let info = cx.unit.file(place).await?.ok_or_else(no_directory)?;
    if !with_tags {
        cx.out.pair("file", media.uri(&place.medium, &place.relative));
        return Ok(());
    }
    let song = Song {
        title: Some(info.title.clone())
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| title_from_name(&place.relative)),
        artist: info.artist.clone(),
        album: info.album.clone(),
        duration_ms: info.duration_s.map(|seconds| (seconds * 1000.0) as u64),
        info: Some(info),
        entry: None,
        item: Item::new(&place.medium.as_str().into(), &place.relative),
    };
    write::song(cx.out, media, cx.client.tags, &song);
    Ok(())
}

/// The folder as it is on the medium, playlist files with it. Names only.
async fn listfiles(cx: &mut Cx<'_>, media: &Media, place: &Place, as_songs: bool) -> Result<(), Failure> {
    let mut from = 0;
    loop {
        let part = cx.unit.listing(place, from).await?;
        let count = part.rows.len();
        for row in part.rows {
            let name = row.path.as_deref().map(std::path::Path::new).and_then(|path| path.file_name());
            let Some(name) = name.and_then(|name| name.to_str()) else { continue };
            let uri = media.uri(&place.medium, &place.relative.join(name));
            match row.kind {
                // `listfiles` names them as they stand in the folder.
                _ if !as_songs && row.kind == RowKind::Folder => cx.out.pair("directory", name),
                _ if !as_songs => cx.out.pair("file", name),
                RowKind::Folder => cx.out.pair("directory", uri),
                RowKind::PlaylistFile => cx.out.pair("playlist", uri),
                _ => {
                    cx.out.pair("file", uri);
                    cx.out.pair("Title", title_from_name(std::path::Path::new(name)));
                }
            }
        }
        cx.out.relieve().await?;
        from += count;
        if count == 0 || from >= part.len {
            return Ok(());
        }
    }
}

/// The tags of a file by the names they have in files.
async fn comments(cx: &mut Cx<'_>, place: &Place) -> Result<(), Failure> {
    let info = cx.unit.file(place).await?.ok_or_else(|| Ack::no_exist("No such file"))?;
    let item = Item::new(&place.medium.as_str().into(), &place.relative);
    let (title, artist, album) = (info.title.clone(), info.artist.clone(), info.album.clone());
    let song = Song { item, title, artist, album, duration_ms: None, info: Some(info), entry: None };
    for tag in Tag::ALL {
        if let Some(text) = tag.of(&song).filter(|text| !text.is_empty()) {
            cx.out.pair(&tag.name().to_uppercase(), text);
        }
    }
    Ok(())
}
