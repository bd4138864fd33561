//! Adapter of the list page: menu, browser, actions, queue, presets, settings, phones, choices.
//!
//! A frame brings the rows around the focus; which of them are on the glass is decided here. The knob
//! moves the rows as little as it can, a finger moves them as it likes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use slint::{ModelRc, VecModel};

use super::VISIBLE_ROWS;
use super::cells::sync;
use super::generated::{Glyph, ListRow};
use super::row_glyph::{row_glyph, row_mark};
use super::window::StereoWindow;
use crate::frame::Frame;
use crate::screen::{List, Page, Row, Touch};

/// Rows below the visible ones that are kept ready for a finger that drags the list.
const SPARE_ROWS: usize = 2;
/// Rows kept in sight on each side of the focus.
const MARGIN: usize = 1;

/// The adapter.
pub struct ListPage {
    inner: Rc<Inner>,
}

#[derive(Default)]
struct Inner {
    rows: Rc<VecModel<ListRow>>,
    list: RefCell<List>,
    page: Cell<Page>,
    focus_visible: Cell<bool>,
    /// Index in the whole list of the first row on the glass.
    top: Cell<usize>,
}

impl ListPage {
    pub fn attach(window: &dyn StereoWindow, touch: &Rc<dyn Fn(Touch)>) -> Self {
        let inner = Rc::new(Inner::default());
        let page = window.list();
        page.set_rows(ModelRc::from(Rc::clone(&inner.rows)));
        let post = Rc::clone(touch);
        page.on_activate(move |row| {
            if let Ok(row) = usize::try_from(row) {
                post(Touch::Row(row));
            }
        });
        let (post, scrolled, weak) = (Rc::clone(touch), Rc::clone(&inner), window.weak());
        page.on_scroll(move |top| {
            let top = usize::try_from(top).unwrap_or(0);
            if let Some(window) = weak() {
                scrolled.top.set(top.min(last_top(scrolled.list.borrow().total)));
                scrolled.draw(window.as_ref());
            }
            post(Touch::Scroll(top));
        });
        let post = Rc::clone(touch);
        page.on_hold(move |row| {
            if let Ok(row) = usize::try_from(row) {
                post(Touch::Hold(row));
            }
        });
        let post = Rc::clone(touch);
        page.on_back(move || post(Touch::Back));
        Self { inner }
    }

    pub fn show(&self, window: &dyn StereoWindow, frame: &Frame) {
        let screen = &frame.screen;
        if matches!(
            screen.page,
            Page::NowPlaying
                | Page::Search
                | Page::Name
                | Page::Enrol
                | Page::Pair
                | Page::Equalizer
                | Page::Off
        ) {
            self.inner.page.set(screen.page);
            return;
        }
        let inner = &self.inner;
        let is_same = inner.page.replace(screen.page) == screen.page && {
            let before = inner.list.borrow();
            before.title == screen.list.title && before.total == screen.list.total
        };
        let moved = !is_same || inner.list.borrow().focus != screen.list.focus;
        if moved {
            inner.top.set(top_for(&screen.list, is_same.then(|| inner.top.get())));
        }
        inner.focus_visible.set(screen.focus_visible);
        *inner.list.borrow_mut() = screen.list.clone();
        let (page, list) = (window.list(), &screen.list);
        page.set_title(list.title.as_str().into());
        page.set_total(list.total as i32);
        page.set_loading(list.loading);
        page.set_note(list.note.as_str().into());
        page.set_letter(list.letter.as_str().into());
        page.set_empty_glyph(if screen.page == Page::Queue { Glyph::Queue } else { Glyph::Folder });
        page.set_empty(list.empty.as_str().into());
        page.set_editing(screen.editing);
        inner.draw(window);
    }
}

impl Inner {
    /// Puts the rows from `top` on the glass.
    fn draw(&self, window: &dyn StereoWindow) {
        let (page, list, top) = (window.list(), self.list.borrow(), self.top.get());
        let drawn = list.rows.iter().skip(top.saturating_sub(list.first)).take(VISIBLE_ROWS + SPARE_ROWS);
        sync(&self.rows, drawn.map(view));
        page.set_first(top as i32);
        let focus = list.focus.checked_sub(top).filter(|_| self.focus_visible.get());
        page.set_focus(focus.map_or(-1, |focus| focus as i32));
        page.set_place(place(&list, top, self.focus_visible.get()).into());
    }
}

/// The largest index that may stand at the top.
fn last_top(total: usize) -> usize {
    total.saturating_sub(VISIBLE_ROWS)
}

/// The first row on the glass: as before if the focus can be seen then; in a new list, the focus is put
/// near the middle.
fn top_for(list: &List, before: Option<usize>) -> usize {
    let lowest = list.focus.saturating_sub(VISIBLE_ROWS - 1 - MARGIN);
    let highest = list.focus.saturating_sub(MARGIN);
    let wanted = before.map_or(list.focus.saturating_sub(2), |top| top.clamp(lowest, highest));
    wanted.min(last_top(list.total))
}

/// `12 / 480`: the focused row, or the last one on the glass while a finger leads.
fn place(list: &List, top: usize, focus_visible: bool) -> String {
    if list.total <= VISIBLE_ROWS {
        return String::new();
    }
    let at = if focus_visible { list.focus + 1 } else { (top + VISIBLE_ROWS).min(list.total) };
    format!("{at} / {}", list.total)
}

fn view(row: &Row) -> ListRow {
    ListRow {
        label: row.label.as_str().into(),
        detail: row.detail.as_str().into(),
        glyph: row_glyph(row),
        mark: row_mark(row),
        active: row.active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(focus: usize, total: usize) -> List {
        List { focus, total, ..List::default() }
    }

    #[test]
    fn the_knob_moves_the_rows_as_little_as_it_can() {
        assert_eq!(top_for(&list(3, 20), Some(0)), 0);
        assert_eq!(top_for(&list(5, 20), Some(0)), 1);
        assert_eq!(top_for(&list(4, 20), Some(8)), 3);
        assert_eq!(top_for(&list(19, 20), Some(10)), 14);
        assert_eq!(top_for(&list(0, 20), Some(10)), 0);
    }

    #[test]
    fn a_new_list_opens_around_its_focus() {
        assert_eq!(top_for(&list(122, 480), None), 120);
        assert_eq!(top_for(&list(0, 3), None), 0);
        assert_eq!(top_for(&list(2, 3), Some(7)), 0);
    }
}
