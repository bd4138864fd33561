//! The frame around the pages: menu, notices, the page itself, what plays.

use std::cell::Cell;

use protocol::Power;
use protocol::remote::{Role, capability};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, MouseEvent};

use crate::app::App;
use crate::icons::{self, Icon, icon};
use crate::model::route::Route;
use crate::net::link::Standing;
use crate::net::place;
use crate::pages;
use crate::text;
use crate::ui::time::{every, next_frame};
use crate::ui::{El, div, document, effect, el, listen, memo, window};
use crate::widgets::button;
use crate::widgets::player::{cover, mini, seek, title, transport};
use crate::widgets::volume::volume;

/// Puts the frame into the page.
pub fn build(app: &'static App) {
    read_address(app);
    let Some(root) = document().get_element_by_id("app") else { return };
    root.set_text_content(None);
    let main = el("main").attr("id", "main").attr("tabindex", "-1").content_of(page_of(app));
    let skip = el("a").class("skip").attr("href", "#main").text(text::SKIP);
    let frame = div("frame")
        .class_of("is-outside", move || app.route.get() == Route::Enrol)
        .class_of("is-playing-page", move || app.route.get() == Route::Playing)
        .child(skip)
        .maybe(place::is_cloud().then(|| pages::cloud::bar(app)))
        .child(menu(app))
        .child(div("middle").child(notices(app)).child(main))
        .child(desk(app))
        .child(mini(app))
        .child(toast(app));
    let _ = root.append_child(&frame.0);
    name_pages(app);
    lead_strangers(app);
    std::mem::forget(every(250, move || {
        if !document().hidden() {
            app.tick();
        }
    }));
}

