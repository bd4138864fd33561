//! Search as one types.

use std::cell::RefCell;

use protocol::remote::{Answer, Question, Row, RowKind};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlInputElement;

use super::head;
use super::library_row::library_row;
use crate::app::App;
use crate::icons::{self, icon};
use crate::model::route::Route;
use crate::net::link::Standing;
use crate::text;
use crate::ui::time::{Timer, after};
use crate::ui::{El, Signal, div, effect, el, window};
use crate::widgets::rows::Item;
use crate::widgets::state::empty;
use crate::widgets::tool;

/// Of each kind.
const LIMIT: usize = 20;
/// A pause in typing this long asks the unit.
const PAUSE_MS: i32 = 120;

#[derive(Clone, Default, PartialEq)]
struct Found {
    /// What was asked.
    words: String,
    rows: Vec<Row>,
}

pub fn page(app: &'static App, words: &str) -> El {
    let typed = Signal::new(words.to_owned());
    let found = Signal::<Option<Found>>::default();
    follow(app, &typed, &found);
    let field = field(words, &typed);
    let (kinds, said) = (found.clone(), found.clone());
    let results = div("results").content_of(move || Some(results(app, kinds.get())));
    let status = el("p").class("visually-hidden").attr("role", "status").text_of(move || {
        said.with(|found| match found {
            Some(found) if found.rows.is_empty() => text::nothing_found(&found.words),
            Some(found) => text::n_found(found.rows.len()),
            None => String::new(),
        })
    });
    let title = el("h1").class("visually-hidden").attr("tabindex", "-1").text(text::SEARCH);
    div("page").child(title).child(head(field, div(""))).child(status).child(results)
}

fn field(words: &str, typed: &Signal<String>) -> El {
    let input = el("input")
        .class("field search-field")
        .attr("type", "search")
        .attr("aria-label", text::SEARCH)
        .attr("placeholder", text::SEARCH_HINT)
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .attr("enterkeyhint", "search")
        .attr("maxlength", "200");
    let node = input.0.clone().unchecked_into::<HtmlInputElement>();
    node.set_value(words);
    let (read, written, cleared) = (node.clone(), typed.clone(), typed.clone());
    let (empty, focused) = (typed.clone(), node.clone());
    let input = input.on("input", move |_| written.put(read.value()));
    let clear = tool(icons::CLOSE, text::CLEAR_SEARCH, move || {
        node.set_value("");
        cleared.put(String::new());
        let _ = node.focus();
    });
    crate::ui::time::next_frame(move || {
        let _ = focused.focus();
    });
    div("search-box")
        .child(icon(icons::SEARCH))
        .child(input)
        .child(clear.flag_of("hidden", move || empty.with(String::is_empty)))
}

/// Asks when the typing pauses; answers to what is no longer there are passed over.
fn follow(app: &'static App, typed: &Signal<String>, found: &Signal<Option<Found>>) {
    let (typed, found) = (typed.clone(), found.clone());
    let pause = RefCell::new(None::<Timer>);
    let began = std::cell::Cell::new(true);
    effect(move || {
        let words = typed.get();
        let online = app.link.standing.get() == Standing::Online;
        if !began.replace(false) {
            let address = Route::Search(words.clone()).address();
            if let Ok(history) = window().history() {
                let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
            }
        }
        pause.take();
        if words.trim().is_empty() {
            return found.put(None);
        }
        if !online {
            return;
        }
        let (typed, found) = (typed.clone(), found.clone());
        pause.replace(Some(after(PAUSE_MS, move || {
            let (typed, found, words) = (typed.clone(), found.clone(), words.clone());
            app.ask(Question::Search { text: words.clone(), limit: LIMIT }, move |answer| {
                if typed.peek_with(|now| *now != words) {
                    return;
                }
                match answer {
                    Ok(Answer::Found(rows)) => found.put(Some(Found { words, rows })),
                    Err(refusal) => app.say(&refusal.message),
                    Ok(_) => {}
                }
            });
        })));
    });
}

fn results(app: &'static App, found: Option<Found>) -> El {
    let Some(found) = found else {
        return empty(icons::SEARCH, text::SEARCH_EMPTY, text::SEARCH_EMPTY_WHY);
    };
    if found.rows.is_empty() {
        return empty(icons::SEARCH, &text::nothing_found(&found.words), text::SEARCH_EMPTY_WHY);
    }
    let groups = [
        (text::SONGS, &[RowKind::Track][..]),
        (text::ARTISTS, &[RowKind::Artist]),
        (text::ALBUMS, &[RowKind::Album]),
    ];
    groups.into_iter().fold(div("groups"), |all, (name, kinds)| {
        let rows: Vec<_> = found.rows.iter().filter(|row| kinds.contains(&row.kind)).collect();
        if rows.is_empty() {
            return all;
        }
        let len = Some(rows.len());
        let list = el("ul").class("rows").attr("role", "list").attr("aria-label", name);
        let list = rows.into_iter().enumerate().fold(list, |list, (index, row)| {
            let item = Signal::new(Item { index, len, row: row.clone() });
            list.child(library_row(app, &item, None, Route::of_row))
        });
        all.child(el("section").child(el("h2").class("section").text(name)).child(list))
    })
}
