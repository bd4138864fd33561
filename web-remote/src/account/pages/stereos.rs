//! The stereos of the account: which are there, and the way to their remotes.

use super::stereo_actions::actions;
use super::{Fetched, fetched_anew, keep};
use crate::account::api::{Trouble, ask};
use crate::account::format::{ago, now};
use crate::account::state::Account;
use crate::account::text;
use crate::account::types::{Device, Devices};
use crate::icons::{self, icon};
use crate::model::route::encode;
use crate::pages::{head, heading};
use crate::ui::time::every;
use crate::ui::{El, Signal, div, document, el, on_cleanup};
use crate::widgets::state::empty;
use crate::widgets::tool;

/// The list is asked for anew this often while it is looked at.
const EVERY_MS: i32 = 5_000;

/// The list as it was heard last.
pub type List = Signal<Fetched<Vec<Device>>>;

pub fn page(account: &'static Account) -> El {
    let list = List::default();
    fetch(account, &list);
    let seen = list.clone();
    let timer = every(EVERY_MS, move || {
        if !document().hidden() {
            fetch(account, &seen);
        }
    });
    on_cleanup(move || drop(timer));
    let again = list.clone();
    let add = el("a").class("button").attr("href", "/pair").child(icon(icons::ADD)).text(text::ADD);
    let of = list.clone();
    div("page").child(head(heading(text::STEREOS), add)).child(said(account)).child(fetched_anew(
        &list,
        move || fetch(account, &again),
        move || show(account, &of),
    ))
}

/// Why linking another way to sign in came to nothing: the provider sends people here.
fn said(account: &'static Account) -> El {
    super::alert(&account.sign_in_error)
}

/// Asks for all of them, part by part.
pub fn fetch(account: &'static Account, list: &List) {
    fetch_after(account, list.clone(), Vec::new(), "");
}

fn fetch_after(account: &'static Account, list: List, before: Vec<Device>, after: &str) {
    let from = if after.is_empty() { String::new() } else { format!("?after={}", encode(after)) };
    ask("GET", format!("/api/devices{from}")).read(move |answer: Result<Devices, Trouble>| match answer {
        Err(why) => keep(account, &list, Err(why)),
        Ok(part) => {
            let all = before.into_iter().chain(part.devices).collect();
            match part.next {
                Some(next) => fetch_after(account, list, all, &next),
                None => keep(account, &list, Ok(all)),
            }
        }
    });
}

/// Cards that stay with their stereos while the list is asked for anew: nobody loses the focus.
fn show(account: &'static Account, list: &List) -> El {
    let (items, none, some) = (list.clone(), list.clone(), list.clone());
    let actions = list.clone();
    let cards = el("ul")
        .class("cards")
        .attr("role", "list")
        .attr("aria-label", text::STEREOS)
        .flag_of("hidden", move || here(&some).is_empty())
        .each(
            move || here(&items).into_iter().map(|device| (device.id.clone(), device)).collect(),
            move |device| stereo(account, &actions, &device),
        );
    let nothing = div("").content_of(move || {
        here(&none).is_empty().then(|| empty(icons::SPEAKER, text::NO_STEREOS, text::NO_STEREOS_WHY))
    });
    let take = el("a").class("button").attr("data-kind", "quiet").attr("href", "/take").text(text::TAKE);
    div("").child(cards).child(nothing).child(div("row-start").child(take))
}

fn here(list: &List) -> Vec<Device> {
    list.with(|list| if let Fetched::Here(devices) = list { devices.clone() } else { Vec::new() })
}

fn stereo(account: &'static Account, list: &List, device: &Signal<Device>) -> El {
    let of = |read: fn(&Device) -> String| {
        let device = device.clone();
        move || device.with(read)
    };
    let (online, shown) = (device.clone(), device.clone());
    let open = el("a")
        .class("stereo-main")
        .attr("href", &device.peek_with(|device| format!("/stereo/{}/", device.id)))
        .child(
            div("stereo-mark")
                .class_of("is-online", move || online.with(|device| device.online == Some(true)))
                .child(icon(icons::SPEAKER)),
        )
        .child(
            div("texts")
                .child(el("span").class("name").text_of(of(|device| device.name.clone())))
                .child(el("span").class("sub").text_of(of(about)))
                .child(
                    el("span")
                        .class("standing")
                        .attr_of("data-online", move || {
                            Some(shown.with(|device| (device.online == Some(true)).to_string()))
                        })
                        .text_of(of(standing)),
                ),
        );
    let (list, chosen, named) = (list.clone(), device.clone(), device.clone());
    let more = tool(icons::MORE, "", move || actions(account, &list, &chosen.peek()))
        .attr("title", text::ACTIONS)
        .attr_of("aria-label", move || Some(named.with(|device| text::actions_of(&device.name))));
    el("li").class("stereo").child(open).child(more)
}

fn standing(device: &Device) -> String {
    match (device.online, device.seen_at) {
        (Some(true), _) => text::ONLINE.to_owned(),
        (_, Some(seen)) => text::seen(&ago(seen, now())),
        (Some(false), None) => text::OFFLINE.to_owned(),
        (None, None) => text::UNCLEAR.to_owned(),
    }
}

fn about(device: &Device) -> String {
    match (device.model.as_str(), device.version.as_str()) {
        ("", version) => version.to_owned(),
        (model, "") => model.to_owned(),
        (model, version) => format!("{model} · {version}"),
    }
}
