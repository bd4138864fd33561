//! The account: how to sign in, where one is signed in, what was used, all of it as a file, and its end.

use std::collections::BTreeMap;

use protocol::cloud::UsageKind;
use serde::Serialize;

use super::{Fetched, alert, card, fact, fetched, field, keep};
use crate::account::api::{Trouble, ask};
use crate::account::format::{ago, amount, browser, now, usage};
use crate::account::state::{Account, Me, leave};
use crate::account::text;
use crate::account::types::{Identity, Link, Providers, Session, Usage, User};
use crate::pages::{head, heading};
use crate::theme;
use crate::ui::dialog::{confirm, sheet};
use crate::ui::{El, Signal, div, el, memo};
use crate::widgets::{button, choice};

const DAY_S: u64 = 86_400;

pub fn page(account: &'static Account) -> El {
    // Newer than what these pages were opened with.
    account.ask_who();
    let who = memo(move || if let Me::In(user) = account.me.get() { Some(user) } else { None });
    let (named, ways_of, sessions_of) = (who.clone(), who.clone(), who);
    div("page settings")
        .child(head(heading(text::ME), div("")))
        .child(alert(&account.sign_in_error))
        .child(div("").content_of(move || named.get().map(|user| about(&user))))
        .child(div("").content_of(move || ways_of.get().map(|user| ways(account, &user))))
        .child(div("").content_of(move || sessions_of.get().map(|user| sessions(account, &user))))
        .child(used(account))
        .child(looks())
        .child(data(account))
}

fn about(user: &User) -> El {
    let tier = if user.tier == "plus" { text::PLUS } else { text::FREE };
    let facts = el("dl").class("about");
    let facts = facts.maybe(user.email.as_ref().map(|email| fact("E-mail", email)));
    card(&user.name).child(facts.child(fact("Plan", tier)).child(fact("Since", &ago(user.created_at, now()))))
}

fn ways(account: &'static Account, user: &User) -> El {
    let only = user.identities.len() == 1;
    let list = el("ul").class("lines").attr("role", "list").attr("aria-label", text::WAYS);
    let list = user.identities.iter().fold(list, |list, one| list.child(way(account, one, only)));
    let add = button(text::ADD_WAY, "plain", move || add_way(account));
    card(text::WAYS).child(list).maybe(only.then(|| el("p").class("dim").text(text::ONLY_WAY))).child(add)
}

fn way(account: &'static Account, identity: &Identity, only: bool) -> El {
    let name = match &identity.email {
        Some(email) => format!("{} ({email})", identity.name),
        None => identity.name.clone(),
    };
    let used = format!("{} · {}", identity.provider, text::last_used(&ago(identity.used_at, now())));
    let (title, address) = (text::remove_way(&name), format!("/api/auth/identities/{}", identity.id));
    let remove = button(text::REMOVE, "quiet", move || {
        let address = address.clone();
        confirm(&title, text::REMOVE_WAY_WHY, text::REMOVE, move || end_then_ask(account, &address));
    });
    line(&name, &used, (!only).then(|| remove.attr("aria-label", &format!("{}: {name}", text::REMOVE))))
}

fn line(name: &str, about: &str, tool: Option<El>) -> El {
    let words =
        div("texts").child(el("span").class("name").text(name)).child(el("span").class("sub").text(about));
    el("li").class("line").child(words).maybe(tool)
}

/// Ends something of the account, and shows the account as it is then.
fn end_then_ask(account: &'static Account, address: &str) {
    ask("DELETE", address).send(move |said| {
        if let Err(why) = said {
            account.trouble(&why);
        }
        account.ask_who();
    });
}

/// Whom else to sign in with.
fn add_way(account: &'static Account) {
    ask("GET", "/api/auth/providers").read(move |list: Result<Providers, Trouble>| match list {
        Err(why) => account.trouble(&why),
        Ok(list) => sheet(text::ADD_WAY, |_| {
            list.providers.iter().fold(div("sheet-actions"), |all, provider| {
                let address = format!("/api/auth/link/{}?return=/account", provider.id);
                all.child(button(&provider.name, "row", move || {
                    ask("POST", &*address).read(move |link: Result<Link, Trouble>| match link {
                        Ok(link) => leave(&link.location),
                        Err(why) => account.trouble(&why),
                    });
                }))
            })
        }),
    });
}

