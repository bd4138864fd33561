//! Adding a stereo: the code on its screen, a look at which it is, and a press of its knob.

use std::cell::RefCell;

use protocol::cloud::{PairApproved, PairFound, PairLookup, PairStage, UserCode};

use super::{alert, fact, field, step};
use crate::account::api::{Trouble, ask};
use crate::account::route::Route;
use crate::account::state::Account;
use crate::account::text;
use crate::icons::{self, icon};
use crate::pages::{back, head, heading};
use crate::ui::time::{Timer, after, every};
use crate::ui::{El, Signal, batch, div, effect, el};
use crate::widgets::button;

/// The stereo is asked after this often, once the person has approved.
const POLL_MS: i32 = 2_000;

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq)]
enum Stage {
    /// A code is typed.
    #[default]
    Code,
    /// Which stereo shows it.
    Found(PairFound),
    /// It asks for a press.
    Press(PairFound),
    Paired(PairFound),
    Denied,
    Expired,
}

#[derive(Clone, Default)]
struct Pairing {
    stage: Signal<Stage>,
    /// The code is looked up.
    looking: Signal<bool>,
    code: Signal<String>,
    why: Signal<String>,
    /// Seconds until the code ends.
    left: Signal<u32>,
}

pub fn page(account: &'static Account, code: &str) -> El {
    let pairing = Pairing::default();
    if let Some(code) = UserCode::parse(code) {
        pairing.code.put(code.to_string());
        pairing.look_up(account);
    }
    pairing.count_down();
    let title = head(div("page-title").child(back("/")).child(heading(text::ADD)), div(""));
    let stage = pairing.stage.clone();
    div("page narrow").child(title).child(div("").content_of(move || {
        Some(match stage.get() {
            Stage::Code => pairing.form(account),
            Stage::Found(unit) => pairing.found(account, &unit),
            Stage::Press(unit) => pairing.press(account, &unit),
            Stage::Paired(unit) => paired(&unit),
            Stage::Denied => pairing.ended(account, text::DENIED, text::DENIED_WHY),
            Stage::Expired => pairing.ended(account, text::EXPIRED, text::EXPIRED_WHY),
        })
    }))
}

impl Pairing {
    fn form(&self, account: &'static Account) -> El {
        // Typed as printed: letters only, with the dash in its place.
        let (room, input) = field("pair-code", text::CODE, 12);
        let _ = input.set_attribute("class", "field code-field pair-code");
        for (name, value) in [
            ("autocapitalize", "characters"),
            ("spellcheck", "false"),
            ("placeholder", "XXXX-XXXX"),
            ("aria-describedby", "pair-why pair-alert"),
            ("enterkeyhint", "go"),
        ] {
            let _ = input.set_attribute(name, value);
        }
        input.set_value(&self.code.peek());
        let (typed, node) = (self.code.clone(), input.clone());
        let room = room.on("input", move |_| {
            let text = shaped(&node.value());
            if node.value() != text {
                node.set_value(&text);
            }
            typed.put(text);
        });
        let (sending, busy, label) = (self.clone(), self.looking.clone(), self.looking.clone());
        let go = el("button")
            .class("button")
            .attr("type", "submit")
            .flag_of("disabled", move || busy.get())
            .text_of(move || if label.get() { text::FINDING } else { text::FIND }.into());
        el("form")
            .class("enrol-form")
            .attr("novalidate", "")
            .child(el("p").class("dim").attr("id", "pair-why").text(text::CODE_WHY))
            .child(room)
            .child(alert(&self.why).attr("id", "pair-alert"))
            .child(go)
            .on("submit", move |event| {
                event.prevent_default();
                sending.look_up(account);
            })
    }

    fn look_up(&self, account: &'static Account) {
        let Some(code) = UserCode::parse(&self.code.peek()) else {
            return self.why.set(text::CODE_SHAPE.into());
        };
        self.why.set(String::new());
        self.looking.put(true);
        let pairing = self.clone();
        ask("POST", "/api/pair/lookup").with(&PairLookup { user_code: code.to_string() }).read(
            move |found: Result<PairFound, Trouble>| {
                batch(|| {
                    pairing.looking.put(false);
                    match found {
                        Ok(unit) => pairing.take(account, unit),
                        Err(why) => pairing.failed(account, &why),
                    }
                });
            },
        );
    }

    fn failed(&self, account: &'static Account, why: &Trouble) {
        match why {
            Trouble::NotFound => self.why.set(text::NO_SUCH_CODE.into()),
            Trouble::SignedOut => account.trouble(why),
            other => self.why.set(other.words()),
        }
    }

    /// Goes to where the pairing is.
    fn take(&self, account: &'static Account, unit: PairFound) {
        self.left.put(unit.expires_in);
        match unit.stage {
            PairStage::Waiting => self.stage.put(Stage::Found(unit)),
            PairStage::Paired => {
                account.replace_quietly(&Route::Pair(String::new()));
                self.stage.put(Stage::Paired(unit));
            }
            PairStage::Denied => self.stage.put(Stage::Denied),
            PairStage::Confirm => {
                // The same stereo all along: what is shown stays, so that it is said once.
                if !self.stage.peek_with(|stage| matches!(stage, Stage::Press(_))) {
                    self.stage.put(Stage::Press(unit));
                }
            }
        }
    }

