//! What changed in a folder since the index last saw it. Pure.
use std::ffi::OsString;

use crate::index::{FileStamp, KnownFolder};

/// Times of FAT count two seconds.
const COARSE_NS: i64 = 2_000_000_000;

/// FAT stores local time: a change of the clock for summer shifts all its times.
const HOUR_NS: i64 = 3_600_000_000_000;

/// Files changed this recently may still be written to, and a second change might not show in the time.
const FRESH_NS: i64 = 2_000_000_000;

/// A number no file has: a stamp with it never matches.
const LOOK_AGAIN: u64 = u64::MAX;

/// What the file system's own facts are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Trust {
    /// Numbers change from mount to mount (FAT, exFAT, FUSE).
    pub(super) loose_inodes: bool,
    /// Times are those of FAT.
    pub(super) coarse_times: bool,
}

impl Trust {
    /// Whether the file is the one the index knows.
    pub(super) fn same(self, known: &FileStamp, found: &FileStamp) -> bool {
        known.size == found.size
            && (self.loose_inodes || known.inode == found.inode)
            && known.inode != LOOK_AGAIN
            && self.same_time(known.mtime_ns.abs_diff(found.mtime_ns))
    }

    fn same_time(self, apart: u64) -> bool {
        if !self.coarse_times {
            return apart == 0;
        }
        let hour = HOUR_NS.unsigned_abs();
        let coarse = COARSE_NS.unsigned_abs();
        apart <= coarse || apart.abs_diff(hour) <= coarse
    }
}

/// The stamp to keep of a file that is read at `now_ns`: one that never matches if it was just changed.
pub(super) fn kept_stamp(stamp: FileStamp, now_ns: i64) -> FileStamp {
    if stamp.mtime_ns.abs_diff(now_ns) < FRESH_NS.unsigned_abs() { look_again(stamp) } else { stamp }
}

/// A stamp that never matches: the next scan reads the file again.
pub(super) fn look_again(stamp: FileStamp) -> FileStamp {
    FileStamp { inode: LOOK_AGAIN, ..stamp }
}

/// What a folder holds, as far as a scan cares.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) files: Vec<FileStamp>,
    pub(super) folders: Vec<OsString>,
    /// Links to folders, to be followed.
    pub(super) links: Vec<OsString>,
    /// Names left out.
    pub(super) cut: u64,
    /// Whether what is missing here is missing on the medium.
    pub(super) complete: bool,
}

/// What is to be done about a folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Diff {
    pub(super) read: Vec<FileStamp>,
    pub(super) unchanged: u64,
    pub(super) removed_files: Vec<OsString>,
    pub(super) removed_folders: Vec<OsString>,
    /// Subfolders the index has, in order.
    pub(super) known_folders: Vec<OsString>,
}

