//! What a folder holds, by its open handle.
use std::ffi::OsStr;
use std::path::Path;

use super::diff::Listing;
use crate::beneath::{MediumRoot, OpenFolder};
use crate::entry::is_hidden_name;
use crate::error::LibraryError;
use crate::extensions::is_track;
use crate::index::FileStamp;

/// Most tracks taken of one folder; bounds the memory a listing and its comparison take.
pub(super) const MAX_FILES: usize = 1 << 17;
/// Most subfolders taken of one folder.
pub(super) const MAX_FOLDERS: usize = 1 << 16;
/// Longest path of a track below the root in bytes; the system opens none beyond 4095 with the root's.
pub(super) const MAX_PATH: usize = 3500;

/// Device and number of a folder: what it is under any name.
pub(super) type FolderId = (u64, u64);

/// Lists folders one after the other.
#[derive(Debug, Default)]
pub(super) struct Lister {
    /// The kernel's entries, kept from folder to folder.
    #[cfg(target_os = "linux")]
    buffer: Vec<u8>,
}

/// What a name is, links not followed.
enum Kind {
    Folder,
    File(FileStamp),
    Link,
    Other,
    /// It went away, or the medium is damaged here.
    Unreadable(LibraryError),
}

impl Lister {
    /// The tracks, folders and links to follow of a folder.
    pub(super) fn list(&mut self, medium: &MediumRoot, folder: &OpenFolder, relative: &Path) -> Listing {
        let mut listing = Listing { complete: true, ..Listing::default() };
        let longest = MAX_PATH.saturating_sub(relative.as_os_str().len() + 1);
        self.visit(folder, &mut listing, |listing, name, kind| {
            let is_track = is_track(Path::new(name));
            let kind = kind(is_track);
            match kind {
                _ if is_hidden_name(name) => {}
                Kind::Folder | Kind::File(_) if name.len() > longest => listing.cut += 1,
                Kind::Folder => push(&mut listing.folders, name.to_owned(), MAX_FOLDERS, &mut listing.cut),
                Kind::File(stamp) if is_track => push(&mut listing.files, stamp, MAX_FILES, &mut listing.cut),
                Kind::Link => link(medium, folder, relative, name, listing),
                Kind::Unreadable(LibraryError::Missing) | Kind::File(_) | Kind::Other => {}
                Kind::Unreadable(_) => listing.complete = false,
            }
        });
        listing.complete &= listing.cut == 0;
        listing
    }
}

fn push<T>(list: &mut Vec<T>, item: T, most: usize, cut: &mut u64) {
    if list.len() < most {
        list.push(item);
    } else {
        *cut += 1;
    }
}

/// Takes up a link if it is one to follow, as what it leads to.
fn link(medium: &MediumRoot, folder: &OpenFolder, relative: &Path, name: &OsStr, listing: &mut Listing) {
    let Some(target) = target(folder, name) else { return };
    if !super::link::leads_to_hidden(medium.root(), relative, &target) {
        return;
    }
    if is_track(Path::new(name))
        && let Ok(file) = folder.open_file(name)
    {
        let stamp = FileStamp {
            name: name.to_owned(),
            size: file.size(),
            mtime_ns: file.modified_ns(),
            inode: file.inode(),
        };
        push(&mut listing.files, stamp, MAX_FILES, &mut listing.cut);
        return;
    }
    if medium.open_folder(&relative.join(name)).is_ok() {
        push(&mut listing.links, name.to_owned(), MAX_FOLDERS, &mut listing.cut);
    }
}

#[cfg(unix)]
fn target(folder: &OpenFolder, name: &OsStr) -> Option<std::path::PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let target = rustix::fs::readlinkat(folder.handle(), name, Vec::new()).ok()?;
    Some(std::ffi::OsString::from_vec(target.into_bytes()).into())
}

#[cfg(not(unix))]
fn target(_folder: &OpenFolder, _name: &OsStr) -> Option<std::path::PathBuf> {
    None
}

