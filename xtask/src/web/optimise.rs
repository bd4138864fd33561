//! wasm-opt (Binaryen) over each bound module.

use anyhow::Result;

use super::bindgen::Bound;
use super::stamp::Stamp;
use super::{Mode, node, target};
use crate::process;

/// What rustc may use for wasm32; wasm-opt refuses what is not named and uses nothing else.
///
/// Without inlining the module is 4 % larger and packs 4 % smaller: brotli finds the repeated bodies.
const ARGS: [&str; 12] = [
    "-Oz",
    "--skip-pass=inlining-optimizing",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-call-indirect-overlong",
    "--strip-debug",
    "--strip-producers",
];

/// Makes each module as small as can be, as far as it has changed; in [`Mode::Dev`] they stay as they are.
///
/// # Errors
/// If wasm-opt fails.
pub fn optimise(modules: &[Bound], mode: Mode) -> Result<Vec<Bound>> {
    if mode == Mode::Dev {
        return Ok(modules.to_vec());
    }
    modules.iter().map(optimise_one).collect()
}

fn optimise_one(module: &Bound) -> Result<Bound> {
    let folder = target()?.join("optimised").join(&module.name);
    std::fs::create_dir_all(&folder)?;
    let wasm = folder.join(format!("{}.wasm", module.name));
    let tool = super::folder()?.join("node_modules/binaryen/package.json");
    let stamp = Stamp::of(&[&module.wasm, &tool], &ARGS.join(" "))?;
    if !(stamp.is_at(&folder) && wasm.is_file()) {
        let mut command = node::program("binaryen/bin/wasm-opt")?;
        process::run(command.arg(&module.wasm).arg("-o").arg(&wasm).args(ARGS))?;
        stamp.leave_at(&folder)?;
    }
    Ok(Bound { wasm, ..module.clone() })
}
