//! Changing what a sound is called, where it belongs, and who sees it.

use protocol::SoundPreset;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::sound_card::New;
use super::sounds::{Held, category_field};
use super::{alert, field};
use crate::account::api::{Trouble, ask};
use crate::account::format::{CATEGORIES, tags};
use crate::account::state::Account;
use crate::account::text;
use crate::account::types::Own;
use crate::ui::dialog::{Sheet, sheet};
use crate::ui::{El, Signal, div, el};
use crate::widgets::button;

/// Opens the form for one sound.
pub fn edit(account: &'static Account, held: &Held, own: &Own) {
    sheet(text::EDIT_SOUND, |sheet| form(account, held, own, sheet));
}

fn form(account: &'static Account, held: &Held, own: &Own, sheet: &Sheet) -> El {
    let (name_room, name) = field("sound-name", text::NAME, 40);
    name.set_value(&own.sound.name);
    let (category_room, category) = category_field(false);
    let word =
        CATEGORIES.iter().find(|(known, ..)| *known == own.category).map_or("other", |(_, word, _)| word);
    category.set_value(word);
    let (tags_room, typed) = field("sound-tags", text::TAGS, 200);
    typed.set_value(&own.tags.join(", "));
    let (public_room, public) = public_field(own.public_id.is_some());
    let why = Signal::<String>::default();
    let no = sheet.clone();
    let (own, held, done, said) = (own.clone(), held.clone(), sheet.clone(), why.clone());
    el("form")
        .class("sheet-body")
        .attr("novalidate", "")
        .child(name_room)
        .child(category_room)
        .child(tags_room)
        .child(public_room)
        .child(alert(&why))
        .child(
            div("row-end")
                .child(button(crate::text::CANCEL, "quiet", move || no.close()))
                .child(el("button").class("button").attr("type", "submit").text(crate::text::SAVE)),
        )
        .on("submit", move |event| {
            event.prevent_default();
            let sound = SoundPreset { name: name.value().trim().to_owned(), ..own.sound.clone() };
            if let Err(bad) = sound.validate() {
                return said.set(bad.to_string());
            }
            let chosen = category.value();
            let kind = CATEGORIES
                .iter()
                .find(|(_, word, _)| *word == chosen)
                .map_or(own.category, |(kind, ..)| *kind);
            let new =
                New { sound: &sound, category: kind, tags: &tags(&typed.value()), public: public.checked() };
            save(account, &held, &own, &new, &done, &said);
        })
}

fn save(
    account: &'static Account,
    held: &Held,
    own: &Own,
    new: &New<'_>,
    sheet: &Sheet,
    said: &Signal<String>,
) {
    let (held, sheet, said) = (held.clone(), sheet.clone(), said.clone());
    let address = format!("/api/presets/{}", own.id);
    ask("PUT", address).with(new).of_version(own.version).send(move |answer| match answer {
        Ok(_) => {
            sheet.close();
            account.say(text::SAVED);
            held.fetch(account, None);
        }
        Err(why @ (Trouble::Stale | Trouble::NotFound | Trouble::SignedOut)) => {
            sheet.close();
            account.trouble(&why);
            held.fetch(account, None);
        }
        // The form stays with what was typed.
        Err(why) => said.set(why.words()),
    });
}

fn public_field(on: bool) -> (El, HtmlInputElement) {
    let field = el("input")
        .attr("type", "checkbox")
        .attr("id", "sound-public")
        .attr("aria-describedby", "sound-public-why");
    let input = field.0.clone().unchecked_into::<HtmlInputElement>();
    input.set_checked(on);
    let label = el("label").attr("for", "sound-public").text(text::IS_PUBLIC);
    let why = el("p").class("dim").attr("id", "sound-public-why").text(text::IS_PUBLIC_WHY);
    (div("check").child(field).child(label).child(why), input)
}
