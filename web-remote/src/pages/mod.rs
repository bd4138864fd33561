//! One page, one file.

pub mod cloud;
pub mod enrol;
pub mod folder;
mod library_row;
pub mod list;
pub mod music;
pub mod playing;
mod presets;
pub mod queue;
mod queue_drag;
pub mod search;
pub mod settings;
pub mod sound;

use crate::icons::Icon;
use crate::icons::{self, icon};
use crate::text;
use crate::ui::{El, div, el};

/// The head of a page: its name, and tools at its end.
pub fn head(title: El, tools: El) -> El {
    div("page-head").child(title).child(tools)
}

/// The name of a page; the focus goes here when the page is opened.
pub fn heading(text: &str) -> El {
    el("h1").attr("tabindex", "-1").text(text)
}

/// A way back to the page above.
pub fn back(address: &str) -> El {
    el("a")
        .class("icon-button")
        .link(address)
        .attr("aria-label", text::BACK)
        .attr("title", text::BACK)
        .child(icon(icons::BACK))
}

/// A row that leads to another page.
pub fn link_row(glyph: Icon, name: &str, address: &str, right: El) -> El {
    el("li").class("row").child(
        el("a")
            .class("row-main")
            .link(address)
            .child(icon(glyph))
            .child(div("texts").child(el("span").class("name").text(name)))
            .child(right)
            .child(icon(icons::FORWARD)),
    )
}
