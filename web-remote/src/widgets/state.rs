//! Lists that hold nothing, and lists on their way.

use crate::icons::{Icon, icon};
use crate::ui::{El, div, el};

/// Why there is nothing to see, and what to do about it.
pub fn empty(glyph: Icon, title: &str, why: &str) -> El {
    div("empty").child(icon(glyph)).child(el("p").class("empty-title").text(title)).child(el("p").text(why))
}

/// Rows that are on their way, in the place they will take.
pub fn skeleton() -> El {
    (0..8).fold(div("skeletons").attr("aria-hidden", "true"), |all, _| all.child(div("skeleton")))
}
