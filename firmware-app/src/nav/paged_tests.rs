//! Tests of the long list against a plain one.

use protocol::RowKey;

use super::*;

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The whole list, asked the way the catalog is.
struct Whole {
    rows: Vec<ListRow>,
    /// Whether a jump is told where in the list it ends.
    knows_place: bool,
}

fn key(n: usize) -> RowKey {
    RowKey::new(&n.to_be_bytes())
}

fn place(key: &RowKey) -> usize {
    usize::from_be_bytes(key.as_bytes().try_into().unwrap())
}

impl Whole {
    fn new(count: usize) -> Self {
        let row = |n: usize| {
            let name = format!("{}lma {n}", char::from(LETTERS[n * LETTERS.len() / count]));
            let key_of = i64::try_from(n).unwrap();
            ListRow { key: key(n), item: ListItem::Artist { key: key_of, name, albums: 1, tracks: 1 } }
        };
        Self { rows: (0..count).map(row).collect(), knows_place: true }
    }

    /// The answer to a page or a count.
    fn answer(&self, list: &mut Paged, request: &CatalogRequest) -> Option<Answered> {
        match request {
            CatalogRequest::Count { request, .. } => {
                list.counted(*request, &Ok(self.rows.len() as u64));
                None
            }
            CatalogRequest::Page { request, anchor, limit, .. } => {
                list.answered(*request, Ok(self.part(anchor, *limit)))
            }
            other => panic!("{other:?}"),
        }
    }

    fn part(&self, anchor: &RowAnchor, limit: usize) -> ListPart {
        let len = self.rows.len();
        let (from, to) = match anchor {
            RowAnchor::Start => (0, limit),
            RowAnchor::After(key) => (place(key) + 1, place(key) + 1 + limit),
            RowAnchor::Before(key) => (place(key).saturating_sub(limit), place(key)),
            RowAnchor::Letter(letter) => {
                let is_there = |row: &ListRow| match &row.item {
                    ListItem::Artist { name, .. } => name.to_lowercase().chars().next() >= Some(*letter),
                    _ => false,
                };
                let at = self.rows.iter().position(is_there).unwrap_or(len);
                (at, at + limit)
            }
        };
        let (from, to) = (from.min(len), to.min(len));
        let rows = self.rows[from..to].to_vec();
        let first = self.knows_place.then_some(from);
        ListPart { rows, first, at_start: from == 0, at_end: to == len }
    }
}

fn settle(list: &mut Paged, whole: &Whole, in_sight: Range<usize>) {
    if let Some(request) = list.wants_count(0) {
        whole.answer(list, &request);
    }
    for number in 1..20 {
        let Some(request) = list.wants(&in_sight, number) else { return };
        whole.answer(list, &request);
    }
    panic!("the list never has enough");
}

fn artists() -> Paged {
    Paged::new(ViewRef::Artists, "Artists", vec![Head::PlayAll])
}

