//! Sticks and cards that come and go.

use std::path::{Path, PathBuf};

use crate::PartGone;

/// What happened to a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// Music can be read here.
    Plugged {
        /// Shown to the driver; also names the medium as long as it is plugged in.
        name: String,
        /// Where it is mounted; may be another place the next time.
        path: PathBuf,
        /// Which medium this is, the same whenever and wherever it is plugged in: the file system's UUID
        /// where it has one. Two media that are plugged in together never share one. At most 128 bytes.
        id: String,
    },
    /// Gone.
    Yanked {
        /// Its name.
        name: String,
    },
}

/// Sticks and cards. Those present at the start are reported first.
pub trait MediaMounts: Send {
    /// Waits for the next change.
    ///
    /// # Errors
    /// The part is gone; the caller stops asking.
    fn next(&mut self) -> Result<MediaEvent, PartGone>;
}

/// The identity of a plain folder that serves as a medium: the same for the same folder, whatever the
/// medium is called and however the path is spelled.
#[must_use]
pub fn folder_id(folder: &Path) -> String {
    let real = folder.canonicalize().or_else(|_| std::path::absolute(folder));
    let path = real.as_deref().unwrap_or(folder);
    format!("folder:{:016x}", fnv1a(path.as_os_str().as_encoded_bytes()))
}

/// FNV-1a (Fowler, Noll, Vo), 64 bits: a hash that is the same in every version and on every machine, which the
/// standard library's is not.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_standards() {
        // From the authors' own list of test vectors.
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_folder_keeps_its_identity() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("one"), dir.path().join("two"));
        std::fs::create_dir(&one).unwrap();
        std::fs::create_dir(&two).unwrap();
        assert_eq!(folder_id(&one), folder_id(&two.join("../one")));
        assert_ne!(folder_id(&one), folder_id(&two));
        assert!(folder_id(&one).len() <= 128);
    }
}
