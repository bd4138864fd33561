//! A long list of the library: only the rows around the focus are in memory, fetched by key as the
//! focus comes near their ends.

use std::collections::VecDeque;
use std::ops::Range;

use library::initial;
use protocol::ViewRef;

use crate::catalog::{CatalogError, ListItem, ListPart, ListRow};
use crate::state::{CatalogRequest, RowAnchor};

/// Rows asked for at a time.
const PAGE: usize = 128;
/// Rows the catalog gives at a time, at most.
const MOST: usize = 256;
/// Rows kept in memory.
const KEPT: usize = 512;
/// With fewer rows than this beyond those in sight, more are asked for.
const AHEAD: usize = 48;

/// A row before the lines of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// Plays everything.
    PlayAll,
    /// The tracks without the albums between.
    AllSongs,
}

/// One list.
#[derive(Debug)]
pub(crate) struct Paged {
    pub view: ViewRef,
    pub title: String,
    pub heads: Vec<Head>,
    lines: VecDeque<ListRow>,
    /// Index in the whole list of `lines[0]`.
    first: usize,
    /// Once it was counted.
    total: Option<usize>,
    at_start: bool,
    at_end: bool,
    /// The number of the request that is on its way, what it asked, and whether the focus goes there.
    asked: Option<(u64, RowAnchor, bool)>,
    /// The number of the request for the count that is on its way.
    counting: Option<u64>,
    /// Reload when the answer that is on its way has come.
    stale: bool,
    known: bool,
    failed: Option<CatalogError>,
}

impl Paged {
    pub fn new(view: ViewRef, title: impl Into<String>, heads: Vec<Head>) -> Self {
        Self {
            view,
            title: title.into(),
            heads,
            lines: VecDeque::new(),
            first: 0,
            total: None,
            at_start: false,
            at_end: false,
            asked: None,
            counting: None,
            stale: false,
            known: false,
            failed: None,
        }
    }

    /// Rows, those before the lines included; none as long as there is no line.
    pub fn total(&self) -> usize {
        let seen = self.first + self.lines.len();
        let lines = if self.at_end { seen } else { self.total.unwrap_or(0).max(seen) };
        if lines == 0 { 0 } else { lines + self.heads.len() }
    }

    /// Nothing is known yet.
    pub fn is_loading(&self) -> bool {
        !self.known && self.failed.is_none()
    }

    pub fn failed(&self) -> Option<&CatalogError> {
        self.failed.as_ref()
    }

    /// The row before the lines at an index of the whole list.
    pub fn head(&self, index: usize) -> Option<Head> {
        self.heads.get(index).copied()
    }

    /// The line at an index of the whole list, if it is in memory.
    pub fn line(&self, index: usize) -> Option<&ListRow> {
        self.lines.get(index.checked_sub(self.heads.len())?.checked_sub(self.first)?)
    }

    /// What to ask so that the rows in sight (indices of the whole list) and some around them are there.
    pub fn wants(&mut self, in_sight: &Range<usize>, number: u64) -> Option<CatalogRequest> {
        if self.asked.is_some() || self.failed.is_some() {
            return None;
        }
        let heads = self.heads.len();
        let (start, end) = (in_sight.start.saturating_sub(heads), in_sight.end.saturating_sub(heads));
        let last = self.first + self.lines.len();
        let anchor = match (self.lines.front(), self.lines.back()) {
            _ if !self.known => RowAnchor::Start,
            (Some(_), Some(back)) if end.saturating_add(AHEAD) > last && !self.at_end => {
                RowAnchor::After(back.key.clone())
            }
            (Some(front), Some(_)) if start < self.first + AHEAD && !self.at_start => {
                RowAnchor::Before(front.key.clone())
            }
            _ => return None,
        };
        Some(self.ask(anchor, false, number))
    }

    /// How many rows there are, if that is not known.
    pub fn wants_count(&mut self, number: u64) -> Option<CatalogRequest> {
        if self.total.is_some() || self.counting.is_some() {
            return None;
        }
        self.counting = Some(number);
        Some(CatalogRequest::Count { request: number, view: self.view.clone() })
    }

    /// From the row at `index` to the first row of the next letter, or back to the first row of this one or
    /// the one before. `None` while an answer is on its way, and where there are no letters.
    pub fn jump(&mut self, index: usize, forward: bool, number: u64) -> Option<CatalogRequest> {
        if self.asked.is_some() || !self.has_letters() {
            return None;
        }
        let at = if forward { index.max(self.heads.len()) } else { index.saturating_sub(1) };
        let letter = lower(self.letter(at)?);
        let anchor = match letter {
            '#' if forward => RowAnchor::Letter('a'),
            '#' => RowAnchor::Start,
            letter if forward => RowAnchor::Letter(after(letter)?),
            letter => RowAnchor::Letter(letter),
        };
        Some(self.ask(anchor, true, number))
    }

