//! The account's pages at the cloud: signing in, the stereos, adding one, sounds, the account itself.
//!
//! A module of its own beside the remote: it shares the means (`ui`, `widgets`, `net`) and no state with it.

mod api;
mod format;
mod frame;
mod pages;
mod route;
mod state;
mod text;
mod types;

use state::Account;

use crate::theme;

/// Builds the page and asks who is signed in; called once.
pub fn start() {
    let account: &'static Account = Box::leak(Box::default());
    theme::apply(&theme::chosen());
    frame::build(account);
    frame::listen_to_browser(account);
    account.ask_who();
}
