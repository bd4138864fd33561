//! Signing in: whom with.

use super::{Fetched, alert, fetched, keep};
use crate::account::api::ask;
use crate::account::route::Route;
use crate::account::state::{Account, leave};
use crate::account::text;
use crate::account::types::{Provider, Providers};
use crate::icons::{self, icon};
use crate::model::route::encode;
use crate::pages::heading;
use crate::ui::{El, Signal, div, el};

/// In place of any page that needs somebody; it leads back to that page.
pub fn page(account: &'static Account, wanted: &Route) -> El {
    let back = wanted.after_sign_in();
    let providers = Signal::<Fetched<Vec<Provider>>>::default();
    let fetch = {
        let providers = providers.clone();
        move || {
            let told = providers.clone();
            ask("GET", "/api/auth/providers").read(move |list| {
                keep(account, &told, list.map(|list: Providers| list.providers));
            });
        }
    };
    fetch();
    div("enrol sign-in")
        .child(div("enrol-mark").attr("aria-hidden", "true").child(icon(icons::SOUND)))
        .child(heading(text::SIGN_IN))
        .child(alert(&account.sign_in_error))
        .child(el("p").class("enrol-why").text(text::SIGN_IN_WHY))
        .child(fetched(&providers, fetch, move |list| choices(&list, &back)))
}

fn choices(providers: &[Provider], back: &str) -> El {
    if providers.is_empty() {
        return el("p").text(text::NO_PROVIDERS);
    }
    providers.iter().fold(div("choices"), |all, provider| {
        let address = format!("/api/auth/login/{}?return={}", provider.id, encode(back));
        let name = text::sign_in_with(&provider.name);
        all.child(el("a").class("button").attr("href", &address).text(&name))
    })
}

/// Somebody who is signed in came here.
pub fn welcome_back(back: &str) -> El {
    let to = Route::SignIn(back.to_owned()).after_sign_in();
    // The remote is not of these pages: it is loaded anew.
    if to != "/" {
        leave(&to);
    }
    div("page")
        .child(heading(text::WELCOME_BACK))
        .child(div("row-start").child(el("a").class("button").attr("href", &to).text(text::GO_ON)))
}
