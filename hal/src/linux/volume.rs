//! What the system knows of the device below a mount: the file system's UUID and label, and whether the
//! device is still there.
//!
//! The UUID comes from udev, which read it when the device appeared: its database first (complete, and the
//! label in one place), else its links. Both are plain files that any user may read; the device itself is
//! not.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Mount;
use crate::fnv1a;

/// udev writes its database before it runs its rules' programs, but not before a volume manager that polls
/// the kernel itself can mount: it gets this long.
const UDEV_TRIES: u32 = 5;
const UDEV_PAUSE: Duration = Duration::from_millis(40);
/// The longest identity that is taken over; a longer one is hashed.
const MAX_ID: usize = 100;

/// Where the system keeps what it knows.
#[derive(Clone, Debug)]
pub(super) struct Volumes {
    /// udev's database, one file a device.
    pub udev: PathBuf,
    /// Links by UUID and by label are in `by-uuid` and `by-label`.
    pub disk: PathBuf,
    /// The kernel's block devices by number.
    pub block: PathBuf,
}

impl Default for Volumes {
    fn default() -> Self {
        Self { udev: "/run/udev/data".into(), disk: "/dev/disk".into(), block: "/sys/dev/block".into() }
    }
}

/// What is known of a mounted file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Volume {
    /// The same whenever it is plugged in; two copies of one stick share it.
    pub id: String,
    /// Its label, if it has one.
    pub label: Option<String>,
    /// The block device it lies on, if any.
    pub device: Option<(u32, u32)>,
    /// Whether `id` is the file system's UUID.
    pub has_uuid: bool,
}

#[derive(Default)]
struct Tags {
    uuid: Option<String>,
    label: Option<String>,
}

impl Volumes {
    /// Looks a mount up.
    pub fn of(&self, mount: &Mount) -> Volume {
        let device = self.device(mount);
        let tags = device.map(|device| self.tags(device)).unwrap_or_default();
        let has_uuid = tags.uuid.is_some();
        let id = match tags.uuid {
            Some(uuid) if uuid.len() <= MAX_ID => uuid,
            Some(uuid) => format!("uuid:{:016x}", fnv1a(uuid.as_bytes())),
            None => self.fallback(mount, device),
        };
        Volume { id, label: tags.label, device, has_uuid }
    }

    /// Whether a device is still plugged in, and in a card reader: whether the card is. The mount table
    /// goes on listing what was mounted from it until somebody unmounts that.
    pub fn is_there(&self, device: (u32, u32)) -> bool {
        let at = self.block.join(format!("{}:{}", device.0, device.1));
        // A partition's folder lies in its disk's; a disk's own lies in one without a size.
        self.sectors(&at).is_some_and(|n| n > 0) && self.sectors(&at.join("..")).is_none_or(|n| n > 0)
    }

    fn sectors(&self, folder: &Path) -> Option<u64> {
        fs::read_to_string(folder.join("size")).ok()?.trim().parse().ok()
    }

    /// The block device: the mount's own, or that of its source where the file system hides it.
    fn device(&self, mount: &Mount) -> Option<(u32, u32)> {
        if mount.device.0 != 0 {
            return Some(mount.device);
        }
        mount.source.is_absolute().then(|| device_number(&mount.source)).flatten()
    }

    fn tags(&self, device: (u32, u32)) -> Tags {
        let file = self.udev.join(format!("b{}:{}", device.0, device.1));
        for attempt in 0..UDEV_TRIES {
            match fs::read(&file) {
                Ok(text) => return from_database(&String::from_utf8_lossy(&text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound && self.udev.is_dir() => {
                    if attempt + 1 < UDEV_TRIES {
                        std::thread::sleep(UDEV_PAUSE);
                    }
                }
                Err(_) => break,
            }
        }
        let link = |kind: &str| link_to(&self.disk.join(kind), device).map(|name| decode(&name));
        Tags { uuid: link("by-uuid"), label: link("by-label") }
    }

    /// For file systems without a UUID: what is mounted, as what, and how big it is.
    fn fallback(&self, mount: &Mount, device: Option<(u32, u32)>) -> String {
        let at = device.map(|(major, minor)| self.block.join(format!("{major}:{minor}")));
        let size = at.and_then(|at| self.sectors(&at)).unwrap_or(0);
        let mut text = mount.source.as_os_str().as_encoded_bytes().to_vec();
        text.extend(format!("\0{}\0{size}", mount.kind).bytes());
        format!("mount:{:016x}", fnv1a(&text))
    }
}

fn device_number(path: &Path) -> Option<(u32, u32)> {
    let number = fs::metadata(path).ok().map(|meta| meta.rdev()).filter(|number| *number != 0)?;
    Some((libc::major(number), libc::minor(number)))
}

/// `E:KEY=value` lines; the label without its escapes is lossy, so the escaped one counts.
fn from_database(text: &str) -> Tags {
    let value = |key: &str| {
        let of_line = |line: &str| line.strip_prefix("E:")?.strip_prefix(key)?.strip_prefix('=').map(decode);
        text.lines().find_map(of_line).filter(|value| !value.trim().is_empty())
    };
    Tags {
        uuid: value("ID_FS_UUID_ENC").or_else(|| value("ID_FS_UUID")),
        label: value("ID_FS_LABEL_ENC").or_else(|| value("ID_FS_LABEL")),
    }
}

fn link_to(folder: &Path, device: (u32, u32)) -> Option<String> {
    let leads_there = |link: &fs::DirEntry| device_number(&link.path()) == Some(device);
    let link = fs::read_dir(folder).ok()?.flatten().find(leads_there)?;
    Some(link.file_name().to_string_lossy().into_owned())
}

/// Undoes udev's `\x20`.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let digits = text.get(at + 2..at + 4).filter(|_| bytes[at..].starts_with(b"\\x"));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(escaped) => {
                out.push(escaped);
                at += 4;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    let text = String::from_utf8_lossy(&out);
    text.chars().filter(|letter| !letter.is_control()).collect::<String>().trim().to_owned()
}

#[cfg(test)]
#[path = "volume_tests.rs"]
mod tests;
