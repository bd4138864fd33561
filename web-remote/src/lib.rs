//! The phone's remote: a page that speaks the unit's protocol.
//!
//! `model` decides without a browser and is tested on the host; `net` is the way to the unit; `app` holds
//! what all pages share as signals; `pages` and `widgets` draw it with the few means of `ui`. `account` are the
//! pages that only the cloud serves: a module of their own, which no phone loads from a unit.
#![forbid(unsafe_code)]

mod account;
mod app;
mod icons;
mod media_session;
mod model;
mod net;
mod pages;
mod shell;
mod shortcuts;
mod storage;
mod text;
mod theme;
mod ui;
mod widgets;
mod wish;

use app::App;

pub use account::start as account;

/// Builds the remote's page and connects; called once.
pub fn remote() {
    let app: &'static App = Box::leak(Box::default());
    theme::apply(&theme::chosen());
    shell::build(app);
    shell::listen_to_browser(app);
    shortcuts::listen_to_keys(app);
    media_session::follow(app);
    app.link.start(app);
}
