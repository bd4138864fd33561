//! The queue: jump, reorder, remove, clear, keep as a playlist.

use std::rc::Rc;

use protocol::remote::{Answer, MAX_ROWS, Question, Row, capability};
use protocol::{Command, MusicRef};

use super::queue_drag::Dragging;
use super::{head, heading};
use crate::app::App;
use crate::icons::{self, icon_of};
use crate::model::format::{clock, count};
use crate::model::list::{PART, Part, Want};
use crate::net::link::Standing;
use crate::text;
use crate::ui::dialog::confirm;
use crate::ui::time::next_frame;
use crate::ui::{El, Signal, div, effect, el, window};
use crate::widgets::actions;
use crate::widgets::rows::{Item, list_item, row_px, rows};
use crate::widgets::state::empty;
use crate::widgets::tool;

/// The queue as this page knows it.
#[derive(Clone)]
pub struct Queue {
    pub app: &'static App,
    pub part: Signal<Part>,
    busy: Signal<bool>,
    revision: Signal<u64>,
}

pub fn page(app: &'static App) -> El {
    let queue = Queue { app, part: Signal::default(), busy: Signal::default(), revision: Signal::default() };
    queue.follow();
    let editing = Signal::new(false);
    let (edits, shown) = (editing.clone(), editing.clone());
    let fetch = queue.clone();
    let dragging = Rc::new(Dragging::new(queue.clone()));
    let list = rows(
        text::QUEUE,
        queue.part.clone(),
        move |want| fetch.fetch(want),
        move |item| row(&queue, &item, &dragging),
    );
    let is_empty = move || app.ready.get() && app.queue.with(|queue| queue.len == 0);
    let body = div("queue").class_of("is-editing", move || shown.get()).child(list);
    div("page").child(head(title(app), tools(app, edits))).child(body.flag_of("hidden", is_empty)).child(
        div("").content_of(move || {
            is_empty().then(|| {
                empty(icons::QUEUE, text::QUEUE_EMPTY, text::QUEUE_EMPTY_WHY)
                    .child(el("a").class("button").link("/music").text(text::TO_MUSIC))
            })
        }),
    )
}

fn title(app: &'static App) -> El {
    div("page-title").child(heading(text::QUEUE)).child(el("span").class("dim").text_of(move || {
        app.queue.with(|queue| match queue.len {
            0 => String::new(),
            len => format!("{} / {}", count(queue.index as u64 + 1), count(len as u64)),
        })
    }))
}

fn tools(app: &'static App, editing: Signal<bool>) -> El {
    if !app.can(capability::QUEUE_EDIT) {
        return div("page-tools");
    }
    let (filled, shown, named, pressed) = (editing.clone(), editing.clone(), editing.clone(), editing);
    let edit = el("button")
        .class("button edit-queue")
        .attr_of("data-kind", move || Some(if filled.get() { "filled" } else { "quiet" }.into()))
        .attr("type", "button")
        .attr_of("aria-label", move || {
            Some(if shown.get() { text::DONE_EDITING } else { text::EDIT_QUEUE }.into())
        })
        .text_of(move || if named.get() { text::DONE } else { text::EDIT }.into())
        .on("click", move |_| pressed.update(|on| *on = !*on))
        .controls(app);
    let save = app.can(capability::PLAYLISTS).then(|| {
        tool(icons::PLAYLIST, text::SAVE_QUEUE, move || actions::new_playlist(app, Some(MusicRef::Queue)))
            .controls(app)
    });
    let clear = tool(icons::ERASE, text::CLEAR_QUEUE, move || {
        confirm(text::CLEAR_QUEUE, text::CLEAR_WHY, text::CLEAR, move || app.send(Command::ClearQueue));
    });
    div("page-tools").child(edit).maybe(save).child(clear.controls(app))
}

impl Queue {
    /// Fetches the queue again whenever the unit has another one.
    fn follow(&self) {
        let queue = self.clone();
        effect(move || {
            let info = queue.app.queue.get();
            let online = queue.app.link.standing.get() == Standing::Online;
            if !online {
                // The unit may come back with another queue under the same number.
                return queue.revision.put(u64::MAX);
            }
            if info.len == 0 {
                return queue.part.put(Part::default());
            }
            let known = queue.part.peek_with(|part| part.known);
            if !known {
                queue.begin(info.index);
            } else if queue.revision.peek() != info.revision {
                queue.again();
            }
        });
    }

    /// The first look: around what plays.
    fn begin(&self, index: usize) {
        let from = if index < 4 { 0 } else { index.saturating_sub(PART / 2) };
        let app = self.app;
        self.ask(from, PART, move |part, rows, from, len| {
            part.update(|part| {
                let end = from + rows.len() >= len;
                part.begin(from, rows, Some(len), end);
            });
            if index >= 4 && app.route.peek() == crate::model::route::Route::Queue {
                next_frame(move || {
                    window().scroll_to_with_x_and_y(0.0, (index as f64 - 2.0) * row_px());
                });
            }
        });
    }

