//! What this browser remembers: choices of the person, no secrets. The token is a cookie no script can read.

use web_sys::Storage;

use crate::ui::window;

fn storage() -> Option<Storage> {
    // Forbidden in some private modes: then nothing is remembered.
    window().local_storage().ok().flatten()
}

pub fn get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

pub fn set(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(name, value);
    }
}

pub fn remove(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}