    /// The letter a row is sorted under; `#` for figures and signs.
    pub fn letter(&self, index: usize) -> Option<char> {
        self.line(index).map(|line| match &line.item {
            ListItem::Artist { name, .. } | ListItem::Composer { name, .. } => initial::of_artist(name),
            ListItem::Album { title, .. } => initial::of_album(title),
            ListItem::Track(track) => initial::of_title(&track.title),
            ListItem::Genre { name, .. } | ListItem::Playlist { name, .. } => initial::of_title(name),
            ListItem::Year { .. } => '#',
        })
    }

    /// Reads the lines in memory again: the library has changed.
    pub fn reload(&mut self, number: u64) -> Option<CatalogRequest> {
        self.total = None;
        if self.asked.is_some() {
            self.stale = true;
            return None;
        }
        self.stale = false;
        self.failed = None;
        let anchor = match self.lines.front() {
            Some(front) if !self.at_start => RowAnchor::After(front.key.clone()),
            _ => RowAnchor::Start,
        };
        // What follows is replaced by the answer, not added to.
        let kept = self.lines.len();
        if let RowAnchor::After(_) = anchor {
            self.lines.truncate(1);
        }
        Some(self.ask_for(kept.clamp(PAGE, MOST), anchor, false, number))
    }

    fn ask(&mut self, anchor: RowAnchor, goes_to: bool, number: u64) -> CatalogRequest {
        self.ask_for(PAGE, anchor, goes_to, number)
    }

    fn ask_for(&mut self, limit: usize, anchor: RowAnchor, goes_to: bool, number: u64) -> CatalogRequest {
        self.asked = Some((number, anchor.clone(), goes_to));
        CatalogRequest::Page { request: number, view: self.view.clone(), anchor, limit }
    }

    /// An answer has come. `None` if it answers another question than the last.
    pub fn answered(&mut self, number: u64, result: Result<ListPart, CatalogError>) -> Option<Answered> {
        if self.asked.as_ref().is_none_or(|(asked, ..)| *asked != number) {
            return None;
        }
        let (_, anchor, goes_to) = self.asked.take()?;
        let part = match result {
            Ok(part) => part,
            Err(error) => {
                self.failed = Some(error);
                return Some(Answered::Shown);
            }
        };
        self.known = true;
        match anchor {
            RowAnchor::After(_) => {
                self.lines.extend(part.rows);
                self.at_end = part.at_end;
                self.trim_front();
            }
            RowAnchor::Before(_) => return Some(self.prepend(part)),
            RowAnchor::Start | RowAnchor::Letter(_) => {
                self.first = part.first.unwrap_or(0);
                self.lines = part.rows.into();
                (self.at_start, self.at_end) = (part.at_start, part.at_end);
                if self.at_start {
                    self.first = 0;
                }
            }
        }
        Some(if goes_to { Answered::GoTo(self.heads.len() + self.first) } else { Answered::Shown })
    }

    /// The rows before those in memory. Where the list began was reckoned: once its start is there, it is
    /// known, and every index with it.
    fn prepend(&mut self, part: ListPart) -> Answered {
        let came = part.rows.len();
        for row in part.rows.into_iter().rev() {
            self.lines.push_front(row);
        }
        let begins = if part.at_start { 0 } else { self.first.saturating_sub(came).max(1) };
        let shift = i64::try_from(begins + came).unwrap_or(0) - i64::try_from(self.first).unwrap_or(0);
        self.first = begins;
        self.at_start = part.at_start;
        if self.lines.len() > KEPT {
            self.lines.truncate(KEPT);
            self.at_end = false;
        }
        if shift == 0 { Answered::Shown } else { Answered::Shifted(shift) }
    }

    /// How many rows there are.
    pub fn counted(&mut self, number: u64, result: &Result<u64, CatalogError>) -> bool {
        let is_it = self.counting == Some(number);
        if is_it {
            self.counting = None;
            self.total = result.as_ref().ok().and_then(|count| usize::try_from(*count).ok());
        }
        is_it
    }

    /// Whether the library changed while the last answer was on its way.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    fn trim_front(&mut self) {
        let surplus = self.lines.len().saturating_sub(KEPT);
        if surplus > 0 {
            self.lines.drain(..surplus);
            self.first += surplus;
            self.at_start = false;
        }
    }

    /// Sorted by name, so that letters lead through it.
    pub fn has_letters(&self) -> bool {
        matches!(
            self.view,
            ViewRef::Artists | ViewRef::Albums | ViewRef::Tracks | ViewRef::Genres | ViewRef::Composers
        )
    }
}

/// The sort keys fold case.
fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// What comes after a letter, whether or not anything begins with it.
fn after(letter: char) -> Option<char> {
    (u32::from(letter) + 1..=u32::from(char::MAX)).find_map(char::from_u32).filter(|next| {
        // Between `z` and the next alphabet there are only signs.
        next.is_alphabetic() || *next > 'z'
    })
}

/// What an answer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// Rows are other ones now.
    Shown,
    /// As `Shown`, and the focus goes to this row.
    GoTo(usize),
    /// As `Shown`, and every row stands so many places further on.
    Shifted(i64),
}

#[cfg(test)]
#[path = "paged_tests.rs"]
mod tests;
