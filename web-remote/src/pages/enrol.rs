//! Letting this phone in: by the link of the unit's QR code at once, or by the six digits on its screen.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::heading;
use crate::app::App;
use crate::icons::{self, icon};
use crate::model::route::Route;
use crate::net::http::{self, Enrolled};
use crate::text;
use crate::ui::time::{Timer, every};
use crate::ui::{El, Signal, div, effect, el, listen, window};
use crate::widgets::tool;

#[derive(Clone, Default)]
struct Form {
    busy: Signal<bool>,
    /// A link's code is on its way: there is nothing to type.
    by_link: Signal<bool>,
    /// Why it was refused; empty when it was not.
    why: Signal<String>,
    /// Seconds until the unit takes another code.
    wait: Signal<u32>,
    code: Signal<String>,
    name: Signal<String>,
}

pub fn page(app: &'static App) -> El {
    let form = Form::default();
    form.name.set(device_name());
    form.take_invite(app);
    let anew = form.clone();
    listen(&window(), "hashchange", move |_| anew.take_invite(app));
    form.count_down();
    let (why, waits) = (form.why.clone(), form.wait.clone());
    let alert = el("p").class("enrol-alert").attr("role", "alert").text_of(move || match waits.get() {
        0 => why.get(),
        seconds => text::wait(seconds),
    });
    let (linked, hidden) = (form.by_link.clone(), form.by_link.clone());
    let removed = el("p")
        .class("enrol-note")
        .flag_of("hidden", move || app.removed_why.with(String::is_empty))
        .text_of(move || if app.removed_why.with(String::is_empty) { "" } else { text::REVOKED }.into());
    div("enrol")
        .child(div("enrol-mark").attr("aria-hidden", "true").child(icon(icons::SOUND)))
        .child(heading(text::ENROL))
        .child(removed)
        .child(
            el("p")
                .class("enrol-why")
                .attr("role", "status")
                .text_of(move || if linked.get() { text::CONNECTING } else { text::ENROL_WHY }.into()),
        )
        .child(fields(app, &form, alert).flag_of("hidden", move || hidden.get()))
}

fn fields(app: &'static App, form: &Form, alert: El) -> El {
    let code = el("input")
        .class("field code-field")
        .attr("id", "code")
        .attr("inputmode", "numeric")
        .attr("autocomplete", "one-time-code")
        .attr("maxlength", "6")
        .attr("aria-describedby", "code-alert");
    let input = code.0.clone().unchecked_into::<HtmlInputElement>();
    let (typed, shown, node) = (form.code.clone(), form.code.clone(), input.clone());
    effect(move || {
        let digits = shown.get();
        if node.value() != digits {
            node.set_value(&digits);
        }
    });
    let code = code.on("input", move |_| {
        typed.set(input.value().chars().filter(char::is_ascii_digit).take(6).collect());
    });
    let name =
        el("input").class("field").attr("id", "name").attr("maxlength", "40").attr("autocomplete", "off");
    let named = name.0.clone().unchecked_into::<HtmlInputElement>();
    named.set_value(&form.name.peek());
    let told = form.name.clone();
    let name = name.on("input", move |_| told.put(named.value()));
    let (sending, busy, waits, label) =
        (form.clone(), form.busy.clone(), form.wait.clone(), form.busy.clone());
    el("form")
        .class("enrol-form")
        .attr("novalidate", "")
        .child(el("label").attr("for", "code").text(text::CODE))
        .child(code)
        .child(alert.attr("id", "code-alert"))
        .child(keypad(form))
        .child(el("label").attr("for", "name").text(text::DEVICE_NAME))
        .child(name)
        .child(
            el("button")
                .class("button")
                .attr("data-kind", "main")
                .attr("type", "submit")
                .flag_of("disabled", move || busy.get() || waits.get() > 0)
                .text_of(move || if label.get() { text::CONNECTING } else { text::CONNECT }.into()),
        )
        .on("submit", move |event| {
            event.prevent_default();
            let code = sending.code.peek();
            if code.len() == 6 {
                sending.send(app, code);
            } else {
                sending.why.set(text::SIX_DIGITS.into());
            }
        })
}

/// Big keys for fingers; a keyboard types into the field.
fn keypad(form: &Form) -> El {
    let keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0"];
    let pad = div("keypad").attr("role", "group").attr("aria-label", text::DIGITS);
    let pad = keys.into_iter().fold(pad, |pad, key| {
        if key.is_empty() {
            return pad.child(div(""));
        }
        let code = form.code.clone();
        pad.child(el("button").class("key").attr("type", "button").text(key).on("click", move |_| {
            code.update(|code| {
                if code.len() < 6 {
                    code.push_str(key);
                }
            });
        }))
    });
    let code = form.code.clone();
    pad.child(
        tool(icons::BACK, text::ERASE, move || {
            code.update(|code| {
                code.pop();
            });
        })
        .class("key"),
    )
}

impl Form {
    /// Uses the code of the unit's QR code, which stands behind the address's `#`.
    fn take_invite(&self, app: &'static App) {
        let invite = window().location().hash().unwrap_or_default();
        let invite = invite.trim_start_matches('#').to_owned();
        if !invite.is_empty() {
            // It is used up now: it has no business in the address or the history.
            app.replace_address(&Route::Enrol);
            self.send(app, invite);
        }
    }

    fn send(&self, app: &'static App, code: String) {
        if self.busy.peek() {
            return;
        }
        self.busy.set(true);
        self.why.set(String::new());
        let form = self.clone();
        let by_link = code.len() != 6;
        self.by_link.put(by_link);
        let name = self.name.peek();
        let name = if name.trim().is_empty() { device_name() } else { name };
        http::enrol(&code, &name, move |said| {
            form.busy.set(false);
            form.by_link.put(false);
            form.code.put(String::new());
            match said {
                Enrolled::In => return app.enrolled(),
                Enrolled::WrongCode(_) if by_link => form.why.set(text::LINK_USED.into()),
                Enrolled::WrongCode(left) => form.why.set(text::wrong_code(left.unwrap_or(1))),
                Enrolled::Wait(seconds) => form.wait.set(seconds),
                Enrolled::NotOpen if by_link => form.why.set(text::LINK_USED.into()),
                Enrolled::NotOpen => form.why.set(text::NOT_OPEN.into()),
                Enrolled::Unreachable => form.why.set(text::ENROL_OFFLINE.into()),
                Enrolled::Refused(why) if why.is_empty() => form.why.set(text::ENROL_FAILED.into()),
                Enrolled::Refused(why) => form.why.set(why),
            }
            if by_link {
                // A phone that is in already needs no link.
                http::session(move |known| {
                    if known == http::Known::Yes {
                        app.enrolled();
                    }
                });
            }
        });
    }

    fn count_down(&self) {
        let wait = self.wait.clone();
        let runs = crate::ui::memo(move || wait.get() > 0);
        let wait = self.wait.clone();
        let timer = RefCell::new(None::<Timer>);
        effect(move || {
            let wait = wait.clone();
            let next = runs.get().then(|| {
                every(1000, move || {
                    let left = wait.peek();
                    wait.put(left.saturating_sub(1));
                })
            });
            timer.replace(next);
        });
    }
}

/// What this phone is called until its owner says otherwise.
fn device_name() -> String {
    let agent = window().navigator().user_agent().unwrap_or_default();
    let known = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android phone"),
        ("Windows", "Windows PC"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux PC"),
    ];
    let name = known.into_iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| name);
    name.unwrap_or("Phone").to_owned()
}
