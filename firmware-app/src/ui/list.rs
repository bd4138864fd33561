//! Adapter of the list page: menu, browser, queue, presets, settings.

use std::rc::Rc;

use slint::{ModelRc, VecModel};

use super::VISIBLE_ROWS;
use super::cells::sync;
use super::generated::{Glyph, ListRow};
use super::window::StereoWindow;
use crate::frame::Frame;
use crate::screen::{List, Page, Row, RowKind, Touch};

/// Rows below the visible ones that are kept ready for a finger that drags the list.
const SPARE_ROWS: usize = 2;

pub struct ListPage {
    rows: Rc<VecModel<ListRow>>,
}

impl ListPage {
    pub fn attach(window: &dyn StereoWindow, touch: &Rc<dyn Fn(Touch)>) -> Self {
        let this = Self { rows: Rc::default() };
        let page = window.list();
        page.set_rows(ModelRc::from(Rc::clone(&this.rows)));
        let post = Rc::clone(touch);
        page.on_activate(move |row| {
            if let Ok(row) = usize::try_from(row) {
                post(Touch::Row(row));
            }
        });
        let post = Rc::clone(touch);
        page.on_scroll(move |first| post(Touch::Scroll(usize::try_from(first).unwrap_or(0))));
        let post = Rc::clone(touch);
        page.on_back(move || post(Touch::Back));
        this
    }

    pub fn show(&self, window: &dyn StereoWindow, frame: &Frame) {
        let screen = &frame.screen;
        if !matches!(screen.page, Page::Menu | Page::Browser | Page::Queue | Page::Presets | Page::Settings) {
            return;
        }
        let (page, list) = (window.list(), &screen.list);
        let offset = first_drawn(list);
        page.set_title(list.title.as_str().into());
        page.set_place(place(list).into());
        page.set_first((list.first + offset) as i32);
        page.set_total(list.total as i32);
        page.set_loading(list.loading);
        page.set_empty(list.empty.as_str().into());
        let drawn = list.rows.iter().skip(offset).take(VISIBLE_ROWS + SPARE_ROWS);
        sync(&self.rows, drawn.map(view));
        let focus = list.focus.checked_sub(list.first + offset).filter(|_| screen.focus_visible);
        page.set_focus(focus.map_or(-1, |focus| focus as i32));
        page.set_editing(screen.editing);
    }
}

/// Rows given but not drawn, so that the focused row is on the screen.
fn first_drawn(list: &List) -> usize {
    let below = list.focus.saturating_sub(list.first + VISIBLE_ROWS - 1);
    below.min(list.rows.len().saturating_sub(VISIBLE_ROWS))
}

fn place(list: &List) -> String {
    if list.total > VISIBLE_ROWS { format!("{} / {}", list.focus + 1, list.total) } else { String::new() }
}

fn view(row: &Row) -> ListRow {
    let glyph = match row.kind {
        RowKind::Folder => Glyph::Folder,
        RowKind::Track => Glyph::Track,
        RowKind::Medium => Glyph::Medium,
        RowKind::Page => Glyph::Page,
        RowKind::Preset => Glyph::Preset,
        RowKind::Value => Glyph::Value,
        RowKind::PlayAll => Glyph::PlayAll,
    };
    let mark = match row.kind {
        RowKind::Preset if row.active => Glyph::Check,
        _ if row.active => Glyph::Playing,
        RowKind::Folder | RowKind::Medium | RowKind::Page => Glyph::Forward,
        RowKind::Track | RowKind::Preset | RowKind::Value | RowKind::PlayAll => Glyph::None,
    };
    ListRow {
        label: row.label.as_str().into(),
        detail: row.detail.as_str().into(),
        glyph,
        mark,
        active: row.active,
    }
}
