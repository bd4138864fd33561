//! One small folder a thread, for readers that take a path. `TMPDIR` on a memory file system makes it fast.

use std::path::PathBuf;

use tempfile::TempDir;

thread_local! {
    static FOLDER: TempDir = TempDir::new().expect("a temporary folder");
}

/// Writes `content` to the file of this name, over what an earlier call left there.
pub fn write(name: &str, content: &[u8]) -> PathBuf {
    let path = path(name);
    std::fs::write(&path, content).expect("a temporary file");
    path
}

/// The file of this name.
pub fn path(name: &str) -> PathBuf {
    FOLDER.with(|folder| folder.path().join(name))
}