    /// The same rows of a queue that has changed.
    fn again(&self) {
        let (start, rows) = self.part.peek_with(|part| (part.start, part.rows.len()));
        let queue = self.clone();
        self.gather(start, rows.max(PART), Vec::new(), move |rows, len| {
            let end = start + rows.len() >= len;
            queue.part.update(|part| part.begin(start, rows, Some(len), end));
        });
    }

    /// Asks for more rows than one answer holds.
    fn gather(
        &self,
        from: usize,
        wanted: usize,
        so_far: Vec<Row>,
        done: impl FnOnce(Vec<Row>, usize) + 'static,
    ) {
        let queue = self.clone();
        self.ask(from, wanted.min(MAX_ROWS), move |_, rows, from, len| {
            let (got, mut all) = (rows.len(), so_far);
            all.extend(rows);
            if got == 0 || got >= wanted || from + got >= len {
                return done(all, len);
            }
            queue.gather(from + got, wanted - got, all, Box::new(done) as Box<dyn FnOnce(Vec<Row>, usize)>);
        });
    }

    fn fetch(&self, want: Want) {
        if self.busy.peek() {
            return;
        }
        let (start, end) = self.part.peek_with(|part| (part.start, part.end()));
        let (from, limit) = match want {
            Want::After => (end, PART),
            Want::Before => (start.saturating_sub(PART), start.min(PART)),
            Want::From(_) if !self.part.peek_with(|part| part.known) => return,
            Want::From(from) => (from, PART),
        };
        self.ask(from, limit, move |part, rows, from, len| {
            part.update(|part| match want {
                Want::After => part.append(rows, from + limit >= len),
                Want::Before => part.prepend(rows, from == 0),
                Want::From(_) => {
                    let end = from + rows.len() >= len;
                    part.begin(from, rows, Some(len), end);
                }
            });
        });
    }

    fn ask(
        &self,
        from: usize,
        limit: usize,
        took: impl FnOnce(&Signal<Part>, Vec<Row>, usize, usize) + 'static,
    ) {
        self.busy.put(true);
        let queue = self.clone();
        self.app.ask(Question::Queue { from, limit }, move |answer| {
            queue.busy.put(false);
            if let Ok(Answer::Queue(answer)) = answer {
                queue.revision.put(answer.revision);
                took(&queue.part, answer.rows, answer.from, answer.len);
            }
        });
    }

    /// Moves an entry here at once and on the unit.
    pub fn move_entry(&self, from: usize, to: usize) {
        let len = self.app.queue.peek_with(|queue| queue.len);
        if from == to || to >= len || !self.app.may_control() {
            return;
        }
        let name = self
            .part
            .peek_with(|part| part.rows.get(from.wrapping_sub(part.start)).map(|row| row.name.clone()));
        self.part.update(|part| part.move_row(from, to));
        self.app.send(Command::MoveQueueEntry { from, to });
        self.app.say(&text::moved(&name.unwrap_or_default(), to + 1));
    }

    fn remove(&self, index: usize, name: &str) {
        self.part.update(|part| part.remove_row(index));
        self.app.send(Command::RemoveQueueEntry { index });
        self.app.say(&text::removed(name));
    }
}

fn row(queue: &Queue, item: &Signal<Item>, dragging: &Rc<Dragging>) -> El {
    let app = queue.app;
    let at = {
        let item = item.clone();
        move || item.peek_with(|item| item.index)
    };
    let here = item.clone();
    let current = move || here.with(|item| item.index) == app.queue.with(|queue| queue.index);
    let (shown, jump) = (current.clone(), at.clone());
    let data = item.peek_with(|item| item.row.clone());
    let length = data.duration_ms.map_or_else(String::new, |ms| clock(ms as f64 / 1000.0));
    let sub = if data.artist.is_empty() { data.album.clone() } else { data.artist.clone() };
    let main = el("button")
        .class("row-main")
        .attr("type", "button")
        .child(icon_of(move || if shown() { icons::PLAYING } else { icons::TRACK }))
        .child(
            div("texts")
                .child(el("span").class("name").text(&data.name))
                .child(el("span").class("sub").text(&sub)),
        )
        .child(el("span").class("right").text(&length))
        .on("click", move |_| app.send(Command::PlayQueueEntry { index: jump() }))
        .controls(app);
    let marked = current.clone();
    let line = list_item(item)
        .class_of("is-playing", current)
        .attr_of("aria-current", move || marked().then(|| "true".into()))
        .child(main);
    if !app.can(capability::QUEUE_EDIT) {
        return line;
    }
    let (up, down, gone) = (queue.clone(), queue.clone(), queue.clone());
    let (at_up, at_down, at_gone) = (at.clone(), at.clone(), at);
    let name = data.name;
    let edits = div("row-edits")
        .child(tool(icons::UP, &text::move_up(&name), move || {
            let from = at_up();
            up.move_entry(from, from.saturating_sub(1));
        }))
        .child(tool(icons::DOWN, &text::move_down(&name), move || {
            let from = at_down();
            down.move_entry(from, from + 1);
        }))
        .child(tool(icons::CLOSE, &text::remove(&name), {
            let name = name.clone();
            move || gone.remove(at_gone(), &name)
        }));
    line.child(edits).child(dragging.handle(item, &name))
}
