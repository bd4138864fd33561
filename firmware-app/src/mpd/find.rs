//! `find` and `search`: which lists of the index can hold what is meant, and what of them is it.

use std::cmp::Ordering;
use std::ops::Range;

use protocol::ViewRef;

use super::ack::{Ack, Failure};
use super::args::{self, Position};
use super::commands::{Cx, misplaced};
use super::filter::{Field, Filter, Match, Op};
use super::filter_parse;
use super::source::{Found, Source};
use super::tag::Tag;
use super::unit::Unit;
use super::uri::Media;
use super::{edit, playlists, write};
use crate::songs::{Song, SongList, SongRow};
use crate::state::{Item, QUEUE_LIMIT};

/// Most songs that are sorted, and that are found for the queue or a playlist.
const MAX_SONGS: usize = QUEUE_LIMIT;
/// The search of the index gives so many songs; fewer are all there are.
const ALL_FOUND: usize = 100;
/// A word so short is not looked for inside words by the index.
const SHORT_WORD: usize = 3;

/// A search on its way.
#[derive(Debug)]
pub(super) struct Search {
    source: Source,
    /// What the source does not see to.
    rest: Filter,
    is_tagged: bool,
}

impl Search {
    /// Chooses the lists to look in.
    pub async fn plan(unit: &Unit, filter: Filter) -> Result<Self, Ack> {
        let media = unit.media();
        let mut conditions = filter.conditions();
        let all = |conditions: Vec<Filter>| Filter::And(conditions);
        if let Some(views) = narrowed(unit, &mut conditions).await? {
            let rest = all(conditions);
            let tags = rest.needs_tags();
            return Ok(Self { source: Source::lists(views, tags), rest, is_tagged: tags });
        }
        if let Some(base) = take(&mut conditions, |one| match one {
            Filter::Base(base) if !base.is_empty() => Some(base.clone()),
            _ => None,
        }) {
            let rest = all(conditions);
            let tags = rest.needs_tags();
            let place = media.place(&base);
            let source = place.map(|place| Source::folder(&place, true, tags)).unwrap_or_default();
            return Ok(Self { source, rest, is_tagged: tags });
        }
        let rest = all(conditions);
        if let Some(songs) = searched(unit, &rest).await? {
            return Ok(Self { source: Source::fixed(songs), rest, is_tagged: true });
        }
        let tags = rest.needs_tags();
        Ok(Self { source: Source::lists([ViewRef::Tracks], tags), rest, is_tagged: tags })
    }

    /// More songs that meet the filter, perhaps none in this part; `None` at the end.
    pub async fn next(&mut self, unit: &Unit, media: &Media) -> Result<Option<Vec<Song>>, Ack> {
        let Some(found) = self.source.next(unit).await? else { return Ok(None) };
        let songs = found.into_iter().filter_map(|found| match found {
            Found::Song(song) => Some(*song),
            Found::Folder(_) => None,
        });
        // Where only tags would tell and there are none, the tags are not as asked.
        Ok(Some(songs.filter(|song| self.rest.eval(song, media) == Some(true)).collect()))
    }

    /// Adds what the index knows, where the source did not bring it.
    pub async fn complete(&self, unit: &Unit, mut song: Song) -> Result<Song, Ack> {
        if !self.is_tagged && song.info.is_none() {
            let item = &song.item;
            let place =
                super::uri::Place { medium: item.medium.to_string(), relative: item.relative.to_path_buf() };
            song.info = unit.file(&place).await?;
        }
        Ok(song)
    }
}

/// Takes the first condition `wanted` says yes to.
fn take<T>(conditions: &mut Vec<Filter>, wanted: impl Fn(&Filter) -> Option<T>) -> Option<T> {
    let (at, found) = conditions.iter().enumerate().find_map(|(at, one)| Some((at, wanted(one)?)))?;
    conditions.remove(at);
    Some(found)
}

/// The value a tag must have exactly.
fn exact(tag: Tag) -> impl Fn(&Filter) -> Option<String> {
    move |one| match one {
        Filter::Match(Match { field: Field::Tag(of), op: Op::Is, value, ignores_case: false })
            if *of == tag && !value.is_empty() =>
        {
            Some(value.clone())
        }
        _ => None,
    }
}

