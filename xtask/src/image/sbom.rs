//! What the image is made of, as CycloneDX 1.6: Debian's packages by mkosi's manifest, Rust's crates by cargo.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::process;

/// Writes `rusty-audio_VERSION.cdx.json` from the manifest beside it, which goes.
///
/// # Errors
/// If there is no manifest, or cargo does not answer.
pub fn write(folder: &Path, version: &str) -> Result<()> {
    let manifest = folder.join(format!("rusty-audio_{version}.manifest"));
    let text = std::fs::read(&manifest).context("mkosi has written no manifest")?;
    let mut components = packages(&serde_json::from_slice(&text)?);
    // No build dependencies: what is not in the program is not in the image.
    let tree =
        ["tree", "--locked", "-p", "firmware-app", "-e", "normal", "--prefix", "none", "-f", "{p}|{l}"];
    components.extend(crates(&String::from_utf8(process::output(&mut process::cargo(tree)?)?)?));
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": {
            "type": "operating-system", "name": "rusty-audio", "version": version,
            "licenses": [{ "expression": "GPL-3.0-or-later" }],
        } },
        "components": components,
    });
    let path = folder.join(format!("rusty-audio_{version}.cdx.json"));
    std::fs::write(path, serde_json::to_vec_pretty(&document)?)?;
    std::fs::remove_file(manifest)?;
    Ok(())
}

fn packages(manifest: &Value) -> Vec<Value> {
    let list = manifest["packages"].as_array().into_iter().flatten();
    let one = |package: &Value| {
        let field = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
        let (name, version, architecture) = (field("name"), field("version"), field("architecture"));
        let escaped = version.replace('+', "%2B").replace(':', "%3A");
        json!({
            "type": "library", "name": name, "version": version,
            "purl": format!("pkg:deb/debian/{name}@{escaped}?arch={architecture}&distro=trixie"),
        })
    };
    list.map(one).collect()
}

/// `name v1.2.3 (folder)|MIT OR Apache-2.0`, one a line; a crate may come more than once.
fn crates(tree: &str) -> Vec<Value> {
    let mut lines: Vec<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.iter().filter_map(|line| one_crate(line)).collect()
}

fn one_crate(line: &str) -> Option<Value> {
    let (what, licence) = line.split_once('|')?;
    let mut words = what.split_whitespace();
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    let licence = licence.trim_end_matches(" (*)").replace('/', " OR ");
    let mut component = json!({
        "type": "library", "name": name, "version": version, "purl": format!("pkg:cargo/{name}@{version}"),
    });
    if !licence.is_empty() {
        component["licenses"] = json!([{ "expression": licence }]);
    }
    Some(component)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_have_addresses() {
        let manifest = json!({ "packages": [
            { "name": "libc6", "version": "2:2.41+1", "architecture": "amd64" } ] });
        assert_eq!(
            packages(&manifest)[0]["purl"],
            "pkg:deb/debian/libc6@2%3A2.41%2B1?arch=amd64&distro=trixie"
        );
    }

    #[test]
    fn crates_come_once_with_their_licence() {
        let tree = "a v1.0.0 (/home/x)|GPL-3.0-or-later\nb v2.0.1|MIT/Apache-2.0\nb v2.0.1|MIT/Apache-2.0 (*)\n\
                    c v0.1.0 (proc-macro)|\n";
        let crates = crates(tree);
        assert_eq!(crates.len(), 3);
        assert_eq!(crates[1]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(crates[2].get("licenses"), None);
    }
}