/// The page of the address, built anew for each address and each set of abilities.
fn page_of(app: &'static App) -> impl Fn() -> Option<El> + 'static {
    let abilities = memo(move || (app.capabilities.get(), app.ready.get()));
    let away = memo(move || pages::cloud::away(app));
    let place = memo(move || match app.route.get() {
        // The words are the search page's own business.
        Route::Search(_) => Route::Search(String::new()),
        route => route,
    });
    move || {
        let ready = abilities.with(|(_, ready)| *ready);
        let route = place.get();
        if away.get() {
            return Some(pages::cloud::page(app));
        }
        Some(match route {
            Route::Enrol => pages::enrol::page(app),
            Route::Settings if !ready => pages::settings::page(app),
            Route::Playing => pages::playing::page(app),
            Route::Queue => pages::queue::page(app),
            Route::Music => pages::music::page(app),
            Route::List(view, name) => pages::list::page(app, view, &name),
            Route::Folder { medium, path } => pages::folder::page(app, &medium, &path),
            Route::Search(_) => {
                let words = app.route.peek_with(|route| match route {
                    Route::Search(words) => words.clone(),
                    _ => String::new(),
                });
                pages::search::page(app, &words)
            }
            Route::Sound => pages::sound::page(app),
            Route::Settings => pages::settings::page(app),
            Route::Lost => lost(),
        })
    }
}

fn lost() -> El {
    div("page").child(pages::heading(text::LOST)).child(
        crate::widgets::state::empty(icons::SEARCH, text::LOST, text::LOST_WHY)
            .child(el("a").class("button").link("/").text(text::GO_HOME)),
    )
}

fn menu(app: &'static App) -> El {
    let entries: [(&str, &str, Icon, &str, Option<&str>); 6] = [
        ("/", text::PLAYING, icons::PLAY, text::PLAYING_SHORT, None),
        ("/queue", text::QUEUE, icons::QUEUE, text::QUEUE, None),
        ("/music", text::MUSIC, icons::FOLDER, text::MUSIC, None),
        ("/search", text::SEARCH, icons::SEARCH, text::SEARCH, Some(capability::LIBRARY)),
        ("/sound", text::SOUND, icons::SOUND, text::SOUND, None),
        ("/settings", text::SETTINGS, icons::SETTINGS, text::SETTINGS, None),
    ];
    let nav = el("nav").class("menu").attr("aria-label", text::PAGES);
    let nav = nav.flag_of("hidden", move || app.route.get() == Route::Enrol);
    let nav = nav.child(el("span").class("menu-brand").attr("aria-hidden", "true").text_of(move || {
        app.unit.with(|unit| if unit.name.is_empty() { text::BRAND.into() } else { unit.name.clone() })
    }));
    entries.into_iter().fold(nav, |nav, (address, name, glyph, short, needs)| {
        let here = move || {
            let route = app.route.with(Route::address);
            let path = route.split('?').next().unwrap_or_default();
            path == address || (address == "/music" && path.starts_with("/music/"))
        };
        let link = el("a")
            .class("menu-link")
            .link(address)
            .attr("aria-label", name)
            .attr_of("aria-current", move || here().then(|| "page".into()))
            .child(icon(glyph))
            .child(el("span").text(short));
        let hidden = move || needs.is_some_and(|name| app.ready.get() && !app.can(name));
        nav.child(link.flag_of("hidden", hidden))
    })
}

/// What stays true for a while: no connection, guest, the unit's own message, a new version.
fn notices(app: &'static App) -> El {
    let connection = move || match app.link.standing.get() {
        Standing::Online | Standing::SignedOut | Standing::OtherVersion | Standing::Gone => "",
        Standing::Connecting if app.ready.get() => "",
        Standing::UnitAway if !app.ready.get() => "",
        Standing::UnitAway => text::UNIT_AWAY,
        Standing::Offline if place::is_cloud() => text::CLOUD_OFFLINE,
        Standing::Connecting => text::FIRST_CONNECT,
        Standing::Offline => text::OFFLINE,
        Standing::Restarting => text::RESTARTING,
        Standing::Full => text::FULL,
    };
    let outside = move || app.route.get() == Route::Enrol;
    let strip = |kind: &str, words: Box<dyn Fn() -> String>| {
        let words = memo(words);
        let shown = words.clone();
        div("notice")
            .attr("data-kind", kind)
            .attr("role", "status")
            .class_of("is-empty", move || shown.with(String::is_empty))
            .text_of(move || words.get())
    };
    let guest = move || {
        if app.ready.get() && app.role.get() == Role::Guest { text::GUEST_NOTE } else { "" }.to_owned()
    };
    let reload = |kind: &str, words: &'static str, wanted: fn(&App) -> bool, act: fn()| {
        div("notice")
            .attr("data-kind", kind)
            .attr("role", "status")
            .class_of("is-empty", move || !wanted(app))
            .content_of(move || {
                wanted(app).then(|| {
                    div("notice-row").child(el("span").text(words)).child(button(text::RELOAD, "plain", act))
                })
            })
    };
    div("notices")
        .child(strip("away", Box::new(move || if outside() { "" } else { connection() }.to_owned())))
        .child(strip("guest", Box::new(guest)))
        .child(strip(
            "unit",
            Box::new(move || match app.power.get() {
                Power::Off => text::POWER_OFF.to_owned(),
                Power::On => app.message.get(),
            }),
        ))
        .child(reload(
            "version",
            text::OTHER_VERSION,
            |app| app.link.standing.get() == Standing::OtherVersion,
            || {
                let _ = window().location().reload();
            },
        ))
        .child(reload(
            "update",
            text::NEW_VERSION,
            |app| app.update_ready.get(),
            || {
                if let Ok(event) = Event::new("remote-update-now") {
                    let _ = window().dispatch_event(&event);
                }
            },
        ))
}

/// What plays, beside the other pages of a wide screen.
fn desk(app: &'static App) -> El {
    el("aside").class("desk").attr("aria-label", text::PLAYING).content_of(move || {
        let wanted = wide_screen() && app.ready.get();
        (wanted && !matches!(app.route.get(), Route::Playing | Route::Enrol)).then(|| {
            div("desk-inner")
                .child(cover(app, "cover-desk"))
                .child(
                    div("texts").child(el("a").class("name").link("/").text_of(move || title(app))).child(
                        el("span").class("sub").text_of(move || app.now.with(|now| now.artist.clone())),
                    ),
                )
                .child(seek(app))
                .child(transport(app))
                .child(volume(app))
        })
    })
}