fn sessions(account: &'static Account, user: &User) -> El {
    let list = el("ul").class("lines").attr("role", "list").attr("aria-label", text::SESSIONS);
    let list = user.sessions.iter().fold(list, |list, one| list.child(session(account, one)));
    card(text::SESSIONS).child(list)
}

fn session(account: &'static Account, session: &Session) -> El {
    let name = browser(&session.agent);
    if session.current {
        return line(&name, text::THIS_BROWSER, None);
    }
    let times =
        [text::signed_in(&ago(session.created_at, now())), text::last_used(&ago(session.rotated_at, now()))];
    let (address, title) = (format!("/api/auth/sessions/{}", session.id), format!("{}: {name}", text::END));
    let asked = title.clone();
    let end = button(text::END, "quiet", move || {
        let address = address.clone();
        confirm(&asked, text::END_WHY, text::END, move || end_then_ask(account, &address));
    });
    line(&name, &times.join(" · "), Some(end.attr("aria-label", &title)))
}

fn used(account: &'static Account) -> El {
    let totals = Signal::<Fetched<BTreeMap<String, u64>>>::default();
    let fetch = {
        let totals = totals.clone();
        move || {
            let today = now() / DAY_S;
            let told = totals.clone();
            let address = format!("/api/usage?from={}&to={today}", today.saturating_sub(29));
            ask("GET", address)
                .read(move |answer| keep(account, &told, answer.map(|answer: Usage| answer.totals)));
        }
    };
    fetch();
    card(text::USAGE).child(fetched(&totals, fetch, |totals| {
        if totals.is_empty() {
            return el("p").class("dim").text(text::USAGE_NONE);
        }
        let counted = UsageKind::ALL.into_iter().filter_map(|kind| Some((kind, *totals.get(kind.name())?)));
        counted.fold(el("dl").class("about"), |all, (kind, count)| {
            all.child(fact(usage(kind), &amount(kind, count)))
        })
    }))
}

fn looks() -> El {
    let chosen = Signal::new(theme::chosen());
    let shown = chosen.clone();
    let options = [("system", crate::text::SYSTEM), ("night", crate::text::NIGHT), ("day", crate::text::DAY)];
    el("section").class("card").child(choice(
        "look",
        text::LOOK,
        &options,
        move || shown.get(),
        move |theme| {
            theme::choose(theme);
            chosen.put(theme.to_owned());
        },
    ))
}

fn data(account: &'static Account) -> El {
    let export = el("a")
        .class("button")
        .attr("data-kind", "plain")
        .attr("href", "/api/auth/export")
        .attr("download", "rusty-audio.json")
        .text(text::EXPORT);
    let sign_out = button(text::SIGN_OUT, "quiet", move || {
        ask("POST", "/api/auth/logout").send(move |said| match said {
            Ok(_) => account.me.put(Me::Nobody),
            Err(why) => account.trouble(&why),
        });
    });
    card(text::YOUR_DATA)
        .child(el("p").class("dim").text(text::EXPORT_WHY))
        .child(export)
        .child(sign_out)
        .child(button(text::DELETE_ACCOUNT, "danger", move || farewell(account)))
}

#[derive(Serialize)]
struct Farewell<'a> {
    confirm: &'a str,
}

/// What cannot be taken back wants more than a slip of the finger.
fn farewell(account: &'static Account) {
    sheet(text::DELETE_ACCOUNT, |sheet| {
        let (room, input) = field("farewell", &text::type_words(text::DELETE_WORDS), 40);
        let typed = Signal::<String>::default();
        let (told, node) = (typed.clone(), input);
        let room = room.on("input", move |_| told.put(node.value().trim().to_lowercase()));
        let (no, done) = (sheet.clone(), sheet.clone());
        let go = button(text::DELETE_ACCOUNT, "danger", move || {
            done.close();
            ask("DELETE", "/api/auth/account").with(&Farewell { confirm: text::DELETE_WORDS }).send(
                move |said| match said {
                    Ok(_) => {
                        account.me.put(Me::Nobody);
                        account.say(text::ACCOUNT_DELETED);
                    }
                    Err(why) => account.trouble(&why),
                },
            );
        });
        let go = go.flag_of("disabled", move || typed.with(|typed| typed != text::DELETE_WORDS));
        div("sheet-body")
            .child(el("p").text(text::DELETE_ACCOUNT_WHY))
            .child(room)
            .child(div("row-end").child(button(crate::text::CANCEL, "quiet", move || no.close())).child(go))
    });
}
