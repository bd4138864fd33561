//! Reordering the queue by its handles: the row follows the finger, the others make room.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::queue::Queue;
use crate::icons::{self, icon};
use crate::model::format::css;
use crate::text;
use crate::ui::dom::set_style;
use crate::ui::{El, Signal, el, window};
use crate::widgets::rows::{Item, row_px};
use crate::widgets::slider::{grab, target};

/// This near to an edge of the screen the list scrolls by itself, pixels.
const EDGE_PX: f64 = 80.0;

struct Held {
    row: Element,
    from: usize,
    /// Where the finger was put down, in the page.
    y: f64,
    to: usize,
}

pub struct Dragging {
    queue: Queue,
    held: RefCell<Option<Held>>,
}

impl Dragging {
    pub fn new(queue: Queue) -> Self {
        Self { queue, held: RefCell::default() }
    }

    /// The handle of a row. Keys and screen readers have the buttons beside it.
    pub fn handle(self: &std::rc::Rc<Self>, item: &Signal<Item>, name: &str) -> El {
        let (down, way, up) = (self.clone(), self.clone(), self.clone());
        let item = item.clone();
        el("span")
            .class("grip")
            .attr("aria-hidden", "true")
            .attr("title", &text::drag(name))
            .child(icon(icons::GRIP))
            .on("pointerdown", move |event| down.begin(&event, item.peek_with(|item| item.index)))
            .on("pointermove", move |event| way.follow(&event))
            .on("lostpointercapture", move |_| up.end())
    }

    fn begin(&self, event: &Event, from: usize) {
        let Some((handle, pointer)) = grab(event).filter(|_| self.queue.app.may_control()) else { return };
        let Some(row) = handle.parent_element() else { return };
        let _ = row.class_list().add_1("is-held");
        let y = f64::from(pointer.client_y()) + scrolled();
        self.held.replace(Some(Held { row, from, y, to: from }));
    }

    fn follow(&self, event: &Event) {
        let Some((_, pointer)) = target(event) else { return };
        let mut held = self.held.borrow_mut();
        let Some(held) = held.as_mut() else { return };
        let y = f64::from(pointer.client_y());
        let way = y + scrolled() - held.y;
        let rows = (way / row_px()).round() as i64;
        let last = self.queue.app.queue.peek_with(|queue| queue.len.saturating_sub(1));
        held.to = held.from.saturating_add_signed(isize::try_from(rows).unwrap_or(0)).min(last);
        set_style(&held.row, "transform", &format!("translateY({}px)", css(way)));
        self.make_room(held);
        let high = window().inner_height().ok().and_then(|high| high.as_f64()).unwrap_or(0.0);
        if y < EDGE_PX + 40.0 {
            window().scroll_by_with_x_and_y(0.0, -12.0);
        } else if y > high - EDGE_PX - 60.0 {
            window().scroll_by_with_x_and_y(0.0, 12.0);
        }
    }

    /// Rows between the old and the new place move by one.
    fn make_room(&self, held: &Held) {
        let start = self.queue.part.peek_with(|part| part.start);
        each_row(&held.row, |index, row| {
            let index = start + index;
            let shift = if index > held.from && index <= held.to {
                -1.0
            } else if index < held.from && index >= held.to {
                1.0
            } else {
                0.0
            };
            if index != held.from {
                set_style(row, "transform", &format!("translateY({}px)", css(shift * row_px())));
            }
        });
    }

    fn end(&self) {
        let Some(held) = self.held.take() else { return };
        let _ = held.row.class_list().remove_1("is-held");
        each_row(&held.row, |_, row| set_style(row, "transform", ""));
        self.queue.move_entry(held.from, held.to);
    }
}

fn each_row(one: &Element, mut with: impl FnMut(usize, &Element)) {
    let mut next = one.parent_element().and_then(|list| list.first_element_child());
    let mut index = 0;
    while let Some(row) = next {
        with(index, &row);
        index += 1;
        next = row.next_element_sibling().and_then(|row| row.dyn_into().ok());
    }
}

fn scrolled() -> f64 {
    window().scroll_y().unwrap_or(0.0)
}