fn name(list: &Paged, index: usize) -> String {
    match &list.line(index).unwrap().item {
        ListItem::Artist { name, .. } => name.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_walk_from_end_to_end_and_back_sees_every_row_with_bounded_memory() {
    let whole = Whole::new(3000);
    let mut list = artists();
    settle(&mut list, &whole, 0..6);
    assert_eq!((list.total(), list.head(0)), (3001, Some(Head::PlayAll)));
    for index in (1_usize..=3000).chain((1..=3000).rev()) {
        settle(&mut list, &whole, index.saturating_sub(5)..index + 6);
        assert_eq!(place(&list.line(index).unwrap().key), index - 1);
        assert!(list.lines.len() <= KEPT);
    }
}

#[test]
fn a_jump_goes_to_the_letter_and_the_list_goes_on_from_there() {
    let whole = Whole::new(2600);
    let mut list = artists();
    settle(&mut list, &whole, 0..6);
    let request = list.jump(1, true, 99).unwrap();
    assert_eq!(list.jump(1, true, 100), None, "one at a time");
    assert_eq!(whole.answer(&mut list, &request), Some(Answered::GoTo(101)));
    assert_eq!(name(&list, 101), "Blma 100");
    settle(&mut list, &whole, 90..108);
    let request = list.jump(101, false, 101).unwrap();
    assert_eq!(whole.answer(&mut list, &request), Some(Answered::GoTo(1)));
    settle(&mut list, &whole, 1..7);
    let request = list.jump(60, false, 102).unwrap();
    assert_eq!(whole.answer(&mut list, &request), Some(Answered::GoTo(1)), "the start of this letter");
}

#[test]
fn after_many_jumps_both_directions_go_on() {
    let whole = Whole::new(2600);
    let mut list = artists();
    settle(&mut list, &whole, 0..6);
    let mut at = 1;
    for number in 0..13 {
        settle(&mut list, &whole, at..at + 6);
        let request = list.jump(at, true, 1000 + number).unwrap();
        let Some(Answered::GoTo(to)) = whole.answer(&mut list, &request) else { panic!("no jump") };
        at = to;
    }
    assert_eq!(name(&list, at), "Nlma 1300");
    settle(&mut list, &whole, at - 11..at);
    assert_eq!(name(&list, at - 6), "Mlma 1294");
}

#[test]
fn a_place_that_was_only_reckoned_is_put_right_when_the_start_is_there() {
    let whole = Whole { knows_place: false, ..Whole::new(300) };
    let mut list = artists();
    settle(&mut list, &whole, 0..6);
    settle(&mut list, &whole, 150..156);
    let request = list.jump(200, true, 99).unwrap();
    let Some(Answered::GoTo(mut focus)) = whole.answer(&mut list, &request) else { panic!("no jump") };
    let before = name(&list, focus);
    for number in 0..10 {
        let Some(request) = list.wants(&(focus.saturating_sub(5)..focus + 6), 200 + number) else { break };
        if let Some(Answered::Shifted(by)) = whole.answer(&mut list, &request) {
            focus = usize::try_from(i64::try_from(focus).unwrap() + by).unwrap();
        }
        assert_eq!(name(&list, focus), before, "the focus stays on its row");
    }
}

#[test]
fn late_and_foreign_answers_change_nothing() {
    let whole = Whole::new(300);
    let mut list = artists();
    let request = list.wants(&(0..6), 1).unwrap();
    assert_eq!(list.wants(&(0..6), 2), None, "one at a time");
    assert_eq!(list.answered(7, Ok(whole.part(&RowAnchor::Start, 9))), None);
    assert!(list.is_loading());
    assert_eq!(whole.answer(&mut list, &request), Some(Answered::Shown));
    assert_eq!(whole.answer(&mut list, &request), None);
    assert!(!list.counted(5, &Ok(9)), "nothing was counted");
}

#[test]
fn a_changed_library_is_read_again_where_one_is() {
    let (before, after) = (Whole::new(1000), Whole::new(400));
    let mut list = artists();
    settle(&mut list, &before, 0..6);
    let late = list.jump(1, true, 50).unwrap();
    assert_eq!(list.reload(51), None);
    before.answer(&mut list, &late);
    assert!(list.is_stale());
    let request = list.reload(52).unwrap();
    after.answer(&mut list, &request);
    assert!(!list.is_stale());
    let count = list.wants_count(53).unwrap();
    after.answer(&mut list, &count);
    assert_eq!(list.total(), 401);
    settle(&mut list, &after, 395..401);
    assert_eq!(place(&list.line(400).unwrap().key), 399);
}

#[test]
fn a_failure_is_shown_until_the_next_reload() {
    let mut list = artists();
    assert!(list.wants(&(0..6), 1).is_some());
    list.answered(1, Err(CatalogError::NoIndex));
    assert!(list.failed().is_some() && !list.is_loading());
    assert_eq!(list.wants(&(0..6), 2), None);
    assert!(list.reload(3).is_some());
    assert!(list.is_loading());
}
