//! The queue as clients list it.

use std::ops::Range;

use super::ack::{Ack, Failure};
use super::args;
use super::commands::{Cx, misplaced};
use super::filter_parse;
use super::find::tail;
use super::unit::Now;
use super::write;
use crate::songs::MAX_SONGS;

pub(super) async fn run(cx: &mut Cx<'_>, name: &str, args: &[String]) -> Result<(), Failure> {
    let first = args.first().map(String::as_str);
    let now = cx.unit.now().await?;
    match (name, first) {
        ("playlist", _) => names(cx, &now).await,
        ("playlistinfo", None) => told(cx, 0..usize::MAX).await,
        ("playlistinfo", Some(text)) => {
            let range = args::range(text)?;
            let is_one = !text.contains(':') && text != "-1";
            if is_one {
                now.key_at(range.start)?;
            }
            told(cx, range).await
        }
        ("playlistid", None) => told(cx, 0..usize::MAX).await,
        ("playlistid", Some(text)) => {
            let place = place_of(&now, args::id(text)?)?;
            told(cx, place..place + 1).await
        }
        ("plchanges" | "plchangesposid", Some(version)) => {
            let window = args.get(1).map(|text| args::range(text)).transpose()?.unwrap_or(0..usize::MAX);
            let version = u32::try_from(args::id(version)?).unwrap_or(u32::MAX);
            let places = cx.unit.changed_since(version);
            let places: Vec<usize> = places.into_iter().filter(|place| window.contains(place)).collect();
            if name == "plchangesposid" {
                for place in places {
                    cx.out.pair("cpos", place);
                    cx.out.pair("Id", now.key_at(place)?);
                    cx.out.relieve().await?;
                }
                return Ok(());
            }
            changed(cx, &places).await
        }
        ("playlistfind" | "playlistsearch", Some(_)) => found(cx, args, name == "playlistsearch").await,
        _ => Err(misplaced(name)),
    }
}

pub(super) fn place_of(now: &Now, key: u64) -> Result<usize, Ack> {
    let place = now.keys.iter().position(|known| *known == key);
    place.ok_or_else(|| Ack::no_exist("No such song"))
}

async fn told(cx: &mut Cx<'_>, range: Range<usize>) -> Result<(), Failure> {
    let media = cx.unit.media();
    let mut from = range.start;
    while from < range.end {
        let songs = cx.unit.queue(from, (range.end - from).min(MAX_SONGS)).await?;
        if songs.is_empty() {
            break;
        }
        from += songs.len();
        for song in &songs {
            write::entry(cx.out, &media, cx.client.tags, song);
        }
        cx.out.relieve().await?;
    }
    Ok(())
}

/// Places that changed, as few questions as there are runs of them.
async fn changed(cx: &mut Cx<'_>, places: &[usize]) -> Result<(), Failure> {
    for run in places.chunk_by(|a, b| a + 1 == *b) {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            told(cx, *first..last + 1).await?;
        }
    }
    Ok(())
}

async fn names(cx: &mut Cx<'_>, now: &Now) -> Result<(), Failure> {
    let media = cx.unit.media();
    let mut from = 0;
    while from < now.keys.len() {
        let songs = cx.unit.queue(from, MAX_SONGS).await?;
        if songs.is_empty() {
            break;
        }
        from += songs.len();
        for song in &songs {
            cx.out.line(&format!("{}:file: {}\n", song.place, media.uri_of(&song.song.item)));
        }
        cx.out.relieve().await?;
    }
    Ok(())
}

async fn found(cx: &mut Cx<'_>, args: &[String], ignores_case: bool) -> Result<(), Failure> {
    let (conditions, tail) = tail(args)?;
    let filter = filter_parse::filter(conditions, ignores_case)?;
    let window = tail.window.unwrap_or(0..usize::MAX);
    let media = cx.unit.media();
    let (mut from, mut at) = (0, 0);
    loop {
        let songs = cx.unit.queue(from, MAX_SONGS).await?;
        if songs.is_empty() {
            return Ok(());
        }
        from += songs.len();
        for song in songs.iter().filter(|song| filter.eval(&song.song, &media) == Some(true)) {
            if window.contains(&at) {
                write::entry(cx.out, &media, cx.client.tags, song);
            }
            at += 1;
        }
        cx.out.relieve().await?;
    }
}
