//! One sound: its curve, what it is, and what can be done with it.

use protocol::SoundPreset;
use protocol::cloud::PresetCategory;
use serde::Serialize;

use super::sound_edit::edit;
use super::sounds::Held;
use crate::account::api::ask;
use crate::account::format::category;
use crate::account::state::{Account, Me};
use crate::account::text;
use crate::account::types::{Own, Public};
use crate::icons;
use crate::model::curve::path;
use crate::ui::dialog::confirm;
use crate::ui::{El, Signal, div, el, svg};
use crate::widgets::button;
use crate::widgets::button::toggle;

/// A sound on one of the shelves.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// One's own.
    Own(Own),
    /// One that everybody sees.
    Public(Public),
}

impl Entry {
    /// What tells it from the others.
    pub fn key(&self) -> String {
        match self {
            // A card is built anew when its sound has changed.
            Self::Own(own) => format!("{}/{}", own.id, own.version),
            Self::Public(public) => public.id.clone(),
        }
    }
}

/// A new sound of one's own.
#[derive(Serialize)]
pub struct New<'a> {
    pub sound: &'a SoundPreset,
    pub category: PresetCategory,
    pub tags: &'a [String],
    pub public: bool,
}

/// One's own: it can be edited and deleted.
pub fn own_card(account: &'static Account, held: &Held, entry: &Signal<Entry>) -> El {
    let Entry::Own(own) = entry.peek() else { return el("li") };
    let mut about = vec![category(own.category).to_owned()];
    if own.public_id.is_some() {
        about.push(text::PUBLIC_MARK.into());
        about.push(text::favourites(own.favourites));
    }
    let (editing, deleting) = ((own.clone(), held.clone()), (own.clone(), held.clone()));
    let tools = div("card-tools")
        .child(
            button(text::EDIT, "quiet", move || edit(account, &editing.1, &editing.0))
                .attr("aria-label", &format!("{}: {}", text::EDIT, own.sound.name)),
        )
        .child(
            button(crate::text::DELETE, "danger", move || delete(account, &deleting.1, &deleting.0))
                .attr("aria-label", &format!("{}: {}", crate::text::DELETE, own.sound.name)),
        );
    sound(&own.sound, &about, &own.tags).child(tools)
}

fn delete(account: &'static Account, held: &Held, own: &Own) {
    let (held, address, version) = (held.clone(), format!("/api/presets/{}", own.id), own.version);
    confirm(
        &crate::text::delete_named(&own.sound.name),
        text::DELETE_SOUND_WHY,
        crate::text::DELETE,
        move || {
            let held = held.clone();
            ask("DELETE", &*address).of_version(version).send(move |said| {
                match said {
                    Ok(_) => account.say(text::DELETED),
                    Err(why) => account.trouble(&why),
                }
                held.fetch(account, None);
            });
        },
    );
}

/// Somebody's: it can be liked and made one's own.
pub fn public_card(account: &'static Account, held: &Held, entry: &Signal<Entry>) -> El {
    let Entry::Public(public) = entry.peek() else { return el("li") };
    let about = vec![category(public.category).to_owned(), text::favourites(public.favourites)];
    let liked = Signal::new(held.is_favourites());
    let copied = public.clone();
    let tools = div("card-tools")
        .child(heart(account, &liked, &public))
        .child(
            button(text::COPY, "plain", move || copy(account, &copied))
                .attr("aria-label", &format!("{}: {}", text::COPY, public.sound.name)),
        )
        .flag_of("hidden", move || !matches!(account.me.get(), Me::In(_)));
    sound(&public.sound, &about, &public.tags).child(tools)
}

fn heart(account: &'static Account, liked: &Signal<bool>, public: &Public) -> El {
    let (shown, liked) = (liked.clone(), liked.clone());
    let address = format!("/api/presets/{}/favourite", public.id);
    let label = format!("{}: {}", text::FAVOURITE, public.sound.name);
    toggle(
        |on| if on { icons::HEART_FULL } else { icons::HEART },
        text::FAVOURITE,
        move || shown.get(),
        move || {
            let on = !liked.peek();
            liked.put(on);
            let back = liked.clone();
            ask(if on { "PUT" } else { "DELETE" }, &*address).send(move |said| {
                if let Err(why) = said {
                    back.put(!on);
                    account.trouble(&why);
                }
            });
        },
    )
    .attr("aria-label", &label)
}

fn copy(account: &'static Account, public: &Public) {
    let new = New { sound: &public.sound, category: public.category, tags: &public.tags, public: false };
    ask("POST", "/api/presets").with(&new).send(move |said| match said {
        Ok(_) => account.say(text::COPIED),
        Err(why) if why.code() == "account_full" => account.say(text::FULL),
        Err(why) => account.trouble(&why),
    });
}

fn sound(preset: &SoundPreset, about: &[String], tags: &[String]) -> El {
    let shape = path(preset);
    let curve = svg("svg")
        .attr("viewBox", "0 -13 120 26")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .class("sound-curve")
        .child(svg("path").class("eq-zero").attr("d", "M0 0 H120"))
        .child(svg("path").class("eq-area").attr("d", &format!("{shape} V0 H0 Z")))
        .child(svg("path").class("eq-response").attr("d", &shape));
    let about: Vec<&str> = about.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let words = div("texts")
        .child(el("h2").class("name").text(&preset.name))
        .child(el("span").class("sub").text(&about.join(" · ")));
    let list =
        tags.iter().fold(div("tags"), |all, tag| all.child(el("span").class("tag").text(&format!("#{tag}"))));
    el("li").class("sound-card").child(curve).child(words.maybe((!tags.is_empty()).then_some(list)))
}
