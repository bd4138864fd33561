//! Relative paths as bytes: how places on a medium are stored.
//!
//! Components are joined by `/` on every system, so that a stick indexed on one is known on another.
//! Names keep their exact bytes on Unix; elsewhere they are Unicode already.
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

/// Separates components.
const SLASH: u8 = b'/';

/// The bytes of a relative path; the root is empty. `None` if it leads anywhere but down.
pub(super) fn path_bytes(relative: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(relative.as_os_str().len());
    for component in relative.components() {
        match component {
            Component::Normal(name) => {
                if !bytes.is_empty() {
                    bytes.push(SLASH);
                }
                bytes.extend_from_slice(&name_bytes(name));
            }
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(bytes)
}

/// The path of stored bytes.
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    bytes.split(|&byte| byte == SLASH).filter(|name| !name.is_empty()).map(name_of).collect()
}

/// Folder and name of a stored path, and the folder of a stored folder. The root has none.
pub(super) fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    match bytes.iter().rposition(|&byte| byte == SLASH) {
        Some(at) => Some((bytes.get(..at)?, bytes.get(at + 1..)?)),
        None => Some((&[], bytes)),
    }
}

/// `folder/name`.
pub(super) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(folder.len() + 1 + name.len());
    path.extend_from_slice(folder);
    if !folder.is_empty() {
        path.push(SLASH);
    }
    path.extend_from_slice(name);
    path
}

/// The bytes of a name.
#[cfg(unix)]
pub(super) fn name_bytes(name: &OsStr) -> std::borrow::Cow<'_, [u8]> {
    std::os::unix::ffi::OsStrExt::as_bytes(name).into()
}

/// The bytes of a name.
#[cfg(not(unix))]
pub(super) fn name_bytes(name: &OsStr) -> std::borrow::Cow<'_, [u8]> {
    name.to_string_lossy().into_owned().into_bytes().into()
}

/// The name of stored bytes.
#[cfg(unix)]
pub(super) fn name_of(bytes: &[u8]) -> OsString {
    <OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes).to_owned()
}

/// The name of stored bytes.
#[cfg(not(unix))]
pub(super) fn name_of(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::{join, path_bytes, path_of, split};
    use std::path::Path;

    #[test]
    fn paths_come_back() {
        for path in ["", "a", "a b/c", "a/b/c.flac"] {
            assert_eq!(path_of(&path_bytes(Path::new(path)).unwrap_or_default()), Path::new(path));
        }
        assert_eq!(path_bytes(Path::new("./a/./b/")), Some(b"a/b".to_vec()));
    }

    #[test]
    fn only_down() {
        for path in ["..", "a/../b", "/a"] {
            assert_eq!(path_bytes(Path::new(path)), None, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_keep_their_bytes() {
        let name = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"caf\xe9\n");
        assert_eq!(path_of(&path_bytes(Path::new(name)).unwrap_or_default()), Path::new(name));
    }

    #[test]
    fn a_path_is_a_folder_and_a_name() {
        assert_eq!(split(b"a/b/c"), Some((&b"a/b"[..], &b"c"[..])));
        assert_eq!(split(b"c"), Some((&b""[..], &b"c"[..])));
        assert_eq!(split(b""), None);
        assert_eq!(join(b"", b"c"), b"c");
        assert_eq!(join(b"a", b"c"), b"a/c");
    }
}
