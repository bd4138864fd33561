//! Whether the medium is still there.
use std::path::{Path, PathBuf};

/// What was at the root when the scan began.
#[derive(Debug)]
pub(super) struct Presence {
    root: PathBuf,
    /// Device and number of the root folder.
    id: Option<(u64, u64)>,
    /// Where the kernel lists the block device under the file system.
    node: Option<PathBuf>,
}

impl Presence {
    pub(super) fn of(root: &Path) -> Self {
        let id = id(root);
        Self { root: root.to_owned(), node: id.and_then(|(device, _)| node(device)), id }
    }

    /// Whether the same folder is still at the root, and the device under it still plugged.
    ///
    /// The second matters: FAT skips blocks it cannot read, so that folders of a pulled stick look empty
    /// without an error, and the mount outlives the stick until somebody takes it away.
    pub(super) fn is_there(&self) -> bool {
        self.id.is_some() && id(&self.root) == self.id && self.node.as_deref().is_none_or(Path::exists)
    }
}

#[cfg(unix)]
fn id(root: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(root).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn id(root: &Path) -> Option<(u64, u64)> {
    root.is_dir().then_some((0, 0))
}

/// `None` for file systems without a block device of their own, and where `/sys` does not tell.
#[cfg(target_os = "linux")]
fn node(device: u64) -> Option<PathBuf> {
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    let node = PathBuf::from(format!("/sys/dev/block/{major}:{minor}"));
    (major != 0 && node.exists()).then_some(node)
}

#[cfg(not(target_os = "linux"))]
fn node(_device: u64) -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use super::Presence;
    use std::fs;

    #[test]
    fn a_root_that_went_away_or_was_replaced_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let (root, away) = (dir.path().join("stick"), dir.path().join("away"));
        fs::create_dir(&root).unwrap();
        let mut presence = Presence::of(&root);
        assert!(presence.is_there());
        fs::rename(&root, &away).unwrap();
        assert!(!presence.is_there());
        fs::create_dir(&root).unwrap();
        assert!(!presence.is_there() || cfg!(not(unix)), "another folder");
        fs::remove_dir(&root).unwrap();
        fs::rename(&away, &root).unwrap();
        assert!(presence.is_there());
        presence.node = Some(dir.path().join("device"));
        assert!(!presence.is_there(), "the device left and the mount stayed");
        assert!(!Presence::of(&dir.path().join("none")).is_there());
    }
}
