//! The archive a kernel unpacks into its first root: cpio "newc" (Documentation/driver-api/early-userspace/
//! buffer-format.rst).

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

const FOLDER: u32 = 0o040_755;
const FILE: u32 = 0o100_755;

/// An archive that grows.
#[derive(Default)]
pub struct Archive {
    bytes: Vec<u8>,
    count: u32,
    folders: BTreeSet<String>,
}

impl Archive {
    /// A file at this absolute path, and the folders it lies in.
    pub fn file(&mut self, path: &str, content: &[u8]) {
        self.parents(path);
        self.entry(path, FILE, content);
    }

    /// A file of this machine, at this absolute path.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn copy(&mut self, path: &str, from: &Path) -> Result<()> {
        let content = std::fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
        self.file(path, &content);
        Ok(())
    }

    /// An empty folder.
    pub fn folder(&mut self, path: &str) {
        self.parents(&format!("{path}/."));
    }

    fn parents(&mut self, path: &str) {
        for (at, _) in path.match_indices('/').skip(1) {
            let folder = &path[..at];
            if self.folders.insert(folder.to_owned()) {
                self.entry(folder, FOLDER, &[]);
            }
        }
    }

    fn entry(&mut self, path: &str, mode: u32, content: &[u8]) {
        let name = path.trim_start_matches('/');
        self.count += 1;
        let fields =
            [self.count, mode, 0, 0, 1, 0, content.len() as u32, 0, 0, 0, 0, name.len() as u32 + 1, 0];
        self.bytes.extend(b"070701");
        for field in fields {
            self.bytes.extend(format!("{field:08x}").bytes());
        }
        self.bytes.extend(name.bytes());
        self.bytes.push(0);
        self.align();
        self.bytes.extend(content);
        self.align();
    }

    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }

    /// The archive with its end.
    pub fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, &[]);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_headers_names_and_contents_on_words() {
        let mut archive = Archive::default();
        archive.file("/a/b", b"hello");
        archive.file("/a/c", b"");
        let bytes = archive.finish();
        assert_eq!(bytes.len() % 4, 0);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(text.matches("070701").count(), 4, "a, a/b, a/c and the end");
        // The second entry: its number, mode and size, and its content after the padded name.
        let second = &text[112..];
        assert!(second.starts_with("07070100000002000081ed"), "{second:?}");
        assert_eq!(&second[54..62], "00000005");
        assert_eq!(&second[110..121], "a/b\0\0\0hello");
    }
}
