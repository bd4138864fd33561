//! Compiles the interface (with the feature `bezel` also the window of the simulator) and lists the files of
//! the web remote.

#[path = "build/web_files.rs"]
mod web_files;

use slint_build::{CompilerConfiguration, EmbedResourcesKind};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bezel = std::env::var_os("CARGO_FEATURE_BEZEL").is_some();
    let root = if bezel { "ui/bezel/sim.slint" } else { "ui/unit.slint" };
    // The font travels in the program: the unit has no other, and the desktop must look the same.
    let config = CompilerConfiguration::new()
        .embed_resources(EmbedResourcesKind::EmbedFiles)
        .with_style("fluent-dark".to_owned());
    slint_build::compile_with_config(root, config)?;
    web_files::embed()?;
    Ok(())
}
