//! A bounded part of a long list, filled as the person scrolls.
//!
//! Rows have one height, so what lies outside of the part is empty room of a known size and nothing jumps
//! when rows are fetched or let go.

use protocol::RowKey;
use protocol::remote::{Anchor, Row, RowsPart};

/// Rows asked for at a time.
pub const PART: usize = 45;
/// Rows kept at most.
pub const MOST: usize = 240;
/// Rows beyond the visible ones that should be there before they are needed.
const AHEAD: usize = 20;

/// What to fetch next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// The rows after the part.
    After,
    /// The rows before it.
    Before,
    /// Another part altogether, from this index on.
    From(usize),
}

/// A part of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Index of the first row kept.
    pub start: usize,
    pub rows: Vec<Row>,
    /// Rows of the whole list, where that is known.
    pub len: Option<usize>,
    /// Something has been fetched.
    pub known: bool,
    pub at_end: bool,
}

impl Part {
    pub fn end(&self) -> usize {
        self.start + self.rows.len()
    }

    /// Room for rows that follow the part and are known to be there.
    pub fn room_after(&self) -> usize {
        self.len.map_or(0, |len| len.saturating_sub(self.end()))
    }

    /// What a person who sees rows `first` to `last` needs next.
    pub fn want(&self, first: usize, last: usize) -> Option<Want> {
        if !self.known {
            return Some(Want::From(first.saturating_sub(AHEAD)));
        }
        // Far away, after a pull of the scroll bar: fetching everything in between would take too long.
        let far = self.len.is_some() && (first > self.end() + PART || last + PART < self.start);
        if far {
            return Some(Want::From(first.saturating_sub(AHEAD)));
        }
        if !self.at_end && last + AHEAD >= self.end() {
            return Some(Want::After);
        }
        (self.start > 0 && first < self.start + AHEAD).then_some(Want::Before)
    }

    /// The list begins anew with these rows.
    pub fn begin(&mut self, start: usize, rows: Vec<Row>, len: Option<usize>, at_end: bool) {
        let len = len.or_else(|| at_end.then_some(start + rows.len()));
        *self = Self { start, rows, len, known: true, at_end };
    }

    /// Rows that follow the part; the first ones go when it gets too long.
    pub fn append(&mut self, rows: Vec<Row>, at_end: bool) {
        self.at_end = at_end || rows.is_empty();
        self.rows.extend(rows);
        let over = self.rows.len().saturating_sub(MOST);
        self.rows.drain(..over);
        self.start += over;
        if self.at_end {
            self.len = Some(self.end());
        }
    }

    /// Rows that come before the part; the last ones go when it gets too long.
    pub fn prepend(&mut self, rows: Vec<Row>, at_start: bool) {
        self.start = if at_start { 0 } else { self.start.saturating_sub(rows.len()).max(1) };
        self.rows.splice(..0, rows);
        if self.rows.len() > MOST {
            self.rows.truncate(MOST);
            self.at_end = false;
        }
    }

    /// Where to ask on in a list of the library.
    pub fn anchor(&self, want: Want) -> Anchor {
        let key = |row: Option<&Row>| row.and_then(|row| row.row.clone());
        let at = |key: Option<RowKey>, make: fn(RowKey) -> Anchor| key.map_or(Anchor::Start, make);
        match want {
            Want::After => at(key(self.rows.last()), |row| Anchor::After { row }),
            Want::Before => at(key(self.rows.first()), |row| Anchor::Before { row }),
            Want::From(_) => Anchor::Start,
        }
    }

    /// Takes over an answer about a list of the library.
    pub fn take(&mut self, want: Want, part: RowsPart) {
        match want {
            Want::After => self.append(part.rows, part.at_end),
            Want::Before => self.prepend(part.rows, part.at_start),
            Want::From(_) => {
                let first = part.first.and_then(|first| usize::try_from(first).ok()).unwrap_or(0);
                let start = if part.at_start { 0 } else { first };
                self.begin(start, part.rows, None, part.at_end);
            }
        }
    }

    /// Moves a row before the unit has done so.
    pub fn move_row(&mut self, from: usize, to: usize) {
        let (Some(from), Some(to)) = (from.checked_sub(self.start), to.checked_sub(self.start)) else {
            return;
        };
        if from < self.rows.len() && to < self.rows.len() {
            let row = self.rows.remove(from);
            self.rows.insert(to, row);
        }
    }

    /// Takes a row out before the unit has done so.
    pub fn remove_row(&mut self, index: usize) {
        if let Some(at) = index.checked_sub(self.start).filter(|at| *at < self.rows.len()) {
            self.rows.remove(at);
            self.len = self.len.map(|len| len.saturating_sub(1));
        }
    }
}

