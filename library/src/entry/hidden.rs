//! Names that computers leave on a medium and no driver wants to see.
use std::ffi::OsStr;
use std::fs::DirEntry;

/// Folders and files of operating systems and of archives, compared without regard to case.
const JUNK: [&str; 8] = [
    "$recycle.bin",
    "__macosx",
    "desktop.ini",
    "found.000",
    "lost+found",
    "recycler",
    "system volume information",
    "thumbs.db",
];

/// Whether the name alone says so: dot files (and with them `._*` and `.Trashes`) and known junk.
pub(crate) fn is_hidden_name(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') || JUNK.iter().any(|junk| junk.eq_ignore_ascii_case(&name))
}

/// Whether the file system itself marks the entry as hidden or as a part of the system.
#[cfg(windows)]
pub(super) fn is_hidden_entry(entry: &DirEntry) -> bool {
    use std::os::windows::fs::MetadataExt;
    /// `FILE_ATTRIBUTE_HIDDEN`, winnt.h.
    const HIDDEN: u32 = 0x2;
    entry.metadata().is_ok_and(|metadata| metadata.file_attributes() & HIDDEN != 0)
}

/// Whether the file system itself marks the entry as hidden: only Windows has such a mark.
#[cfg(not(windows))]
pub(super) fn is_hidden_entry(_entry: &DirEntry) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::is_hidden_name;
    use std::ffi::OsStr;

    #[test]
    fn junk_in_any_case_and_dot_files_are_hidden() {
        for name in
            [".git", "._song.mp3", "System Volume Information", "$Recycle.Bin", "__MACOSX", "Thumbs.db"]
        {
            assert!(is_hidden_name(OsStr::new(name)), "{name}");
        }
        for name in ["System", "a.b", "Lost", "...And Justice".trim_start_matches('.')] {
            assert!(!is_hidden_name(OsStr::new(name)), "{name}");
        }
    }
}
