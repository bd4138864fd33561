//! A long list on the page: a bounded part of it as elements, empty room for the rest.

use std::cell::Cell;
use std::rc::Rc;

use protocol::remote::Row;
use web_sys::Element;

use super::state::skeleton;
use crate::model::format::css;
use crate::model::list::{Part, Want, keys};
use crate::ui::time::next_frame;
use crate::ui::{El, Signal, div, effect, el, listen, memo, window};

/// Height of a row in `rem`; the styles' `--row` is the same.
pub const ROW_REM: f64 = 4.0;

/// A row and its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    pub index: usize,
    pub len: Option<usize>,
    pub row: Row,
}

/// One row's height in pixels.
pub fn row_px() -> f64 {
    // Asked for at every scroll; the browser would work out the styles anew each time.
    thread_local!(static PX: Cell<f64> = Cell::new(measure()));
    PX.get()
}

fn measure() -> f64 {
    let root = crate::ui::document().document_element();
    let size = root
        .and_then(|root| window().get_computed_style(&root).ok().flatten())
        .and_then(|style| style.get_property_value("font-size").ok())
        .and_then(|size| size.trim_end_matches("px").parse::<f64>().ok());
    size.unwrap_or(16.0) * ROW_REM
}

/// A list that fetches what is about to be seen. `fetch` is called with what is wanted, again and again until
/// the part changes.
pub fn rows(
    name: &str,
    part: Signal<Part>,
    fetch: impl Fn(Want) + 'static,
    make: impl Fn(Signal<Item>) -> El + 'static,
) -> El {
    let (items, above, below, busy) = (part.clone(), part.clone(), part.clone(), part.clone());
    let known = memo(move || busy.with(|part| part.known));
    let (waits, hollow) = (known.clone(), known);
    let list = el("ul")
        .class("rows")
        .attr("role", "list")
        .attr("aria-label", name)
        .each(move || items.with(listed), make);
    follow_scrolling(&list.0, &part, fetch);
    div("rows-room")
        .attr_of("aria-busy", move || (!waits.get()).then(|| "true".into()))
        .child(room(move || above.with(|part| part.start)))
        .child(list)
        .child(room(move || below.with(Part::room_after)))
        .child(div("").content_of(move || (!hollow.get()).then(skeleton)))
}

/// Calls `fetch` for what is about to be seen, after scrolling and after each change of the part.
fn follow_scrolling(list: &Element, part: &Signal<Part>, fetch: impl Fn(Want) + 'static) {
    let (node, known) = (list.clone(), part.clone());
    let pending = Rc::new(Cell::new(false));
    let look = Rc::new(move || {
        let (first, last) = visible(&node, known.peek_with(|part| part.start));
        let want = known.peek_with(|part| part.want(first, last));
        if let Some(want) = want.filter(|_| node.is_connected()) {
            fetch(want);
        }
    });
    let soon = Rc::new(move || {
        if !pending.replace(true) {
            let (look, pending) = (Rc::clone(&look), Rc::clone(&pending));
            next_frame(move || {
                pending.set(false);
                look();
            });
        }
    });
    for event in ["scroll", "resize"] {
        let soon = Rc::clone(&soon);
        listen(&window(), event, move |_| soon());
    }
    let part = part.clone();
    effect(move || {
        part.with(|_| ());
        soon();
    });
}

/// Indices of the first and the last row that can be seen.
fn visible(list: &Element, start: usize) -> (usize, usize) {
    let row = row_px();
    let top = list.get_bounding_client_rect().top() - start as f64 * row;
    let high = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(800.0);
    let first = (-top / row).max(0.0) as usize;
    (first, first + (high / row).ceil() as usize)
}

fn listed(part: &Part) -> Vec<(String, Item)> {
    let rows = part.rows.iter().zip(part.start..);
    let items = rows.map(|(row, index)| Item { index, len: part.len, row: row.clone() });
    keys(&part.rows).into_iter().zip(items).collect()
}

/// Empty room for rows that are not there.
fn room(rows: impl Fn() -> usize + 'static) -> El {
    div("room")
        .attr("aria-hidden", "true")
        .style_of("height", move || format!("{}rem", css(rows() as f64 * ROW_REM)))
}

/// An item of the list, with its place for screen readers.
pub fn list_item(item: &Signal<Item>) -> El {
    let (place, size) = (item.clone(), item.clone());
    el("li")
        .class("row")
        .attr_of("aria-posinset", move || Some((place.with(|item| item.index) + 1).to_string()))
        .attr_of("aria-setsize", move || {
            Some(size.with(|item| item.len).map_or_else(|| "-1".to_owned(), |len| len.to_string()))
        })
}