/// Keys that stay with a row while others move around it; rows of the same music get numbers.
pub fn keys(rows: &[Row]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let times = rows[..place].iter().filter(|before| same(before, row)).count();
        let own = key(row);
        keys.push(if times == 0 { own } else { format!("{own}\n{times}") });
    }
    keys
}

fn same(a: &Row, b: &Row) -> bool {
    a.row == b.row && a.path == b.path && a.id == b.id && a.name == b.name
}

fn key(row: &Row) -> String {
    let id = row.id.map_or_else(String::new, |id| id.to_string());
    let place = row.row.clone().map_or_else(String::new, String::from);
    [place.as_str(), row.path.as_deref().unwrap_or_default(), &id, &row.name].join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(range: std::ops::Range<usize>) -> Vec<Row> {
        range
            .map(|n| Row {
                name: n.to_string(),
                row: Some(RowKey::new(&[u8::try_from(n % 256).unwrap()])),
                ..Row::default()
            })
            .collect()
    }

    /// Scrolls through a list of `len` rows and returns the most rows kept at a time.
    fn scroll(part: &mut Part, len: usize, visible: usize) -> usize {
        let mut most = 0;
        while let Some(want) = part.want(visible, visible + 12) {
            match want {
                Want::After => {
                    let end = (part.end() + PART).min(len);
                    part.append(rows(part.end()..end), end == len);
                }
                Want::Before => {
                    let start = part.start.saturating_sub(PART);
                    part.prepend(rows(start..part.start), start == 0);
                }
                Want::From(from) => part.begin(from, rows(from..(from + PART).min(len)), None, false),
            }
            most = most.max(part.rows.len());
        }
        most
    }

    #[test]
    fn scrolling_down_and_up_keeps_a_bounded_part_in_its_place() {
        let mut part = Part::default();
        let mut most = 0;
        for visible in (0..1980).chain((0..1980).rev()) {
            most = most.max(scroll(&mut part, 2000, visible));
            assert!(part.start <= visible && visible + 12 <= part.end(), "row {visible} is not there");
            assert_eq!(part.rows[0].name, part.start.to_string());
        }
        assert!(most <= MOST, "{most} rows were kept");
        assert_eq!(part.start, 0);
    }

    #[test]
    fn a_far_jump_fetches_what_is_seen_and_not_all_between() {
        let mut part = Part::default();
        part.begin(0, rows(0..PART), Some(5000), false);
        assert_eq!(part.want(4000, 4012), Some(Want::From(4000 - AHEAD)));
        assert_eq!(part.want(0, 12), None);
        assert_eq!(part.want(25, 40), Some(Want::After));
    }

    #[test]
    fn the_end_is_not_asked_for_again() {
        let mut part = Part::default();
        part.begin(0, rows(0..5), None, true);
        assert_eq!(part.want(0, 12), None);
        assert_eq!(part.len, Some(5));
        part.begin(0, rows(0..PART), None, false);
        part.append(Vec::new(), false);
        assert_eq!(part.want(50, 60), None, "an empty answer is an end");
    }

    #[test]
    fn a_moved_row_and_a_removed_one() {
        let mut part = Part::default();
        part.begin(10, rows(10..14), Some(30), false);
        part.move_row(12, 11);
        part.remove_row(13);
        part.remove_row(99);
        part.move_row(3, 11);
        let names: Vec<_> = part.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!((names, part.len), (vec!["10", "12", "11"], Some(29)));
    }

    #[test]
    fn after_a_jump_to_a_letter_the_rows_before_can_be_fetched() {
        let mut part = Part::default();
        let answer = RowsPart { rows: rows(70..130), first: Some(70), at_start: false, at_end: false };
        part.take(Want::From(0), answer);
        assert_eq!(part.start, 70);
        assert_eq!(part.want(70, 82), Some(Want::Before));
        assert_eq!(part.anchor(Want::Before), Anchor::Before { row: RowKey::new(&[70]) });
        part.take(Want::Before, RowsPart { rows: rows(10..70), first: None, at_start: false, at_end: false });
        assert_eq!(part.start, 10);
        part.take(Want::Before, RowsPart { rows: rows(0..10), first: None, at_start: true, at_end: false });
        assert_eq!(part.start, 0);
    }

    #[test]
    fn rows_of_the_same_music_have_keys_of_their_own() {
        let same = Row { path: Some("/a".into()), ..Row::default() };
        let found = keys(&[same.clone(), Row { path: Some("/b".into()), ..Row::default() }, same]);
        assert_eq!(found, ["\t/a\t\t", "\t/b\t\t", "\t/a\t\t\n1"]);
    }
}
