//! Taking over a stereo that its owner gives away.

use serde::{Deserialize, Serialize};

use super::{alert, fact, field, step};
use crate::account::api::{Trouble, ask};
use crate::account::route::Route;
use crate::account::state::Account;
use crate::account::text;
use crate::account::types::Offer;
use crate::pages::{back, head, heading};
use crate::ui::{El, Signal, div, el};
use crate::widgets::button;

#[derive(Serialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Taken {
    device_id: String,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq)]
enum Stage {
    #[default]
    Code,
    Offered(Offer),
    /// The stereo's number.
    Mine(String),
}

#[derive(Clone, Default)]
struct Taking {
    stage: Signal<Stage>,
    code: Signal<String>,
    why: Signal<String>,
}

pub fn page(account: &'static Account, code: &str) -> El {
    let taking = Taking::default();
    if !code.is_empty() {
        taking.code.put(code.to_owned());
        taking.look_up(account);
    }
    let title = head(div("page-title").child(back("/")).child(heading(text::TAKE)), div(""));
    let stage = taking.stage.clone();
    div("page narrow").child(title).child(div("").content_of(move || {
        Some(match stage.get() {
            Stage::Code => taking.form(account),
            Stage::Offered(offer) => taking.offered(account, &offer),
            Stage::Mine(device) => mine(&device),
        })
    }))
}

impl Taking {
    fn form(&self, account: &'static Account) -> El {
        let (room, input) = field("take-code", text::TAKE_CODE, 64);
        input.set_value(&self.code.peek());
        let typed = self.code.clone();
        let room = room.on("input", move |_| typed.put(input.value().trim().to_owned()));
        let sending = self.clone();
        el("form")
            .class("enrol-form")
            .attr("novalidate", "")
            .child(el("p").class("dim").text(text::TAKE_WHY))
            .child(room)
            .child(alert(&self.why))
            .child(el("button").class("button").attr("type", "submit").text(text::FIND))
            .on("submit", move |event| {
                event.prevent_default();
                if !sending.code.peek_with(String::is_empty) {
                    sending.look_up(account);
                }
            })
    }

    fn look_up(&self, account: &'static Account) {
        let taking = self.clone();
        taking.why.set(String::new());
        let code = Code { code: self.code.peek() };
        ask("POST", "/api/devices/transfer/lookup").with(&code).read(move |offer: Result<Offer, Trouble>| {
            match offer {
                Ok(offer) => taking.stage.put(Stage::Offered(offer)),
                Err(why) => taking.failed(account, &why),
            }
        });
    }

    fn failed(&self, account: &'static Account, why: &Trouble) {
        // The form stays where it is: whoever types does not lose the focus.
        if self.stage.peek() != Stage::Code {
            self.stage.put(Stage::Code);
        }
        account.replace_quietly(&Route::Take(String::new()));
        match why {
            Trouble::NotFound => self.why.set(text::NO_SUCH_OFFER.into()),
            Trouble::SignedOut => account.trouble(why),
            other => self.why.set(other.words()),
        }
    }

    fn offered(&self, account: &'static Account, offer: &Offer) -> El {
        let from = match &offer.from.email {
            Some(email) => format!("{} ({email})", offer.from.name),
            None => offer.from.name.clone(),
        };
        let rows = [
            (text::NAME, &offer.name),
            (text::MODEL, &offer.model),
            (text::VERSION, &offer.version),
            (text::TAKE_FROM, &from),
        ];
        let facts = rows
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .fold(el("dl").class("about"), |all, (name, value)| all.child(fact(name, value)));
        let taking = self.clone();
        step(text::IS_IT).child(facts).child(div("row-start").child(button(
            text::TAKE_IT,
            "main",
            move || taking.accept(account),
        )))
    }

    fn accept(&self, account: &'static Account) {
        let taking = self.clone();
        let code = Code { code: self.code.peek() };
        ask("POST", "/api/devices/transfer/accept").with(&code).read(move |said: Result<Taken, Trouble>| {
            match said {
                Ok(taken) => {
                    account.replace_quietly(&Route::Take(String::new()));
                    taking.stage.put(Stage::Mine(taken.device_id));
                }
                Err(why) => taking.failed(account, &why),
            }
        });
    }
}

fn mine(device: &str) -> El {
    let open = el("a").class("button").attr("href", &format!("/stereo/{device}/")).text(text::OPEN_REMOTE);
    step(text::PAIRED).child(div("row-start").child(open))
}