/// Lists of the index that hold all that is meant, with the conditions they see to taken out; the most
/// exact first.
async fn narrowed(unit: &Unit, conditions: &mut Vec<Filter>) -> Result<Option<Vec<ViewRef>>, Ack> {
    let album = conditions.iter().find_map(exact(Tag::Album));
    let album_artist = conditions.iter().find_map(exact(Tag::AlbumArtist));
    if album.is_some() || album_artist.is_some() {
        let views = albums(unit, album.as_deref(), album_artist.as_deref()).await?;
        if !views.is_empty() {
            drop(take(conditions, exact(Tag::Album)));
            drop(take(conditions, exact(Tag::AlbumArtist)));
            return Ok(Some(views));
        }
    }
    if let Some(name) = conditions.iter().find_map(exact(Tag::Artist)) {
        let found = unit.search(&name, false).await?;
        let views: Vec<ViewRef> = found
            .into_iter()
            .filter_map(|row| match row {
                SongRow::Artist { key, name: of } if of == name => {
                    Some(ViewRef::ArtistTracks { artist: key })
                }
                _ => None,
            })
            .collect();
        if !views.is_empty() {
            drop(take(conditions, exact(Tag::Artist)));
            return Ok(Some(views));
        }
    }
    for (tag, list) in [(Tag::Genre, ViewRef::Genres), (Tag::Composer, ViewRef::Composers)] {
        let Some(name) = conditions.iter().find_map(exact(tag)) else { continue };
        let mut views = Vec::new();
        each_row(unit, list, |row| match row {
            SongRow::Genre { key, name: of } if of == name => views.push(ViewRef::GenreTracks { genre: key }),
            SongRow::Composer { key, name: of } if of == name => {
                views.push(ViewRef::ComposerTracks { composer: key });
            }
            _ => {}
        })
        .await?;
        if !views.is_empty() {
            drop(take(conditions, exact(tag)));
            return Ok(Some(views));
        }
    }
    Ok(None)
}

/// Albums by title, artist or both.
async fn albums(unit: &Unit, title: Option<&str>, artist: Option<&str>) -> Result<Vec<ViewRef>, Ack> {
    let mut views = Vec::new();
    each_row(unit, ViewRef::Albums, |row| {
        if let SongRow::Album { key, title: of, artist: by, .. } = row
            && title.is_none_or(|title| title == of)
            && artist.is_none_or(|artist| artist == by)
        {
            views.push(ViewRef::AlbumTracks { album: key });
        }
    })
    .await?;
    Ok(views)
}

