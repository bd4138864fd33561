//! What the remote shows besides where the way to the unit leads through the cloud, and the way it might have
//! instead: an address on the unit's own network, or one at the cloud.

use crate::app::App;
use crate::icons::{self, icon};
use crate::net::link::Standing;
use crate::net::place;
use crate::storage;
use crate::text;
use crate::ui::{El, div, effect, el, window};

/// The account's list of stereos.
const STEREOS: &str = "/";

/// Above every page: back to the account, and which stereo this is.
pub fn bar(app: &'static App) -> El {
    remember(app);
    let back = el("a").class("cloud-back").attr("href", STEREOS).child(icon(icons::BACK)).text(text::STEREOS);
    let name = el("span").class("cloud-name").text_of(move || app.unit.with(|unit| unit.name.clone()));
    el("header").class("cloud-bar").child(back).child(name)
}

/// The unit's own address is kept: it is needed when the unit has no internet.
fn remember(app: &'static App) {
    effect(move || {
        let own = app.unit.with(|unit| unit.lan.clone());
        if let (Some(own), Some(device)) = (own, place::device()) {
            storage::set(&format!("lan:{device}"), &own);
        }
    });
}

/// Whether there is nothing to show but that the unit is away.
pub fn away(app: &App) -> bool {
    match app.link.standing.get() {
        Standing::Gone => true,
        Standing::UnitAway => !app.ready.get(),
        _ => false,
    }
}

/// In place of every page: the unit is away, or not ours.
pub fn page(app: &'static App) -> El {
    let gone = app.link.standing.get() == Standing::Gone;
    let (title, why) = if gone { (text::GONE, text::GONE_WHY) } else { (text::AWAY, text::AWAY_WHY) };
    let here = if gone { None } else { own_address() };
    let back = el("a").class("button").attr("data-kind", "plain").attr("href", STEREOS).text(text::STEREOS);
    let room = div("empty").attr("role", "status").child(icon(icons::SOUND)).child(el("p").text(why));
    div("page")
        .child(super::heading(title))
        .child(room.maybe(here.map(|address| way(text::HERE, text::HERE_WHY, &address))).child(back))
}

fn own_address() -> Option<String> {
    storage::get(&format!("lan:{}", place::device()?)).filter(|address| address.starts_with("http"))
}

fn way(label: &str, why: &str, address: &str) -> El {
    div("way").child(el("a").class("button").attr("href", address).text(label)).child(hint(why))
}

fn hint(text: &str) -> El {
    el("p").class("dim").text(text)
}

/// The other way to this unit, where it has told one.
pub fn other_way(app: &'static App) -> El {
    div("").content_of(move || {
        let (label, why, address) = app.unit.with(|unit| match place::is_cloud() {
            true => (text::HERE, text::HERE_WHY, unit.lan.clone()),
            false => (text::ELSEWHERE, text::ELSEWHERE_WHY, unit.cloud.clone()),
        });
        let address = address.filter(|address| address.starts_with("http"))?;
        let card = el("section").class("card").child(el("h2").text(text::ANOTHER_WAY));
        Some(card.child(way(label, why, &address)))
    })
}

/// Nobody is signed in: the account's own page asks for it, and leads back.
pub fn sign_in() {
    let location = window().location();
    let back = location.pathname().unwrap_or_default();
    let _ = location.assign(&format!("/sign-in?return={}", crate::model::route::encode(&back)));
}
