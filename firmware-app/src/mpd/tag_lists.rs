//! `list` and `count`: the different values of a tag, and how many songs have them.

use std::collections::{BTreeMap, BTreeSet};

use protocol::ViewRef;

use super::ack::{Ack, Code, Failure};
use super::commands::{Cx, misplaced};
use super::filter::{Field, Filter, Match, Op};
use super::filter_parse;
use super::find::{Search, Tail, each_row, tail};
use super::tag::Tag;
use super::unit::Unit;
use super::write;
use crate::songs::SongRow;

/// Most values of one answer.
const MAX_VALUES: usize = 100_000;

pub(super) async fn run(cx: &mut Cx<'_>, name: &str, args: &[String]) -> Result<(), Failure> {
    match name {
        "list" => list(cx, args).await,
        "count" => count(cx, args).await,
        _ => Err(misplaced(name)),
    }
}

async fn list(cx: &mut Cx<'_>, args: &[String]) -> Result<(), Failure> {
    let (args, tail) = tail(args)?;
    let (name, conditions) = args.split_first().ok_or_else(|| Ack::arg("too few arguments for \"list\""))?;
    if name.eq_ignore_ascii_case("file") || name.eq_ignore_ascii_case("filename") {
        return files(cx, conditions, &tail).await;
    }
    let tag = Tag::parse(name).ok_or_else(|| Ack::arg(format!("Unknown tag type: {name}")))?;
    let filter = match conditions {
        // As clients asked before filters: the albums of an artist.
        [artist] if tag == Tag::Album && !artist.starts_with('(') => {
            Filter::Match(Match::new(Field::Tag(Tag::Artist), Op::Is, artist, false))
        }
        conditions => filter_parse::filter(conditions, false)?,
    };
    if tail.groups.contains(&tag) {
        return Err(Ack::arg("Conflicting group").into());
    }
    // The last that is named is the outermost.
    let tags: Vec<Tag> = tail.groups.iter().copied().chain([tag]).collect();
    let values = match of_names(cx.unit, &tags, &filter).await? {
        Some(values) => values,
        None => of_songs(cx.unit, &tags, filter).await?,
    };
    let mut last: Vec<&str> = Vec::new();
    for row in &values {
        let same = row.iter().zip(&last).take_while(|(new, old)| new == old).count();
        for (tag, value) in tags.iter().zip(row).skip(same) {
            cx.out.pair(tag.name(), value);
        }
        last = row.iter().map(String::as_str).collect();
        cx.out.relieve().await?;
    }
    Ok(())
}

type Values = BTreeSet<Vec<String>>;

fn add(values: &mut Values, row: Vec<String>) -> Result<(), Ack> {
    // What has no such tag is not listed.
    if row.last().is_some_and(|value| !value.is_empty()) {
        values.insert(row);
    }
    if values.len() > MAX_VALUES {
        return Err(Ack::new(Code::System, "Too many values"));
    }
    Ok(())
}

/// Values that a list of names tells, without a look at songs; `None` where there is no such list.
async fn of_names(unit: &Unit, tags: &[Tag], filter: &Filter) -> Result<Option<Values>, Ack> {
    let conditions = filter.clone().conditions();
    let artist = match conditions.as_slice() {
        [] => None,
        [
            Filter::Match(Match {
                field: Field::Tag(Tag::AlbumArtist),
                op: Op::Is,
                value,
                ignores_case: false,
            }),
        ] => Some(value.clone()),
        _ => return Ok(None),
    };
    let is_of_albums = tags.iter().all(|tag| matches!(tag, Tag::Album | Tag::AlbumArtist | Tag::Date))
        && tags.iter().any(|tag| *tag != Tag::Date);
    let view = match tags {
        _ if is_of_albums => ViewRef::Albums,
        _ if artist.is_some() => return Ok(None),
        [Tag::Genre] => ViewRef::Genres,
        [Tag::Composer] => ViewRef::Composers,
        _ => return Ok(None),
    };
    let mut values = Values::new();
    let mut result = Ok(());
    each_row(unit, view, |row| {
        let row = match row {
            SongRow::Genre { name, .. } | SongRow::Composer { name, .. } => vec![name],
            SongRow::Album { title, artist: by, year, .. } if artist.as_ref().is_none_or(|a| *a == by) => {
                let value = |tag: &Tag| match tag {
                    Tag::Album => title.clone(),
                    Tag::AlbumArtist => by.clone(),
                    _ => year.map(|year| year.to_string()).unwrap_or_default(),
                };
                tags.iter().map(value).collect()
            }
            _ => return,
        };
        if result.is_ok() {
            result = add(&mut values, row);
        }
    })
    .await?;
    result?;
    // Names of albums may not be those of their songs' tags.
    let is_missing = artist.is_some() && values.is_empty();
    Ok(Some(values).filter(|_| !is_missing))
}

/// Values of the songs that are meant.
async fn of_songs(unit: &Unit, tags: &[Tag], filter: Filter) -> Result<Values, Ack> {
    let media = unit.media();
    let needs_tags = tags.iter().any(|tag| !matches!(tag, Tag::Title | Tag::Artist | Tag::Album));
    let mut search = Search::plan(unit, filter).await?;
    let mut values = Values::new();
    while let Some(songs) = search.next(unit, &media).await? {
        for mut song in songs {
            if needs_tags {
                song = search.complete(unit, song).await?;
            }
            let value = |tag: &Tag| tag.of_or_fallback(&song).unwrap_or_default().into_owned();
            add(&mut values, tags.iter().map(value).collect())?;
        }
    }
    Ok(values)
}

async fn files(cx: &mut Cx<'_>, conditions: &[String], _tail: &Tail) -> Result<(), Failure> {
    let media = cx.unit.media();
    let mut search = Search::plan(cx.unit, filter_parse::filter(conditions, false)?).await?;
    while let Some(songs) = search.next(cx.unit, &media).await? {
        for song in songs {
            cx.out.pair("file", media.uri_of(&song.item));
        }
        cx.out.relieve().await?;
    }
    Ok(())
}

async fn count(cx: &mut Cx<'_>, args: &[String]) -> Result<(), Failure> {
    let (conditions, tail) = tail(args)?;
    let group = match tail.groups.as_slice() {
        [] => None,
        [group] => Some(*group),
        _ => return Err(Ack::arg("Only one group can be counted").into()),
    };
    if conditions.is_empty() && group.is_none() {
        return Err(Ack::arg("too few arguments for \"count\"").into());
    }
    let media = cx.unit.media();
    let mut search = Search::plan(cx.unit, filter_parse::filter(conditions, false)?).await?;
    let mut sums: BTreeMap<String, (u64, f64)> = BTreeMap::new();
    while let Some(songs) = search.next(cx.unit, &media).await? {
        for song in songs {
            let song = search.complete(cx.unit, song).await?;
            let value = group.map(|tag| tag.of_or_fallback(&song).unwrap_or_default().into_owned());
            let sum = sums.entry(value.unwrap_or_default()).or_default();
            sum.0 += 1;
            sum.1 += write::seconds(&song).unwrap_or_default();
        }
        if sums.len() > MAX_VALUES {
            return Err(Ack::new(Code::System, "Too many values").into());
        }
    }
    if group.is_none() && sums.is_empty() {
        sums.insert(String::new(), (0, 0.0));
    }
    for (value, (songs, seconds)) in sums {
        if let Some(tag) = group {
            cx.out.pair(tag.name(), value);
        }
        cx.out.pair("songs", songs);
        cx.out.pair("playtime", seconds.round());
        cx.out.relieve().await?;
    }
    Ok(())
}
