//! Modal sheets: the browser's own `dialog`, which keeps the focus inside and gives it back.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlInputElement};

use super::dom::{El, div, document, el};
use super::signal::Scope;
use super::time::next_frame;
use crate::icons::{self, icon};
use crate::text;

/// An open sheet; clones close the same one.
#[derive(Clone)]
pub struct Sheet(HtmlDialogElement);

impl Sheet {
    pub fn close(&self) {
        self.0.close();
    }
}

/// Opens a sheet with a heading and what `content` makes; it ends by its own buttons, Escape or a tap beside
/// it.
pub fn sheet(title: &str, content: impl FnOnce(&Sheet) -> El) {
    let scope = Rc::new(RefCell::new(Some(Scope::default())));
    let ended = Rc::clone(&scope);
    let Some(build) = scope.borrow_mut().take() else { return };
    let dialog = build.run(|| {
        let dialog = el("dialog").class("sheet").attr("aria-labelledby", "sheet-title");
        let sheet = dialog.0.dyn_ref::<HtmlDialogElement>().cloned().map(Sheet)?;
        let close = sheet.clone();
        let head = div("sheet-head").child(el("h2").attr("id", "sheet-title").text(title)).child(
            el("button")
                .class("icon-button")
                .attr("type", "button")
                .attr("aria-label", text::CLOSE)
                .child(icon(icons::CLOSE))
                .on("click", move |_| close.close()),
        );
        let inner = div("sheet-inner").child(head).child(content(&sheet));
        let backdrop = sheet.clone();
        let gone = sheet.clone();
        let dialog = dialog
            .child(inner)
            .on("click", move |event| {
                if is_target(&event, &backdrop.0) {
                    backdrop.close();
                }
            })
            .on("close", move |_| {
                gone.0.remove();
                // The listener that runs now is part of what ends: not before it has returned.
                let ended = ended.take();
                next_frame(move || drop(ended));
            });
        let _ = document().body().map(|body| body.append_child(&dialog.0));
        let _ = sheet.0.show_modal();
        Some(sheet)
    });
    if dialog.is_some() {
        scope.replace(Some(build));
    }
}

fn is_target(event: &Event, element: &HtmlDialogElement) -> bool {
    let own: &web_sys::EventTarget = element;
    event.target().as_ref() == Some(own)
}

/// Asks before something that cannot be taken back.
pub fn confirm(title: &str, explain: &str, action: &str, yes: impl Fn() + 'static) {
    sheet(title, |sheet| {
        let (done, no) = (sheet.clone(), sheet.clone());
        div("sheet-body").child(el("p").text(explain)).child(
            div("row-end").child(plain_button(text::CANCEL, "quiet", move || no.close())).child(
                plain_button(action, "danger", move || {
                    done.close();
                    yes();
                }),
            ),
        )
    });
}

/// Asks for a name.
pub fn ask_name(title: &str, label: &str, before: &str, action: &str, given: impl Fn(String) + 'static) {
    sheet(title, |sheet| {
        let field = el("input").class("field").attr("id", "sheet-name").attr("maxlength", "100");
        let field = field.attr("autocomplete", "off").attr("enterkeyhint", "done").attr("required", "");
        let input = field.0.clone().unchecked_into::<HtmlInputElement>();
        input.set_value(before);
        let (done, no) = (sheet.clone(), sheet.clone());
        el("form")
            .class("sheet-body")
            .child(el("label").attr("for", "sheet-name").text(label))
            .child(field)
            .child(
                div("row-end")
                    .child(plain_button(text::CANCEL, "quiet", move || no.close()))
                    .child(el("button").class("button").attr("type", "submit").text(action)),
            )
            .on("submit", move |event| {
                event.prevent_default();
                let name = input.value().trim().to_owned();
                if !name.is_empty() {
                    done.close();
                    given(name);
                }
            })
    });
}

fn plain_button(label: &str, kind: &str, pressed: impl Fn() + 'static) -> El {
    el("button")
        .class("button")
        .attr("data-kind", kind)
        .attr("type", "button")
        .text(label)
        .on("click", move |_| pressed())
}
