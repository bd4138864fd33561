//! One page, one file.

pub mod me;
pub mod pair;
pub mod sign_in;
mod sound_card;
mod sound_edit;
pub mod sounds;
mod stereo_actions;
pub mod stereos;
pub mod take;

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::api::Trouble;
use super::state::Account;
use super::text;
use crate::icons;
use crate::ui::time::next_frame;
use crate::ui::{El, Signal, div, document, el, memo};
use crate::widgets::button;
use crate::widgets::state::{empty, skeleton};

/// Something that is fetched: not there yet, there, or why it is not.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Fetched<T> {
    #[default]
    Waiting,
    Here(T),
    Failed(Trouble),
}

/// Shows what is fetched: a place-holder, the thing, or why not and a way to try again.
pub fn fetched<T: Clone + PartialEq + 'static>(
    what: &Signal<Fetched<T>>,
    again: impl Fn() + Clone + 'static,
    show: impl Fn(T) -> El + 'static,
) -> El {
    let state = what.clone();
    room(what, move || {
        Some(match state.get() {
            Fetched::Waiting => skeleton(),
            Fetched::Here(thing) => show(thing),
            Fetched::Failed(why) => failed(&why, again.clone()),
        })
    })
}

/// The same for what is fetched again and again: `show` is called once, and follows the signal itself.
pub fn fetched_anew<T: Clone + PartialEq + 'static>(
    what: &Signal<Fetched<T>>,
    again: impl Fn() + Clone + 'static,
    show: impl Fn() -> El + 'static,
) -> El {
    let state = what.clone();
    let rough = memo(move || {
        state.with(|what| match what {
            Fetched::Waiting => Fetched::Waiting,
            Fetched::Here(_) => Fetched::Here(()),
            Fetched::Failed(why) => Fetched::Failed(why.clone()),
        })
    });
    let busy = rough.clone();
    room(&busy, move || {
        Some(match rough.get() {
            Fetched::Waiting => skeleton(),
            Fetched::Here(()) => show(),
            Fetched::Failed(why) => failed(&why, again.clone()),
        })
    })
}

fn room<T: PartialEq + 'static>(what: &Signal<Fetched<T>>, make: impl Fn() -> Option<El> + 'static) -> El {
    let busy = what.clone();
    div("fetched")
        .attr_of("aria-busy", move || busy.with(|what| *what == Fetched::Waiting).then(|| "true".into()))
        .content_of(make)
}

fn failed(why: &Trouble, again: impl Fn() + 'static) -> El {
    empty(icons::CLOSE, &why.words(), "").child(button(text::AGAIN, "plain", again))
}

/// Keeps an answer; somebody who is signed out is asked to sign in.
pub fn keep<T: Clone + PartialEq + 'static>(
    account: &Account,
    what: &Signal<Fetched<T>>,
    answer: Result<T, Trouble>,
) {
    match answer {
        Ok(thing) => what.put(Fetched::Here(thing)),
        Err(Trouble::SignedOut) => account.trouble(&Trouble::SignedOut),
        // What is shown already stays.
        Err(_) if what.peek_with(|what| matches!(what, Fetched::Here(_))) => {}
        Err(why) => what.put(Fetched::Failed(why)),
    }
}

/// A text field with its label above it.
pub fn field(id: &str, label: &str, most: u32) -> (El, HtmlInputElement) {
    let field = el("input").class("field").attr("id", id).attr("autocomplete", "off");
    let field = field.attr("maxlength", &most.to_string());
    let input = field.0.clone().unchecked_into::<HtmlInputElement>();
    (div("labelled").child(el("label").attr("for", id).text(label)).child(field), input)
}

/// What is wrong, said at once to everybody.
pub fn alert(why: &Signal<String>) -> El {
    let why = why.clone();
    el("p").class("enrol-alert").attr("role", "alert").text_of(move || why.get())
}

/// The heading of a card that takes the place of another: the focus goes to it.
pub fn step(title: &str) -> El {
    next_frame(|| {
        if let Some(heading) = document().query_selector("main .card h2").ok().flatten() {
            crate::ui::dom::focus(&heading);
        }
    });
    div("card").child(el("h2").attr("tabindex", "-1").text(title))
}

/// A card with a heading.
pub fn card(title: &str) -> El {
    el("section").class("card").child(el("h2").text(title))
}

/// A name and its value.
pub fn fact(name: &str, value: &str) -> El {
    div("about-line").child(el("dt").text(name)).child(el("dd").text(value))
}
