//! Which links a scan follows.
use std::ffi::OsStr;
use std::path::{Component, Path};

use crate::entry::is_hidden_name;

/// Whether what a link in `folder` (relative to the root) names lies below a hidden folder of the medium.
///
/// Only such links are followed: anything else on the medium is met under its own name, and a track is
/// one track however many links lead to it. Where a link really leads, opening it beneath the root decides;
/// this looks at names alone, and sends away what leaves by them.
pub(super) fn leads_to_hidden(root: &Path, folder: &Path, target: &Path) -> bool {
    let (mut parts, target): (Vec<&OsStr>, &Path) = if target.is_absolute() {
        let Ok(below) = target.strip_prefix(root) else { return false };
        (Vec::new(), below)
    } else {
        (folder.iter().collect(), target)
    };
    for component in target.components() {
        match component {
            Component::Normal(name) => parts.push(name),
            Component::CurDir => {}
            Component::ParentDir if parts.pop().is_some() => {}
            _ => return false,
        }
    }
    parts.iter().any(|name| is_hidden_name(name))
}

#[cfg(test)]
mod tests {
    use super::leads_to_hidden;
    use std::path::Path;

    #[test]
    fn only_what_is_not_met_anyway_is_followed() {
        let hidden = |target: &str| leads_to_hidden(Path::new("/m"), Path::new("a/b"), Path::new(target));
        for target in ["../../.git/annex/x.mp3", ".x/y.mp3", "/m/.store/z.mp3", "./.x"] {
            assert!(hidden(target), "{target}");
        }
        for target in
            ["c.mp3", "..", "../c.mp3", "/m/c.mp3", "/.x/c.mp3", "../../../.x/c.mp3", "/m/../.x", ""]
        {
            assert!(!hidden(target), "{target}");
        }
    }
}
