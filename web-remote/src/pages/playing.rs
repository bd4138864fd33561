//! What plays: cover, names, scale, transport, volume.

use protocol::remote::capability;
use protocol::remote::{Answer, Question, Row};

use crate::app::App;
use crate::text;
use crate::ui::{El, Signal, div, effect, el};
use crate::widgets::player::{cover, heart, repeat, seek, shuffle, title, transport};
use crate::widgets::sleep::sleep;
use crate::widgets::spectrum::spectrum;
use crate::widgets::volume::volume;

/// Tracks shown as coming next on wide screens.
const NEXT_ROWS: usize = 8;

pub fn page(app: &'static App) -> El {
    let name = el("h1").class("now-title").attr("tabindex", "-1").text_of(move || title(app));
    let names = div("now-names")
        .child(name)
        .child(el("p").class("now-artist").text_of(move || {
            if app.ready.get() && app.now.with(|now| now.title.is_empty()) {
                return text::NOTHING_WHY.into();
            }
            app.now.with(|now| now.artist.clone())
        }))
        .child(el("p").class("now-album").text_of(move || app.now.with(|now| now.album.clone())));
    let info = div("now-info")
        .child(el("span").text_of(move || {
            app.queue
                .with(|queue| if queue.len > 0 { text::place(queue.index, queue.len) } else { String::new() })
        }))
        .child(el("span").class("dim").text_of(move || app.now.with(|now| now.format.clone())));
    let tools = div("now-tools")
        .child(shuffle(app))
        .child(repeat(app))
        .maybe(app.can(capability::FAVOURITES).then(|| heart(app)))
        .maybe(app.can(capability::SLEEP).then(|| sleep(app)));
    let deck = div("now-deck")
        .child(info)
        .child(names)
        .maybe(app.can(capability::SPECTRUM).then(|| spectrum(app)))
        .child(seek(app))
        .child(transport(app))
        .child(volume(app))
        .child(tools);
    div("now").child(cover(app, "cover-big")).child(deck).child(next(app))
}

/// What comes next, on screens that have room for it.
fn next(app: &'static App) -> El {
    let rows = Signal::new(Vec::<(usize, Row)>::new());
    let fetched = rows.clone();
    effect(move || {
        let queue = app.queue.get();
        let from = queue.index + 1;
        if queue.len <= from || app.link.standing.get() != crate::net::link::Standing::Online {
            return fetched.put(Vec::new());
        }
        let fetched = fetched.clone();
        app.ask(Question::Queue { from, limit: NEXT_ROWS }, move |answer| {
            if let Ok(Answer::Queue(part)) = answer {
                fetched.put((part.from..).zip(part.rows).collect());
            }
        });
    });
    let some = rows.clone();
    el("section")
        .class("now-next")
        .attr("aria-label", text::UP_NEXT)
        .flag_of("hidden", move || some.with(Vec::is_empty))
        .child(el("h2").text(text::UP_NEXT))
        .child(el("ol").class("next-rows").attr("role", "list").each(
            move || {
                rows.with(|rows| rows.iter().map(|(at, row)| (at.to_string(), (*at, row.clone()))).collect())
            },
            move |entry: Signal<(usize, Row)>| {
                let (name, artist, pressed) = (entry.clone(), entry.clone(), entry);
                el("li").child(
                    el("button")
                        .class("next-row")
                        .attr("type", "button")
                        .child(
                            el("span").class("name").text_of(move || name.with(|(_, row)| row.name.clone())),
                        )
                        .child(
                            el("span")
                                .class("sub")
                                .text_of(move || artist.with(|(_, row)| row.artist.clone())),
                        )
                        .on("click", move |_| {
                            let index = pressed.peek_with(|(at, _)| *at);
                            app.send(protocol::Command::PlayQueueEntry { index });
                        })
                        .controls(app),
                )
            },
        ))
}
