//! Buttons, all with a name for screen readers and a target no finger misses.

use crate::app::App;
use crate::icons::{Icon, icon, icon_of};
use crate::ui::{El, div, el};

/// A button with words.
pub fn button(label: &str, kind: &str, pressed: impl Fn() + 'static) -> El {
    el("button")
        .class("button")
        .attr("data-kind", kind)
        .attr("type", "button")
        .text(label)
        .on("click", move |_| pressed())
}

/// A button with an icon only; its name is its tool tip too.
pub fn tool(glyph: Icon, label: &str, pressed: impl Fn() + 'static) -> El {
    el("button")
        .class("icon-button")
        .attr("type", "button")
        .attr("aria-label", label)
        .attr("title", label)
        .child(icon(glyph))
        .on("click", move |_| pressed())
}

/// An icon button that is on or off.
pub fn toggle(
    glyph: impl Fn(bool) -> Icon + Clone + 'static,
    label: &'static str,
    on: impl Fn() -> bool + Clone + 'static,
    pressed: impl Fn() + 'static,
) -> El {
    let drawn = on.clone();
    el("button")
        .class("icon-button")
        .attr("type", "button")
        .attr("aria-label", label)
        .attr("title", label)
        .attr_of("aria-pressed", move || Some(if on() { "true" } else { "false" }.into()))
        .child(icon_of(move || glyph(drawn())))
        .on("click", move |_| pressed())
}

impl El {
    /// Changes the unit: off for guests and while there is no connection.
    pub fn controls(self, app: &'static App) -> El {
        self.flag_of("disabled", move || !app.may_control())
    }
}

/// One of a few: radio buttons as segments.
pub fn choice(
    name: &'static str,
    legend: &str,
    options: &[(&'static str, &'static str)],
    chosen: impl Fn() -> String + Clone + 'static,
    choose: impl Fn(&'static str) + Clone + 'static,
) -> El {
    let segments = options.iter().fold(div("segments"), |segments, &(value, label)| {
        let (chosen, choose) = (chosen.clone(), choose.clone());
        let id = format!("{name}-{value}");
        let radio = el("input").attr("type", "radio").attr("name", name).attr("id", &id).attr("value", value);
        let input = radio.0.clone();
        let radio = radio.on("change", move |_| choose(value));
        crate::ui::effect(move || {
            let on = chosen() == value;
            let _ = js_sys::Reflect::set(&input, &"checked".into(), &on.into());
        });
        segments.child(div("segment").child(radio).child(el("label").attr("for", &id).text(label)))
    });
    el("fieldset").class("choice").child(el("legend").text(legend)).child(segments)
}