/// Compares; `listing.files` is used up, `listing.folders` is sorted.
pub(super) fn diff(listing: &mut Listing, mut known: KnownFolder, trust: Trust) -> Diff {
    let mut diff = Diff::default();
    listing.folders.sort_unstable();
    let mut files = std::mem::take(&mut listing.files);
    files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    known.files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let mut known_files = known.files.into_iter().peekable();
    for file in files {
        while let Some(gone) = known_files.next_if(|known| known.name < file.name) {
            diff.removed_files.push(gone.name);
        }
        match known_files.next_if(|known| known.name == file.name) {
            Some(known) if trust.same(&known, &file) => diff.unchanged += 1,
            _ => diff.read.push(file),
        }
    }
    diff.removed_files.extend(known_files.map(|gone| gone.name));
    known.folders.sort_unstable();
    if listing.complete {
        let is_there = |name| listing.folders.binary_search(name).is_ok() || listing.links.contains(name);
        diff.removed_folders = known.folders.iter().filter(|name| !is_there(name)).cloned().collect();
    } else {
        diff.removed_files.clear();
    }
    diff.known_folders = known.folders;
    diff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(name: &str, size: u64, mtime_ns: i64, inode: u64) -> FileStamp {
        FileStamp { name: name.into(), size, mtime_ns, inode }
    }

    fn names(stamps: &[FileStamp]) -> Vec<&str> {
        stamps.iter().map(|stamp| stamp.name.to_str().unwrap()).collect()
    }

    fn listing(files: Vec<FileStamp>, folders: &[&str]) -> Listing {
        Listing {
            files,
            folders: folders.iter().map(OsString::from).collect(),
            complete: true,
            ..Listing::default()
        }
    }

    fn known(files: Vec<FileStamp>, folders: &[&str]) -> KnownFolder {
        KnownFolder { files, folders: folders.iter().map(OsString::from).collect() }
    }

    #[test]
    fn new_changed_and_missing_are_told_apart() {
        let now = vec![stamp("d", 1, 9, 1), stamp("a", 1, 9, 1), stamp("c", 2, 9, 3), stamp("e", 1, 9, 5)];
        let before = vec![stamp("e", 1, 9, 5), stamp("b", 1, 9, 2), stamp("c", 1, 9, 3), stamp("z", 1, 9, 9)];
        let mut listing = listing(now, &["y", "x"]);
        let diff = diff(&mut listing, known(before, &["x", "w"]), Trust::default());
        assert_eq!(names(&diff.read), ["a", "c", "d"]);
        assert_eq!(diff.unchanged, 1);
        assert_eq!(diff.removed_files, ["b", "z"]);
        assert_eq!(diff.removed_folders, ["w"]);
        assert_eq!(listing.folders, ["x", "y"]);
    }

    #[test]
    fn nothing_is_missing_from_a_listing_that_broke_off() {
        let mut broken = listing(vec![stamp("a", 1, 9, 1)], &[]);
        broken.complete = false;
        let diff = diff(&mut broken, known(vec![stamp("b", 1, 9, 2)], &["w"]), Trust::default());
        assert_eq!(names(&diff.read), ["a"]);
        assert!(diff.removed_files.is_empty() && diff.removed_folders.is_empty());
    }

    #[test]
    fn any_fact_that_differs_means_changed() {
        let trust = Trust::default();
        let known = stamp("a", 1, 9, 1);
        assert!(trust.same(&known, &stamp("a", 1, 9, 1)));
        for other in [stamp("a", 2, 9, 1), stamp("a", 1, 8, 1), stamp("a", 1, 9, 2)] {
            assert!(!trust.same(&known, &other), "{other:?}");
        }
    }

    #[test]
    fn fat_is_believed_as_far_as_it_can_tell() {
        let trust = Trust { loose_inodes: true, coarse_times: true };
        let s = 1_000_000_000;
        let known = stamp("a", 1, 10_000 * s, 1);
        for (after_s, same) in
            [(0, true), (2, true), (3, false), (3600, true), (-3600, true), (1800, false), (7200, false)]
        {
            assert_eq!(trust.same(&known, &stamp("a", 1, (10_000 + after_s) * s, 7)), same, "{after_s}");
        }
        assert!(!trust.same(&known, &stamp("a", 2, 10_000 * s, 1)));
    }

    #[test]
    fn a_file_that_was_just_written_is_looked_at_again() {
        let now = 50_000_000_000;
        let fresh = kept_stamp(stamp("a", 1, now - 1_900_000_000, 1), now);
        for trust in [Trust::default(), Trust { loose_inodes: true, coarse_times: true }] {
            assert!(!trust.same(&fresh, &stamp("a", 1, now - 1_900_000_000, 1)));
            assert!(!trust.same(&fresh, &fresh.clone()));
        }
        let old = stamp("a", 1, now - 2_000_000_000, 1);
        assert_eq!(kept_stamp(old.clone(), now), old);
        let future = stamp("a", 1, now + 3_600_000_000_000, 1);
        assert_eq!(kept_stamp(future.clone(), now), future);
    }
}
