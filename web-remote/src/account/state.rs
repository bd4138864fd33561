//! What the account's pages share: the address, who is signed in, a short message.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use super::api::{Trouble, ask};
use super::route::Route;
use super::types::User;
use crate::ui::time::{Timer, after};
use crate::ui::{Signal, window};

/// A short message stays this long.
const TOAST_MS: i32 = 5_000;
/// The cloud is asked again after this long when it did not answer.
const AGAIN_MS: i32 = 3_000;

/// Who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Me {
    /// Not known yet.
    #[default]
    Unknown,
    /// Not known, because the cloud does not answer.
    Away,
    Nobody,
    In(User),
}

/// The whole program; it lives as long as the page.
#[derive(Default)]
pub struct Account {
    pub route: Signal<Route>,
    pub me: Signal<Me>,
    /// A short message; its number tells two alike apart.
    pub toast: Signal<(u32, String)>,
    /// Why a sign-in, or linking, came to nothing.
    pub sign_in_error: Signal<String>,
    /// A newer version of these pages waits to be loaded.
    pub update_ready: Signal<bool>,
    toast_ends: RefCell<Option<Timer>>,
    again: RefCell<Option<Timer>>,
}

impl Account {
    /// Asks who is signed in.
    pub fn ask_who(&'static self) {
        ask("GET", "/api/auth/user").read(move |user: Result<User, Trouble>| match user {
            Ok(user) => self.me.put(Me::In(user)),
            Err(Trouble::SignedOut) => self.me.put(Me::Nobody),
            Err(_) => {
                if !matches!(self.me.peek(), Me::In(_)) {
                    self.me.put(Me::Away);
                }
                self.again.replace(Some(after(AGAIN_MS, move || self.ask_who())));
            }
        });
    }

    /// Takes note of a trouble: shows it in passing, or asks to sign in.
    pub fn trouble(&self, trouble: &Trouble) {
        match trouble {
            Trouble::SignedOut => self.me.put(Me::Nobody),
            other => self.say(&other.words()),
        }
    }

    /// Says something in passing; a new message takes the place of the one before.
    pub fn say(&self, message: &str) {
        let number = self.toast.peek_with(|(number, _)| number + 1);
        self.toast.set((number, message.to_owned()));
        let toast = self.toast.clone();
        self.toast_ends.replace(Some(after(TOAST_MS, move || toast.set((number, String::new())))));
    }

    /// Goes to a page; the browser's back button comes back from it.
    pub fn go(&self, route: Route) {
        if let Ok(history) = window().history() {
            let address = route.address();
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&address));
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.route.set(route);
    }

    /// Goes to a page in place of this one.
    pub fn replace(&self, route: Route) {
        self.replace_quietly(&route);
        self.route.set(route);
    }

    /// Changes the address without going anywhere.
    pub fn replace_quietly(&self, route: &Route) {
        if let Ok(history) = window().history() {
            let address = route.address();
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
    }
}

/// Leaves these pages.
pub fn leave(address: &str) {
    let _ = window().location().assign(address);
}
