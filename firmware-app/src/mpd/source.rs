//! Where songs come from: lists of the unit one after the other, folders with all below them; read by the
//! page, so that no list is ever held as a whole.

use std::collections::VecDeque;

use protocol::{RowKey, ViewRef};

use super::ack::Ack;
use super::unit::Unit;
use super::uri::{Media, Place};
use crate::songs::{Song, SongList, SongRow};

/// Folders deeper than this are not entered.
const MAX_DEPTH: usize = 64;

/// Part of a source that is still to be read.
#[derive(Debug)]
struct Part {
    list: SongList,
    after: Option<RowKey>,
    /// How many folders lead to it; `None`: folders in it are named and not entered.
    depth: Option<usize>,
}

/// Songs, or folders and songs.
#[derive(Debug, Default)]
pub(super) struct Source {
    parts: VecDeque<Part>,
    fixed: Vec<Song>,
    /// Songs come with all their tags.
    tags: bool,
}

/// What is found.
#[derive(Debug)]
pub(super) enum Found {
    Folder(Place),
    Song(Box<Song>),
}

impl Source {
    /// Lists, one after the other.
    pub fn lists(views: impl IntoIterator<Item = ViewRef>, tags: bool) -> Self {
        let part = |view| Part { list: SongList::View(view), after: None, depth: None };
        Self { parts: views.into_iter().map(part).collect(), tags, ..Self::default() }
    }

    /// These songs.
    pub fn fixed(songs: Vec<Song>) -> Self {
        Self { fixed: songs, ..Self::default() }
    }

    /// What is in a folder; with `deep` also what is below it.
    pub fn folder(place: &Place, deep: bool, tags: bool) -> Self {
        let (medium, relative) = (place.medium.clone(), place.relative.clone());
        let part =
            Part { list: SongList::Folder { medium, relative }, after: None, depth: deep.then_some(0) };
        Self { parts: VecDeque::from([part]), tags, ..Self::default() }
    }

    /// Everything on all media.
    pub fn everything(media: &Media, tags: bool) -> Self {
        let part = |(id, _): (&str, &str)| Part {
            list: SongList::Folder { medium: id.to_owned(), relative: Default::default() },
            after: None,
            depth: Some(0),
        };
        Self { parts: media.iter().map(part).collect(), tags, ..Self::default() }
    }

    /// The next part; `None` at the end.
    pub async fn next(&mut self, unit: &Unit) -> Result<Option<Vec<Found>>, Ack> {
        if !self.fixed.is_empty() {
            let fixed = std::mem::take(&mut self.fixed).into_iter();
            return Ok(Some(fixed.map(|song| Found::Song(Box::new(song))).collect()));
        }
        let Some(part) = self.parts.pop_front() else { return Ok(None) };
        let mut found = Vec::new();
        if let (None, Some(1..), SongList::Folder { medium, relative }) =
            (&part.after, part.depth, &part.list)
        {
            found.push(Found::Folder(Place { medium: medium.clone(), relative: relative.clone() }));
        }
        let page = unit.page(&part.list, part.after, self.tags).await?;
        let mut inner = Vec::new();
        for row in page.rows {
            match (row, &part.list) {
                (SongRow::Song(song), _) => found.push(Found::Song(Box::new(song))),
                (SongRow::Folder { name }, SongList::Folder { medium, relative }) => {
                    let place = Place { medium: medium.clone(), relative: relative.join(name) };
                    if let Some(depth) = part.depth.filter(|depth| *depth < MAX_DEPTH) {
                        let (medium, relative) = (place.medium, place.relative);
                        let list = SongList::Folder { medium, relative };
                        inner.push(Part { list, after: None, depth: Some(depth + 1) });
                    } else {
                        found.push(Found::Folder(place));
                    }
                }
                _ => {}
            }
        }
        if let Some(next) = page.next {
            self.parts.push_front(Part { list: part.list.clone(), after: Some(next), depth: part.depth });
        }
        for inner in inner.into_iter().rev() {
            self.parts.push_front(inner);
        }
        Ok(Some(found))
    }
}
