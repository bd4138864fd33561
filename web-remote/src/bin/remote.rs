//! The module of the remote: what a phone loads from the unit, and at the cloud once a unit is chosen.
#![cfg_attr(target_arch = "wasm32", no_main)]

/// Called by the module's script.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    web_remote::remote();
}

/// Nothing can be shown outside of a browser.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