/// What the folder is under any name.
#[cfg(unix)]
pub(super) fn identity(folder: &OpenFolder) -> Option<FolderId> {
    let stat = rustix::fs::fstat(folder.handle()).ok()?;
    // The width differs between systems.
    #[allow(clippy::unnecessary_cast, clippy::cast_sign_loss, trivial_numeric_casts)]
    Some((stat.st_dev as u64, stat.st_ino))
}

/// Folder links are not followed here, and no file system of this kind has another way to loop.
#[cfg(not(unix))]
pub(super) fn identity(_folder: &OpenFolder) -> Option<FolderId> {
    None
}

#[cfg(target_os = "linux")]
mod linux {
    use super::{Kind, Lister, Listing};
    use crate::beneath::OpenFolder;
    use crate::index::FileStamp;
    use rustix::fs::{AtFlags, FileType, RawDir, statat};
    use std::ffi::{CStr, OsStr};
    use std::io;
    use std::os::unix::ffi::OsStrExt;

    /// Of which the kernel fills as much as it can at a time: some 500 names.
    const BUFFER: usize = 32 << 10;

    impl Lister {
        /// Hands each name to `take`, with a way to ask what it is: most names are neither folder nor
        /// track and cost no question. A listing that breaks off is marked incomplete.
        pub(super) fn visit(
            &mut self,
            folder: &OpenFolder,
            listing: &mut Listing,
            mut take: impl FnMut(&mut Listing, &OsStr, &dyn Fn(bool) -> Kind),
        ) {
            self.buffer.reserve(BUFFER);
            let handle = folder.handle();
            let mut entries = RawDir::new(handle, self.buffer.spare_capacity_mut());
            while let Some(entry) = entries.next() {
                let Ok(entry) = entry else {
                    listing.complete = false;
                    return;
                };
                let (name, file_type) = (entry.file_name(), entry.file_type());
                take(listing, OsStr::from_bytes(name.to_bytes()), &|is_track| {
                    kind(handle, name, file_type, is_track)
                });
            }
        }
    }

    fn kind(folder: &std::fs::File, name: &CStr, file_type: FileType, is_track: bool) -> Kind {
        match file_type {
            FileType::Directory => return Kind::Folder,
            FileType::Symlink => return Kind::Link,
            FileType::RegularFile if is_track => {}
            FileType::Unknown => {}
            _ => return Kind::Other,
        }
        let stat = match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(error) => return Kind::Unreadable(io::Error::from(error).into()),
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            FileType::RegularFile => Kind::File(FileStamp {
                name: OsStr::from_bytes(name.to_bytes()).to_owned(),
                size: u64::try_from(stat.st_size).unwrap_or(0),
                mtime_ns: crate::beneath::modified_ns(&stat),
                inode: stat.st_ino,
            }),
            _ => Kind::Other,
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod portable {
    use super::{Kind, Lister, Listing, MAX_FILES, MAX_FOLDERS};
    use crate::beneath::{FileKind, OpenFolder};
    use crate::index::FileStamp;
    use std::ffi::OsStr;

    /// Most names read of one folder.
    const MAX_NAMES: usize = 4 * (MAX_FILES + MAX_FOLDERS);

    impl Lister {
        /// Hands each name to `take`, with a way to ask what it is.
        pub(super) fn visit(
            &mut self,
            folder: &OpenFolder,
            listing: &mut Listing,
            mut take: impl FnMut(&mut Listing, &OsStr, &dyn Fn(bool) -> Kind),
        ) {
            let Ok(entries) = folder.entries(MAX_NAMES) else {
                listing.complete = false;
                return;
            };
            listing.complete = entries.len() < MAX_NAMES;
            for entry in entries {
                take(listing, &entry.name, &|is_track| match entry.kind {
                    FileKind::Folder => Kind::Folder,
                    FileKind::Link => Kind::Link,
                    FileKind::File if is_track => stamp(folder, &entry.name),
                    FileKind::File | FileKind::Other => Kind::Other,
                });
            }
        }
    }

    fn stamp(folder: &OpenFolder, name: &OsStr) -> Kind {
        match folder.stat(name) {
            Ok((size, mtime_ns, inode)) => {
                Kind::File(FileStamp { name: name.to_owned(), size, mtime_ns, inode })
            }
            Err(error) => Kind::Unreadable(error),
        }
    }
}
