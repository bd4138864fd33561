//! Adapter of the search page: the keys, what is typed, the first hits. The same keys spell names.

use std::rc::Rc;

use slint::{ModelRc, VecModel};

use super::cells::sync;
use super::generated::{Glyph, SearchHit, SearchKey as KeyView};
use super::row_glyph::row_glyph;
use super::window::StereoWindow;
use crate::frame::Frame;
use crate::screen::{Page, SearchKey, Touch};

/// Hits on the glass.
const HITS: usize = 6;
/// Keys in a row.
const COLUMNS: usize = 6;

/// The adapter.
pub struct SearchPage {
    hits: Rc<VecModel<SearchHit>>,
    keys: Rc<VecModel<KeyView>>,
}

impl SearchPage {
    pub fn attach(window: &dyn StereoWindow, touch: &Rc<dyn Fn(Touch)>) -> Self {
        let hits = Rc::new(VecModel::default());
        let page = window.search();
        page.set_hits(ModelRc::from(Rc::clone(&hits)));
        let keys: Vec<KeyView> = (0..SearchKey::COUNT).filter_map(|index| key(index, false)).collect();
        let keys = Rc::new(VecModel::from(keys));
        page.set_keys(ModelRc::from(Rc::clone(&keys)));
        let post = Rc::clone(touch);
        page.on_key(move |index| {
            if let Ok(index) = usize::try_from(index) {
                post(Touch::SearchKey(index));
            }
        });
        let post = Rc::clone(touch);
        page.on_hit(move |index| {
            if let Ok(index) = usize::try_from(index) {
                post(Touch::Row(index));
            }
        });
        let post = Rc::clone(touch);
        page.on_back(move || post(Touch::Back));
        Self { hits, keys }
    }

    pub fn show(&self, window: &dyn StereoWindow, frame: &Frame) {
        let screen = &frame.screen;
        if !matches!(screen.page, Page::Search | Page::Name) {
            return;
        }
        let is_naming = screen.page == Page::Name;
        let (page, list) = (window.search(), &screen.list);
        page.set_naming(is_naming);
        page.set_placeholder(if is_naming { "Name" } else { "Artist, album or song" }.into());
        sync(&self.keys, (0..SearchKey::COUNT).filter_map(|index| key(index, is_naming)));
        page.set_text(screen.search.text.as_str().into());
        page.set_focus(if screen.focus_visible { screen.search.focus as i32 } else { -1 });
        page.set_hint(list.empty.as_str().into());
        page.set_count(list.note.as_str().into());
        let hits = list.rows.iter().take(HITS).map(|row| SearchHit {
            label: row.label.as_str().into(),
            detail: row.detail.as_str().into(),
            glyph: row_glyph(row),
        });
        sync(&self.hits, hits);
    }
}

/// A key and its place: one row of wide ones, then six letters in each.
fn key(index: usize, is_naming: bool) -> Option<KeyView> {
    let (label, name, glyph) = match SearchKey::at(index)? {
        SearchKey::Results if is_naming => ("Save".to_owned(), "Save", Glyph::None),
        SearchKey::Results => ("Results".to_owned(), "Results", Glyph::None),
        SearchKey::Space => ("Space".to_owned(), "Space", Glyph::None),
        SearchKey::Erase => (String::new(), "Erase", Glyph::Erase),
        SearchKey::Letter(letter) => (letter.to_string(), "", Glyph::None),
    };
    let (column, row, span) = match index {
        0 => (0, 0, 3),
        1 => (3, 0, 2),
        2 => (5, 0, 1),
        _ => ((index - SearchKey::REST) % COLUMNS, 1 + (index - SearchKey::REST) / COLUMNS, 1),
    };
    Some(KeyView {
        name: if name.is_empty() { label.as_str().into() } else { name.into() },
        label: label.as_str().into(),
        glyph,
        column: column as i32,
        row: row as i32,
        span,
    })
}