/// Goes through a list by the page.
pub(super) async fn each_row(unit: &Unit, view: ViewRef, mut take: impl FnMut(SongRow)) -> Result<(), Ack> {
    let list = SongList::View(view);
    let mut after = None;
    loop {
        let page = unit.page(&list, after, false).await?;
        page.rows.into_iter().for_each(&mut take);
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// All songs the index finds by the words of one of the conditions; `None` where they may not be all.
async fn searched(unit: &Unit, filter: &Filter) -> Result<Option<Vec<Song>>, Ack> {
    let words = filter.clone().conditions().into_iter().find_map(|one| match one {
        Filter::Match(Match {
            field: Field::Any | Field::Tag(Tag::Title | Tag::Album | Tag::Artist),
            value,
            ..
        }) if is_searchable(&value) => Some(value),
        _ => None,
    });
    let Some(words) = words else { return Ok(None) };
    let found = unit.search(&words, true).await?;
    let songs = found.into_iter().filter_map(|row| match row {
        SongRow::Song(song) => Some(song),
        _ => None,
    });
    let songs: Vec<Song> = songs.collect();
    Ok(Some(songs).filter(|songs| songs.len() < ALL_FOUND))
}

/// Whether the index finds everything a text is part of: its words are long, and no mere numbers, which it
/// does not look for in years.
fn is_searchable(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some()
        && words.all(|word| {
            word.chars().count() >= SHORT_WORD && word.is_ascii() && word.chars().any(char::is_alphabetic)
        })
}

/// What follows the conditions.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    /// By this tag; true is from the last to the first.
    pub sort: Option<(Tag, bool)>,
    pub window: Option<Range<usize>>,
    pub position: Option<Position>,
    /// The outermost last.
    pub groups: Vec<Tag>,
}

/// Cuts the tail off the arguments.
///
/// # Errors
/// It cannot be read.
pub(super) fn tail(mut args: &[String]) -> Result<(&[String], Tail), Ack> {
    let mut tail = Tail::default();
    while let [rest @ .., name, value] = args {
        match name.as_str() {
            "sort" => {
                let (name, is_reverse) = match value.strip_prefix('-') {
                    Some(name) => (name, true),
                    None => (value.as_str(), false),
                };
                let tag = Tag::parse(name).ok_or_else(|| Ack::arg(format!("Unknown sort tag: {name}")))?;
                tail.sort = Some((tag, is_reverse));
            }
            "window" => tail.window = Some(args::range(value)?),
            "position" => tail.position = Some(args::position(value)?),
            "group" => {
                let tag = Tag::parse(value).ok_or_else(|| Ack::arg(format!("Unknown tag type: {value}")))?;
                tail.groups.push(tag);
            }
            _ => break,
        }
        args = rest;
    }
    Ok((args, tail))
}

pub(super) async fn run(cx: &mut Cx<'_>, name: &str, args: &[String]) -> Result<(), Failure> {
    let (playlist, args) = match (name, args.split_first()) {
        ("searchaddpl", Some((playlist, args))) => (Some(playlist), args),
        _ => (None, args),
    };
    let (conditions, tail) = tail(args)?;
    let ignores_case = name.starts_with("search");
    let filter = filter_parse::filter(conditions, ignores_case)?;
    if conditions.is_empty() {
        return Err(Ack::arg(format!("too few arguments for \"{name}\"")).into());
    }
    match (name, playlist) {
        ("find" | "search", _) => tell(cx, filter, &tail).await,
        ("findadd" | "searchadd", _) => {
            let items = items(cx.unit, filter, &tail).await?;
            edit::insert(cx.unit, items, tail.position).await?;
            Ok(())
        }
        ("searchaddpl", Some(playlist)) => {
            let items = items(cx.unit, filter, &tail).await?;
            playlists::append(cx.unit, playlist, items, tail.position).await?;
            Ok(())
        }
        _ => Err(misplaced(name)),
    }
}

async fn tell(cx: &mut Cx<'_>, filter: Filter, tail: &Tail) -> Result<(), Failure> {
    let media = cx.unit.media();
    let mut search = Search::plan(cx.unit, filter).await?;
    if tail.sort.is_some() {
        for song in sorted(cx.unit, &mut search, tail).await? {
            let song = search.complete(cx.unit, song).await?;
            write::song(cx.out, &media, cx.client.tags, &song);
            cx.out.relieve().await?;
        }
        return Ok(());
    }
    let window = tail.window.clone().unwrap_or(0..usize::MAX);
    let mut at = 0;
    while let Some(songs) = search.next(cx.unit, &media).await? {
        for song in songs {
            if window.contains(&at) {
                let song = search.complete(cx.unit, song).await?;
                write::song(cx.out, &media, cx.client.tags, &song);
                cx.out.relieve().await?;
            }
            at += 1;
            if at >= window.end {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The songs of the window in order; of more than can be kept the first ones.
async fn sorted(unit: &Unit, search: &mut Search, tail: &Tail) -> Result<Vec<Song>, Ack> {
    let media = unit.media();
    let (tag, is_reverse) = tail.sort.unwrap_or((Tag::Title, false));
    let window = tail.window.clone().unwrap_or(0..usize::MAX);
    let most = window.end.min(MAX_SONGS);
    let order = |a: &(String, Song), b: &(String, Song)| -> Ordering {
        let order = a.0.cmp(&b.0);
        if is_reverse { order.reverse() } else { order }
    };
    let mut kept: Vec<(String, Song)> = Vec::new();
    while let Some(songs) = search.next(unit, &media).await? {
        for song in songs {
            let song = search.complete(unit, song).await?;
            kept.push((sort_key(tag, &song), song));
        }
        if kept.len() > 2 * most.max(ALL_FOUND) {
            kept.sort_by(order);
            kept.truncate(most);
        }
    }
    kept.sort_by(order);
    kept.truncate(most);
    Ok(kept.into_iter().skip(window.start).map(|(_, song)| song).collect())
}

/// Numbers by their value, text without regard to case.
fn sort_key(tag: Tag, song: &Song) -> String {
    let text = tag.of_or_fallback(song).unwrap_or_default();
    match (tag, text.parse::<u32>()) {
        (Tag::Track | Tag::Disc | Tag::Date, Ok(number)) => format!("{number:010}"),
        _ => text.to_lowercase(),
    }
}

/// What is found, for the queue or a playlist.
///
/// # Errors
/// More than a queue holds.
async fn items(unit: &Unit, filter: Filter, tail: &Tail) -> Result<Vec<Item>, Ack> {
    let media = unit.media();
    let mut search = Search::plan(unit, filter).await?;
    let window = tail.window.clone().unwrap_or(0..usize::MAX);
    if tail.sort.is_some() {
        let songs = sorted(unit, &mut search, tail).await?;
        return Ok(songs.into_iter().map(|song| song.item).collect());
    }
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(songs) = search.next(unit, &media).await? {
        for song in songs {
            if window.contains(&at) {
                items.push(song.item);
            }
            at += 1;
        }
        if items.len() > MAX_SONGS {
            return Err(Ack::new(super::ack::Code::PlaylistMax, "More songs than the queue holds"));
        }
        if at >= window.end {
            break;
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_tail_is_cut_off_in_any_order() {
        let args = strings(&["album", "sort", "window", "2:5", "sort", "-Date", "position", "+0"]);
        let (rest, tail) = tail(&args).unwrap();
        assert_eq!(rest, ["album", "sort"], "a value may be such a word");
        assert_eq!(tail.sort, Some((Tag::Date, true)));
        assert_eq!((tail.window, tail.position), (Some(2..5), Some(Position::After(0))));
        let args = strings(&["album", "group", "albumartist", "group", "date"]);
        assert_eq!(super::tail(&args).unwrap().1.groups, [Tag::Date, Tag::AlbumArtist]);
        for bad in [["x", "sort", "colour"], ["x", "window", "5:2"], ["x", "group", "colour"]] {
            assert!(super::tail(&strings(&bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn only_long_words_are_left_to_the_index() {
        for (text, is) in [
            ("blue train", true),
            ("bl", false),
            ("a love", false),
            ("1999", false),
            ("été", false),
            ("", false),
            ("r.e.m", false),
        ] {
            assert_eq!(is_searchable(text), is, "{text}");
        }
    }
}