thread_local! {
    static WIDE: crate::ui::Signal<bool> = crate::ui::Signal::new(measure());
}

fn measure() -> bool {
    let query = window().match_media("(min-width: 64rem)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

fn wide_screen() -> bool {
    WIDE.with(|wide| wide.get())
}

fn toast(app: &'static App) -> El {
    let (words, shown) = (app.toast.clone(), app.toast.clone());
    div("toast")
        .attr("role", "status")
        .class_of("is-empty", move || shown.with(|(_, words)| words.is_empty()))
        .text_of(move || words.with(|(_, words)| words.clone()))
}

/// The browser's title, and the focus on a new page's heading.
fn name_pages(app: &'static App) {
    let first = Cell::new(true);
    let place = memo(move || app.route.with(Route::address));
    effect(move || {
        let name = match app.route.get() {
            Route::Playing => {
                let now = app.now.with(|now| now.title.clone());
                if now.is_empty() { text::PLAYING.to_owned() } else { now }
            }
            Route::Queue => text::QUEUE.into(),
            Route::Music => text::MUSIC.into(),
            Route::List(view, name) => pages::list::title(&view, &name),
            Route::Folder { medium, path } => pages::folder::title(app, &medium, &path),
            Route::Search(_) => text::SEARCH.into(),
            Route::Sound => text::SOUND.into(),
            Route::Settings => text::SETTINGS.into(),
            Route::Enrol => text::ENROL.into(),
            Route::Lost => text::LOST.into(),
        };
        document().set_title(&text::title(&name));
    });
    effect(move || {
        place.get();
        if first.replace(false) {
            return;
        }
        next_frame(|| {
            let heading = document().query_selector("main h1").ok().flatten();
            if let Some(heading) = heading {
                crate::ui::dom::focus(&heading);
            }
        });
    });
}

/// A phone that the unit does not know is led to the door, and away from it when it is in.
fn lead_strangers(app: &'static App) {
    effect(move || match app.link.standing.get() {
        Standing::SignedOut if place::is_cloud() => pages::cloud::sign_in(),
        Standing::SignedOut if app.route.peek() != Route::Enrol => app.replace(Route::Enrol),
        _ => {}
    });
}

fn read_address(app: &App) {
    let location = window().location();
    let (path, query) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    app.route.set(place::inside(&path).map_or(Route::Lost, |path| Route::parse(&path, &query)));
}

/// Links within the remote, the back button, and when the phone wakes up.
pub fn listen_to_browser(app: &'static App) {
    listen(&document(), "click", move |event| follow_link(app, &event));
    listen(&window(), "popstate", move |_| read_address(app));
    listen(&window(), "online", move |_| app.link.hurry(app));
    listen(&document(), "visibilitychange", move |_| {
        if !document().hidden() {
            app.link.hurry(app);
        }
    });
    listen(&window(), "remote-update", move |_| app.update_ready.put(true));
    listen(&window(), "resize", |_| WIDE.with(|wide| wide.put(measure())));
}

fn follow_link(app: &'static App, event: &Event) {
    let Some(mouse) = event.dyn_ref::<MouseEvent>() else { return };
    if mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.button() != 0 {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(link) = target.and_then(|node| node.closest("a[href]").ok().flatten()) else { return };
    let Some(address) = link.get_attribute("href") else { return };
    if address == "#main" {
        event.prevent_default();
        let heading = document().query_selector("main h1").ok().flatten();
        return heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()).map_or((), |heading| {
            let _ = heading.focus();
        });
    }
    // What is no page of this remote is the browser's business.
    let Some(address) = place::inside(&address) else { return };
    event.prevent_default();
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    app.go(Route::parse(path, query));
}
