//! Sounds: one's own, those one likes, those of everybody.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;

use super::sound_card::{Entry, own_card, public_card};
use super::{Fetched, fetched_anew, field, keep};
use crate::account::api::{Trouble, ask};
use crate::account::format::CATEGORIES;
use crate::account::route::{Route, Shelf};
use crate::account::state::{Account, Me};
use crate::account::text;
use crate::account::types::{OwnPage, PublicPage};
use crate::icons;
use crate::model::route::encode;
use crate::pages::{head, heading};
use crate::ui::{El, Signal, div, el};
use crate::widgets::button;
use crate::widgets::state::empty;

/// What a shelf holds so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sounds {
    pub entries: Vec<Entry>,
    /// Most that the account may have; for one's own.
    limit: u32,
    /// Where the next part begins.
    next: Option<String>,
}

/// One shelf on the page.
#[derive(Clone, Default)]
pub struct Held {
    pub sounds: Signal<Fetched<Sounds>>,
    shelf: Shelf,
    category: Signal<String>,
    tag: Signal<String>,
}

pub fn page(account: &'static Account, shelf: Shelf) -> El {
    let held = Held { shelf, ..Held::default() };
    held.fetch(account, None);
    let (again, shown) = (held.clone(), held.clone());
    div("page")
        .child(head(heading(text::SOUNDS), div("")))
        .child(shelves(account, shelf))
        .maybe((shelf == Shelf::Public).then(|| held.filter(account)))
        .child(fetched_anew(&held.sounds, move || again.fetch(account, None), move || shown.show(account)))
}

/// Links to the three shelves; without somebody there is but one.
fn shelves(account: &'static Account, here: Shelf) -> El {
    let all = [(Shelf::Own, text::OWN), (Shelf::Favourites, text::FAVOURITES), (Shelf::Public, text::PUBLIC)];
    let nav = el("nav").class("shelves").attr("aria-label", text::WHICH_SOUNDS);
    let nav = all.into_iter().fold(nav, |nav, (shelf, name)| {
        let link = el("a").class("shelf").attr("href", &Route::Sounds(shelf).address()).text(name);
        nav.child(if shelf == here { link.attr("aria-current", "page") } else { link })
    });
    nav.flag_of("hidden", move || !matches!(account.me.get(), Me::In(_)))
}

impl Held {
    /// Asks for the first part, or for the one after what is there.
    pub fn fetch(&self, account: &'static Account, after: Option<String>) {
        let held = self.clone();
        let more = after.is_some();
        let from =
            |name: &str| after.as_ref().map_or_else(String::new, |at| format!("&{name}={}", encode(at)));
        match self.shelf {
            Shelf::Own => ask("GET", format!("/api/presets?limit=50{}", from("before"))).read(
                move |page: Result<OwnPage, Trouble>| {
                    held.heard(
                        account,
                        more,
                        page.map(|page| Sounds {
                            entries: page.presets.into_iter().map(Entry::Own).collect(),
                            limit: page.limit,
                            next: page.next.map(|next| next.to_string()),
                        }),
                    );
                },
            ),
            Shelf::Favourites | Shelf::Public => {
                let path =
                    if self.shelf == Shelf::Public { self.wanted() } else { "favourites?limit=50".into() };
                ask("GET", format!("/api/presets/{path}{}", from("after"))).read(
                    move |page: Result<PublicPage, Trouble>| {
                        held.heard(
                            account,
                            more,
                            page.map(|page| Sounds {
                                entries: page.presets.into_iter().map(Entry::Public).collect(),
                                limit: 0,
                                next: page.next,
                            }),
                        );
                    },
                );
            }
        }
    }

    /// Whether all of it is liked.
    pub fn is_favourites(&self) -> bool {
        self.shelf == Shelf::Favourites
    }

    fn wanted(&self) -> String {
        let mut path = "public?limit=50".to_owned();
        for (name, value) in [("category", self.category.peek()), ("tag", self.tag.peek())] {
            if !value.is_empty() {
                path.push_str(&format!("&{name}={}", encode(&value)));
            }
        }
        path
    }

    fn heard(&self, account: &Account, more: bool, page: Result<Sounds, Trouble>) {
        let page = page.map(|mut page| {
            if more && let Fetched::Here(before) = self.sounds.peek() {
                page.entries = before.entries.into_iter().chain(page.entries).collect();
            }
            page
        });
        if let (true, Err(why)) = (more, &page) {
            return account.trouble(why);
        }
        keep(account, &self.sounds, page);
    }

    /// What is there.
    fn here(&self) -> Sounds {
        self.sounds.with(
            |sounds| if let Fetched::Here(sounds) = sounds { sounds.clone() } else { Sounds::default() },
        )
    }

    fn show(&self, account: &'static Account) -> El {
        let (items, counted, none, onward, of) =
            (self.clone(), self.clone(), self.clone(), self.clone(), self.clone());
        let list = el("ul").class("cards").attr("role", "list").attr("aria-label", text::SOUNDS).each(
            move || items.here().entries.into_iter().map(|entry| (entry.key(), entry)).collect(),
            move |entry| match entry.peek() {
                Entry::Own(_) => own_card(account, &of, &entry),
                Entry::Public(_) => public_card(account, &of, &entry),
            },
        );
        let count = el("p").class("dim").text_of(move || {
            let sounds = counted.here();
            if sounds.limit == 0 { String::new() } else { text::of_limit(sounds.entries.len(), sounds.limit) }
        });
        let nothing = div("").content_of(move || none.here().entries.is_empty().then(|| none.nothing()));
        let more = div("").content_of(move || {
            let next = onward.here().next?;
            let onward = onward.clone();
            Some(button(text::MORE, "plain", move || onward.fetch(account, Some(next.clone()))))
        });
        div("").child(count).child(list).child(nothing).child(more)
    }

    fn nothing(&self) -> El {
        let (title, why) = match self.shelf {
            Shelf::Own => (text::NO_SOUNDS, text::NO_SOUNDS_WHY),
            Shelf::Favourites => (text::NO_FAVOURITES, text::NO_FAVOURITES_WHY),
            Shelf::Public => (text::NO_PUBLIC, text::NO_PUBLIC_WHY),
        };
        empty(icons::SOUND, title, why)
    }

    /// Which of everybody's.
    fn filter(&self, account: &'static Account) -> El {
        let (select, chosen) = category_field(true);
        let (room, tag) = field("tag", text::TAG, 24);
        let held = self.clone();
        el("form")
            .class("filter")
            .attr("role", "search")
            .child(select)
            .child(room)
            .child(
                el("button")
                    .class("button")
                    .attr("data-kind", "plain")
                    .attr("type", "submit")
                    .text(text::SHOW),
            )
            .on("submit", move |event| {
                event.prevent_default();
                held.category.put(chosen.value());
                held.tag.put(tag.value().trim().trim_start_matches('#').to_lowercase());
                held.sounds.put(Fetched::Waiting);
                held.fetch(account, None);
            })
    }
}

/// A choice of categories with its label; `all` stands first where none need be chosen.
pub fn category_field(all: bool) -> (El, HtmlSelectElement) {
    let select = el("select").class("field").attr("id", "category");
    let select = if all { select.child(el("option").attr("value", "").text(text::ALL)) } else { select };
    let select = CATEGORIES
        .iter()
        .fold(select, |select, (_, word, name)| select.child(el("option").attr("value", word).text(name)));
    let chosen = select.0.clone().unchecked_into::<HtmlSelectElement>();
    (div("labelled").child(el("label").attr("for", "category").text(text::CATEGORY)).child(select), chosen)
}
