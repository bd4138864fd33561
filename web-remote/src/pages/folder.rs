//! A folder of a medium.

use std::cell::Cell;
use std::rc::Rc;

use protocol::Command;
use protocol::remote::{Answer, Question, Row, RowKind, capability};

use super::library_row::library_row;
use super::{back, head, heading};
use crate::app::App;
use crate::icons;
use crate::model::list::{PART, Part, Want};
use crate::model::route::Route;
use crate::net::link::Standing;
use crate::text;
use crate::ui::{El, Signal, div, effect};
use crate::widgets::rows::rows;
use crate::widgets::state::empty;
use crate::widgets::{button, tool};

pub fn title(app: &App, medium: &str, path: &str) -> String {
    if let Some(name) = path.rsplit('/').next().filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    let name = |media: &[protocol::MediumInfo]| {
        media.iter().find(|known| known.id == medium).map(|known| known.name.clone())
    };
    app.library.peek_with(|library| name(&library.media)).unwrap_or_else(|| text::FOLDERS.into())
}

pub fn page(app: &'static App, medium: &str, path: &str) -> El {
    let part = Signal::<Part>::default();
    let full = Signal::<Option<String>>::default();
    let busy = Rc::new(Cell::new(false));
    let (of, at) = (medium.to_owned(), path.to_owned());
    let (known, whole) = (part.clone(), full.clone());
    let fetch = Rc::new(move |want: Want| {
        if busy.replace(true) {
            return;
        }
        let from = known.peek_with(|part| match want {
            Want::After => part.end(),
            Want::Before => part.start.saturating_sub(PART),
            Want::From(from) => from,
        });
        let limit = if want == Want::Before { known.peek_with(|part| part.start.min(PART)) } else { PART };
        let question = Question::Folder { medium: of.clone(), path: at.clone(), from, limit };
        let (known, whole, done) = (known.clone(), whole.clone(), Rc::clone(&busy));
        app.ask(question, move |answer| {
            done.set(false);
            let Ok(Answer::Folder(answer)) = answer else {
                return known.update(|part| part.begin(0, Vec::new(), None, true));
            };
            whole.put(answer.full_path);
            let end = answer.from + answer.rows.len() >= answer.len;
            known.update(|part| match want {
                Want::After => part.append(answer.rows, end),
                Want::Before => part.prepend(answer.rows, answer.from == 0),
                Want::From(_) => part.begin(answer.from, answer.rows, Some(answer.len), end),
            });
        });
    });
    let (first, fetching) = (Rc::clone(&fetch), fetch);
    let started = part.clone();
    effect(move || {
        if app.link.standing.get() == Standing::Online && !started.peek_with(|part| part.known) {
            first(Want::From(0));
        }
    });
    let above = match path.rsplit_once('/') {
        _ if path.is_empty() => Route::Music,
        Some((above, _)) => Route::Folder { medium: medium.into(), path: above.into() },
        None => Route::Folder { medium: medium.into(), path: String::new() },
    };
    let name = title(app, medium, path);
    let (of, at) = (medium.to_owned(), path.to_owned());
    let body = rows(
        &name,
        part.clone(),
        move |want| fetching(want),
        move |item| {
            let (of, at) = (of.clone(), at.clone());
            library_row(app, &item, None, move |row| below(row, &of, &at))
        },
    );
    let is_empty = move || part.with(|part| part.known && part.rows.is_empty());
    div("page")
        .child(head(div("page-title").child(back(&above.address())).child(heading(&name)), tools(app, full)))
        .child(body)
        .child(div("").content_of(move || {
            is_empty().then(|| empty(icons::FOLDER, text::EMPTY_LIST, text::EMPTY_OTHER))
        }))
}

/// The folder a row of a folder leads to.
fn below(row: &Row, medium: &str, path: &str) -> Option<Route> {
    let inside = if path.is_empty() { row.name.clone() } else { format!("{path}/{}", row.name) };
    (row.kind == RowKind::Folder).then(|| Route::Folder { medium: medium.into(), path: inside })
}

fn tools(app: &'static App, full: Signal<Option<String>>) -> El {
    let (played, queued) = (full.clone(), full);
    let play = button(text::PLAY_ALL, "plain", move || {
        if let Some(path) = played.peek() {
            app.send(Command::PlayPath { path });
        }
    });
    let add = app.can(capability::QUEUE_EDIT).then(|| {
        tool(icons::ADD, text::ENQUEUE, move || {
            if let Some(path) = queued.peek() {
                app.send(Command::Enqueue { path });
            }
        })
        .controls(app)
    });
    div("page-tools").child(play.controls(app)).maybe(add)
}
