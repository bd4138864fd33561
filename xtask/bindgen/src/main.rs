//! `bindgen INPUT.wasm FOLDER NAME`: wasm-bindgen with `--target web`, as `cargo xtask web` calls it.

use anyhow::{Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder, name] = args.as_slice() else { bail!("bindgen INPUT.wasm FOLDER NAME") };
    Bindgen::new()
        .input_path(input)
        .out_name(name)
        .web(true)?
        .typescript(false)
        // The address of the file is given by the page: it has a hash in its name.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
}
