//! What can be done with a stereo: another name, somebody else's, nobody's.

use serde::Serialize;

use super::stereos::{List, fetch};
use crate::account::api::{Trouble, ask};
use crate::account::state::Account;
use crate::account::text;
use crate::account::types::{Device, Transfer};
use crate::model::route::encode;
use crate::ui::dialog::{Sheet, ask_name, confirm, sheet};
use crate::ui::{El, div, el, window};
use crate::widgets::button;

#[derive(Serialize)]
struct Renamed {
    name: String,
}

/// Opens what can be done with one stereo.
pub fn actions(account: &'static Account, list: &List, device: &Device) {
    let (list, device) = (list.clone(), device.clone());
    sheet(&device.name.clone(), move |sheet| {
        div("sheet-actions")
            .child(action(sheet, text::RENAME, &list, &device, move |list, device| {
                rename(account, list, device);
            }))
            .child(action(sheet, text::GIVE, &list, &device, move |_, device| give(account, device)))
            .child(action(sheet, text::UNPAIR, &list, &device, move |list, device| {
                unpair(account, list, device);
            }))
    });
}

fn action(
    sheet: &Sheet,
    label: &str,
    list: &List,
    device: &Device,
    act: impl Fn(&List, &Device) + 'static,
) -> El {
    let (sheet, list, device) = (sheet.clone(), list.clone(), device.clone());
    button(label, "row", move || {
        sheet.close();
        act(&list, &device);
    })
}

/// What a change came to; the list is asked for anew in any case.
fn done(account: &'static Account, list: &List, said: Result<String, Trouble>, words: &str) {
    match said {
        Ok(_) => account.say(words),
        Err(why) => account.trouble(&why),
    }
    fetch(account, list);
}

fn rename(account: &'static Account, list: &List, device: &Device) {
    let (list, address) = (list.clone(), format!("/api/devices/{}", device.id));
    ask_name(text::RENAME, text::NAME, &device.name, crate::text::SAVE, move |name| {
        let list = list.clone();
        let name = Renamed { name: name.chars().take(40).collect() };
        ask("PATCH", &*address).with(&name).send(move |said| done(account, &list, said, text::SAVED));
    });
}

fn unpair(account: &'static Account, list: &List, device: &Device) {
    let (list, address) = (list.clone(), format!("/api/devices/{}", device.id));
    confirm(&text::unpair(&device.name), text::UNPAIR_WHY, text::UNPAIR, move || {
        let list = list.clone();
        ask("DELETE", &*address).send(move |said| done(account, &list, said, text::UNPAIRED));
    });
}

fn give(account: &'static Account, device: &Device) {
    let address = format!("/api/devices/{}/transfer", device.id);
    let back = address.clone();
    ask("POST", address).read(move |offer: Result<Transfer, Trouble>| match offer {
        Ok(offer) => show_offer(account, &offer, back),
        Err(why) => account.trouble(&why),
    });
}

fn show_offer(account: &'static Account, offer: &Transfer, address: String) {
    let origin = window().location().origin().unwrap_or_default();
    let link = format!("{origin}/take?code={}", encode(&offer.code));
    let code = offer.code.clone();
    sheet(text::GIVE, move |sheet| {
        let (ends, closes) = (sheet.clone(), sheet.clone());
        let take_back = button(text::TAKE_BACK, "danger", move || {
            ends.close();
            ask("DELETE", &*address).send(move |said| match said {
                Ok(_) => account.say(text::TAKEN_BACK),
                Err(why) => account.trouble(&why),
            });
        });
        div("sheet-body")
            .child(el("p").text(text::GIVE_WHY))
            .child(el("p").class("big-code").text(&code))
            .child(el("p").class("wrapped").text(&link))
            .child(el("p").class("dim").text(text::GIVE_ENDS))
            .child(
                div("row-end")
                    .child(take_back)
                    .child(button(crate::text::DONE, "plain", move || closes.close())),
            )
    });
}
