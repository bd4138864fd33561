//! The module of the account's pages, which only the cloud serves.
#![cfg_attr(target_arch = "wasm32", no_main)]

/// Called by the module's script.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    web_remote::account();
}

/// Nothing can be shown outside of a browser.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
