//! Which member may know which, and which crate belongs to which member (ARCHITECTURE.md, the map).

use anyhow::Result;
use serde_json::Value;

use super::Finding;
use crate::process;

/// Every arrow allowed between members.
const ARROWS: [(&str, &[&str]); 11] = [
    ("firmware-app", &["engine", "library", "hal", "protocol"]),
    ("desktop-sim", &["firmware-app", "hal"]),
    ("web-remote", &["protocol"]),
    ("cloud-worker", &["protocol"]),
    ("library", &["protocol"]),
    ("engine", &[]),
    ("hal", &[]),
    ("protocol", &[]),
    ("xtask", &[]),
    ("kiosk-initrd", &[]),
    // A test: whatever reads foreign bytes.
    ("fuzz-bodies", &["library", "hal", "protocol"]),
];

/// Crates that only some members may depend on; a name ending in `*` stands for all that begin so.
const WRAPPED: [(&str, &[&str]); 9] = [
    ("symphonia*", &["engine"]),
    ("alsa", &["hal"]),
    ("evdev", &["hal"]),
    ("drm", &["hal"]),
    ("cpal", &["hal"]),
    ("slint*", &["firmware-app", "desktop-sim"]),
    ("i-slint-*", &["firmware-app", "desktop-sim"]),
    ("axum", &["firmware-app"]),
    ("worker", &["cloud-worker"]),
];

/// What cargo knows of the members and what they declare, for every target and feature.
///
/// # Errors
/// If cargo cannot read the manifests.
pub fn metadata() -> Result<Value> {
    let said = process::output(&mut process::cargo(["metadata", "--no-deps", "--format-version", "1"])?)?;
    Ok(serde_json::from_slice(&said)?)
}

/// Arrows and crates that are not allowed; tests and build scripts count like the rest.
pub fn check(metadata: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let member = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == member) else {
            findings.push(Finding::new(member, "a member that the map does not name"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let name = dependency["name"].as_str().unwrap_or_default();
            if dependency["path"].is_string() && !allowed.contains(&name) {
                findings.push(Finding::new(member, format!("must not know the member `{name}`")));
            }
            for (pattern, owners) in WRAPPED {
                if matches(pattern, name) && !owners.contains(&member) {
                    let owners = owners.join(" and ");
                    findings.push(Finding::new(member, format!("`{name}` belongs to {owners} only")));
                }
            }
        }
    }
    findings
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn places(packages: Value) -> Vec<(String, String)> {
        check(&json!({ "packages": packages })).into_iter().map(|f| (f.place, f.text)).collect()
    }

    #[test]
    fn allowed_arrows_pass() {
        let app = json!([{ "name": "firmware-app", "dependencies": [
            { "name": "engine", "path": "/x/engine" },
            { "name": "slint", "path": null },
            { "name": "slint-build", "kind": "build", "path": null },
        ] }]);
        assert_eq!(places(app), []);
    }

    #[test]
    fn an_arrow_off_the_map_is_found_even_in_tests() {
        let engine = json!([{ "name": "engine", "dependencies": [
            { "name": "hal", "kind": "dev", "path": "/x/hal" },
        ] }]);
        assert_eq!(places(engine), [("engine".into(), "must not know the member `hal`".into())]);
    }

    #[test]
    fn a_crate_in_the_wrong_member_is_found() {
        for (member, name) in
            [("firmware-app", "cpal"), ("hal", "slint"), ("protocol", "symphonia-core"), ("library", "axum")]
        {
            let package = json!([{ "name": member, "dependencies": [{ "name": name, "path": null }] }]);
            let found = places(package);
            assert_eq!(found.len(), 1, "{member} -> {name}: {found:?}");
        }
    }

    #[test]
    fn a_member_nobody_knows_is_found() {
        assert_eq!(places(json!([{ "name": "attic", "dependencies": [] }])).len(), 1);
    }
}
