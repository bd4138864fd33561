//! The frame around the account's pages: menu, notices, the page itself.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent};

use super::pages;
use super::route::Route;
use super::state::{Account, Me};
use super::text;
use crate::icons::{self, Icon, icon};
use crate::model::route::parameter;
use crate::pages::heading;
use crate::ui::time::next_frame;
use crate::ui::{El, div, document, effect, el, listen, memo, window};
use crate::widgets::button;
use crate::widgets::state::{empty, skeleton};

/// Puts the frame into the page.
pub fn build(account: &'static Account) {
    read_address(account);
    let Some(root) = document().get_element_by_id("app") else { return };
    root.set_text_content(None);
    let main = el("main").attr("id", "main").attr("tabindex", "-1").content_of(page_of(account));
    let frame = div("frame is-account")
        .class_of("is-outside", move || outside(account))
        .child(el("a").class("skip").attr("href", "#main").text(crate::text::SKIP))
        .child(menu(account))
        .child(div("middle").child(notices(account)).child(main))
        .child(toast(account));
    let _ = root.append_child(&frame.0);
    name_pages(account);
}

/// Without somebody there is nothing to choose from.
fn outside(account: &Account) -> bool {
    !matches!(account.me.get(), Me::In(_))
}

fn page_of(account: &'static Account) -> impl Fn() -> Option<El> + 'static {
    // The person's own data may change without the page being built anew.
    let standing = memo(move || {
        account.me.with(|me| match me {
            Me::Unknown => 0,
            Me::Away => 1,
            Me::Nobody => 2,
            Me::In(_) => 3,
        })
    });
    move || {
        let route = account.route.get();
        Some(match (standing.get(), route) {
            (_, Route::Lost) => lost(),
            (_, Route::Sounds(shelf)) if Route::Sounds(shelf).is_open() => {
                pages::sounds::page(account, shelf)
            }
            (0, _) => div("page").attr("aria-busy", "true").child(skeleton()),
            (1, _) => away(account),
            (2, route) => pages::sign_in::page(account, &route),
            (_, Route::Stereos) => pages::stereos::page(account),
            (_, Route::SignIn(back)) => pages::sign_in::welcome_back(&back),
            (_, Route::Pair(code)) => pages::pair::page(account, &code),
            (_, Route::Take(code)) => pages::take::page(account, &code),
            (_, Route::Sounds(shelf)) => pages::sounds::page(account, shelf),
            (_, Route::Me) => pages::me::page(account),
        })
    }
}

fn lost() -> El {
    div("page").child(heading(crate::text::LOST)).child(
        empty(icons::SEARCH, text::LOST_WHY, "")
            .child(el("a").class("button").attr("href", "/").text(text::GO_HOME)),
    )
}

fn away(account: &'static Account) -> El {
    div("page").child(heading(text::AWAY_TITLE)).child(empty(icons::CLOSE, text::AWAY, "").child(button(
        text::AGAIN,
        "plain",
        || account.ask_who(),
    )))
}

fn menu(account: &'static Account) -> El {
    let entries: [(&str, &str, Icon, &str); 3] = [
        ("/", text::STEREOS, icons::SPEAKER, text::STEREOS_SHORT),
        ("/presets", text::SOUNDS, icons::SOUND, text::SOUNDS),
        ("/account", text::ME, icons::ARTIST, text::ME),
    ];
    let nav = el("nav").class("menu").attr("aria-label", crate::text::PAGES);
    let nav = nav.flag_of("hidden", move || outside(account));
    let brand = el("span").class("menu-brand").attr("aria-hidden", "true").text(crate::text::BRAND);
    entries.into_iter().fold(nav.child(brand), |nav, (address, name, glyph, short)| {
        let here = move || {
            account.route.with(|route| match route {
                Route::Stereos | Route::Pair(_) | Route::Take(_) => address == "/",
                Route::Sounds(_) => address == "/presets",
                Route::Me => address == "/account",
                Route::SignIn(_) | Route::Lost => false,
            })
        };
        nav.child(
            el("a")
                .class("menu-link")
                .attr("href", address)
                .attr("aria-label", name)
                .attr_of("aria-current", move || here().then(|| "page".into()))
                .child(icon(glyph))
                .child(el("span").text(short)),
        )
    })
}

fn notices(account: &'static Account) -> El {
    let update = div("notice")
        .attr("role", "status")
        .class_of("is-empty", move || !account.update_ready.get())
        .content_of(move || {
            account.update_ready.get().then(|| {
                let reload = button(crate::text::RELOAD, "plain", || {
                    if let Ok(event) = Event::new("remote-update-now") {
                        let _ = window().dispatch_event(&event);
                    }
                });
                div("notice-row").child(el("span").text(crate::text::NEW_VERSION)).child(reload)
            })
        });
    div("notices").child(update)
}

fn toast(account: &'static Account) -> El {
    div("toast")
        .attr("role", "status")
        .class_of("is-empty", move || account.toast.with(|(_, words)| words.is_empty()))
        .text_of(move || account.toast.with(|(_, words)| words.clone()))
}

/// The browser's title, and the focus on a new page's heading.
fn name_pages(account: &'static Account) {
    effect(move || {
        let inside = matches!(account.me.get(), Me::In(_));
        let name = match account.route.get() {
            Route::Sounds(_) => text::SOUNDS,
            Route::Lost => crate::text::LOST,
            _ if !inside => text::SIGN_IN,
            Route::SignIn(_) => text::SIGN_IN,
            Route::Stereos => text::STEREOS,
            Route::Pair(_) => text::ADD,
            Route::Take(_) => text::TAKE,
            Route::Me => text::ME,
        };
        document().set_title(&crate::text::title(name));
    });
    let first = Cell::new(true);
    effect(move || {
        account.route.with(|_| ());
        if !first.replace(false) {
            next_frame(focus_heading);
        }
    });
}

fn focus_heading() {
    if let Some(heading) = document().query_selector("main h1").ok().flatten() {
        crate::ui::dom::focus(&heading);
    }
}

fn read_address(account: &'static Account) {
    let location = window().location();
    let (path, query) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    let error = parameter(&query, "sign_in_error");
    let route = Route::parse(&path, &query);
    if error.is_empty() {
        account.route.set(route);
    } else {
        // Said once: it has no business in the address or the history.
        account.sign_in_error.put(text::sign_in_error(&error));
        account.replace(route);
    }
}

/// Links within these pages, the back button, a new version.
pub fn listen_to_browser(account: &'static Account) {
    listen(&document(), "click", move |event| follow_link(account, &event));
    listen(&window(), "popstate", move |_| read_address(account));
    listen(&window(), "remote-update", move |_| account.update_ready.put(true));
}

fn follow_link(account: &'static Account, event: &Event) {
    let Some(mouse) = event.dyn_ref::<MouseEvent>() else { return };
    if mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.button() != 0 {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(link) = target.and_then(|node| node.closest("a[href]").ok().flatten()) else { return };
    let Some(address) = link.get_attribute("href") else { return };
    if address == "#main" {
        event.prevent_default();
        return focus_heading();
    }
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    let route = Route::parse(path, query);
    // The remote, the API and foreign pages are the browser's business.
    if path.starts_with('/') && !path.starts_with("//") && route != Route::Lost {
        event.prevent_default();
        account.go(route);
    }
}