    fn found(&self, account: &'static Account, unit: &PairFound) -> El {
        let (yes, no) = (self.clone(), self.clone());
        step(text::IS_IT)
            .child(facts(unit))
            .child(el("p").class("dim").text(text::IS_IT_WHY))
            .child(alert(&self.why))
            .child(
                div("row-start")
                    .child(button(text::YES_PAIR, "main", move || yes.approve(account)))
                    .child(button(text::NO_OTHER, "quiet", move || no.again(account))),
            )
    }

    fn approve(&self, account: &'static Account) {
        let pairing = self.clone();
        let code = PairLookup { user_code: self.code.peek() };
        ask("POST", "/api/pair/approve").with(&code).read(move |said: Result<PairApproved, Trouble>| {
            match said {
                Ok(_) => {
                    if let Stage::Found(unit) = pairing.stage.peek() {
                        pairing.stage.put(Stage::Press(unit));
                    }
                }
                Err(Trouble::NotFound) => pairing.stage.put(Stage::Expired),
                Err(Trouble::SignedOut) => account.trouble(&Trouble::SignedOut),
                Err(why) => pairing.why.set(why.words()),
            }
        });
    }

    fn press(&self, account: &'static Account, unit: &PairFound) -> El {
        self.poll(account);
        let left = self.left.clone();
        step(text::PRESS)
            .child(div("press-mark").attr("aria-hidden", "true").child(icon(icons::SOUND)))
            .child(el("p").text(text::PRESS_WHY))
            .child(facts(unit))
            .child(el("p").class("dim").text_of(move || text::code_ends(left.get())))
    }

    /// Asks until it is decided; ends with what shows it.
    fn poll(&self, account: &'static Account) {
        let pairing = self.clone();
        let timer = every(POLL_MS, move || {
            let (of, code) = (pairing.clone(), PairLookup { user_code: pairing.code.peek() });
            ask("POST", "/api/pair/lookup").with(&code).read(move |found: Result<PairFound, Trouble>| {
                // The page may have gone on meanwhile.
                if !of.stage.peek_with(|stage| matches!(stage, Stage::Press(_))) {
                    return;
                }
                batch(|| match found {
                    Ok(unit) => of.take(account, unit),
                    Err(Trouble::NotFound) => of.stage.put(Stage::Expired),
                    Err(Trouble::SignedOut) => account.trouble(&Trouble::SignedOut),
                    // Asked again in two seconds.
                    Err(_) => {}
                });
            });
        });
        crate::ui::on_cleanup(move || drop(timer));
    }

    fn ended(&self, account: &'static Account, title: &str, why: &str) -> El {
        let again = self.clone();
        step(title)
            .child(el("p").text(why))
            .child(button(text::NEW_CODE, "plain", move || again.again(account)))
    }

    fn again(&self, account: &'static Account) {
        account.replace_quietly(&Route::Pair(String::new()));
        self.code.put(String::new());
        self.why.set(String::new());
        self.stage.put(Stage::Code);
    }

    fn count_down(&self) {
        let (stage, left) = (self.stage.clone(), self.left.clone());
        let timer: RefCell<Option<Timer>> = RefCell::default();
        effect(move || {
            let (stage, left) = (stage.clone(), left.clone());
            let seconds = left.get();
            timer.replace(None);
            let runs = stage.with(|stage| matches!(stage, Stage::Found(_) | Stage::Press(_)));
            if runs && seconds == 0 {
                stage.put(Stage::Expired);
            } else if runs {
                timer.replace(Some(after(1_000, move || left.put(left.peek().saturating_sub(1)))));
            }
        });
    }
}

/// What is typed, as the screen shows it: letters of eight, a dash in the middle.
fn shaped(typed: &str) -> String {
    let letters: Vec<char> =
        typed.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).take(8).collect();
    let mut text: String = letters.iter().take(4).collect();
    if letters.len() > 4 {
        text.push('-');
        text.extend(letters.iter().skip(4));
    }
    text
}

fn facts(unit: &PairFound) -> El {
    let rows = [(text::NAME, &unit.name), (text::MODEL, &unit.model), (text::VERSION, &unit.version)];
    rows.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .fold(el("dl").class("about"), |all, (name, value)| all.child(fact(name, value)))
}

fn paired(unit: &PairFound) -> El {
    let open = unit.device_id.as_ref().map(|device| {
        el("a").class("button").attr("href", &format!("/stereo/{device}/")).text(text::OPEN_REMOTE)
    });
    let list = el("a").class("button").attr("data-kind", "quiet").attr("href", "/").text(text::STEREOS);
    step(text::PAIRED).child(facts(unit)).child(div("row-start").maybe(open).child(list))
}

#[cfg(test)]
mod tests {
    use super::shaped;

    #[test]
    fn a_code_takes_its_shape_while_it_is_typed() {
        for (typed, shown) in [
            ("", ""),
            ("bc", "BC"),
            ("bcdf", "BCDF"),
            ("bcdfg", "BCDF-G"),
            ("BCDF-", "BCDF"),
            ("bcdf ghjk", "BCDF-GHJK"),
            ("bcdf-ghjklm", "BCDF-GHJK"),
            ("1ä", ""),
        ] {
            assert_eq!(shaped(typed), shown, "{typed}");
        }
    }
}
