//! The sleep timer: a button that says how it stands and a sheet to set it.

use protocol::Command;

use super::button::{button, tool};
use crate::app::App;
use crate::icons;
use crate::text;
use crate::ui::dialog::sheet;
use crate::ui::{El, div, el};

const MINUTES: [u16; 6] = [15, 30, 45, 60, 90, 120];

pub fn sleep(app: &'static App) -> El {
    let label = move || Some(app.sleep_s.get().map_or_else(|| text::SLEEP.to_owned(), text::sleep_in));
    tool(icons::MOON, text::SLEEP, move || open(app))
        .attr_of("aria-label", label)
        .attr_of("title", label)
        .class_of("is-on", move || app.sleep_s.get().is_some())
        .controls(app)
}

fn open(app: &'static App) {
    sheet(text::SLEEP, |sheet| {
        let choices = MINUTES.iter().fold(div("sheet-choices"), |choices, &minutes| {
            let done = sheet.clone();
            choices.child(button(&text::minutes(minutes), "plain", move || {
                app.send(Command::SetSleep { minutes: Some(minutes) });
                done.close();
            }))
        });
        let off = app.sleep_s.peek().map(|left| {
            let done = sheet.clone();
            div("sheet-row").child(el("p").text(&text::sleep_in(left))).child(button(
                text::SLEEP_OFF,
                "quiet",
                move || {
                    app.send(Command::SetSleep { minutes: None });
                    done.close();
                },
            ))
        });
        div("sheet-body").child(el("p").text(text::SLEEP_WHY)).child(choices).maybe(off)
    });
}
