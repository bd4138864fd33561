//! Reads `/proc/self/mountinfo` (proc_pid_mountinfo(5)).

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Changes when something else is mounted at the same place.
    pub id: u32,
    /// Major and minor number of the device; major 0 where the file system has none of its own (tmpfs,
    /// FUSE, btrfs).
    pub device: (u32, u32),
    /// Which folder of the file system is mounted; `/` unless it is a bind mount or a subvolume.
    pub root: PathBuf,
    /// Where it is mounted.
    pub path: PathBuf,
    /// `vfat`, `exfat`, `ext4`…
    pub kind: String,
    /// What is mounted: `/dev/sdb1`, or any word for a file system without a device.
    pub source: PathBuf,
}

/// All lines that can be read; others are passed over.
#[must_use]
pub fn parse_mountinfo(text: &[u8]) -> Vec<Mount> {
    text.split(|&byte| byte == b'\n').filter_map(parse_line).collect()
}

fn parse_line(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|&byte| byte == b' ');
    let id = std::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    // The parent comes before the device; options and optional fields follow the mount point up to a
    // lone hyphen.
    let device = device(fields.nth(1)?)?;
    let root = path(fields.next()?);
    let at = path(fields.next()?);
    fields.find(|&field| field == b"-")?;
    let kind = String::from_utf8_lossy(fields.next()?).into_owned();
    Some(Mount { id, device, root, path: at, kind, source: path(fields.next()?) })
}

fn device(field: &[u8]) -> Option<(u32, u32)> {
    let (major, minor) = std::str::from_utf8(field).ok()?.split_once(':')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn path(field: &[u8]) -> PathBuf {
    PathBuf::from(OsString::from_vec(unescape(field)))
}

/// Space, tab, newline and backslash are written as three octal digits.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    let mut at = 0;
    while let Some(&byte) = field.get(at) {
        match field.get(at + 1..at + 4).filter(|_| byte == b'\\').and_then(octal) {
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
    out
}

fn octal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIXTURE: &[u8] = b"\
22 28 0:21 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
28 1 8:2 / / ro,relatime shared:1 - erofs /dev/dm-0 ro
91 28 8:17 / /media/MY\\040STICK rw,nosuid,nodev,relatime shared:50 master:3 - vfat /dev/sdb1 rw,fmask=0022
92 28 8:33 / /run/media/user/back\\134slash\\011tab rw - exfat /dev/sdc1 rw
93 28 8:34 / /media/caf\xc3\xa9 rw - ext4 /dev/sdd1 rw
95 28 8:34 /Music\\040folder /media/part rw - ext4 /dev/sdd1 rw
not a line
96 28 8 / /media/no_minor rw - ext4 /dev/sdd1 rw
94 28 8:35 / /media/cut\\04
";

    fn mount(id: u32, device: (u32, u32), path: &str, kind: &str, source: &str) -> Mount {
        let (path, source) = (path.into(), source.into());
        Mount { id, device, root: "/".into(), path, kind: kind.into(), source }
    }

    #[test]
    fn lines_with_and_without_optional_fields_and_escapes() {
        assert_eq!(
            parse_mountinfo(FIXTURE),
            [
                mount(22, (0, 21), "/sys", "sysfs", "sysfs"),
                mount(28, (8, 2), "/", "erofs", "/dev/dm-0"),
                mount(91, (8, 17), "/media/MY STICK", "vfat", "/dev/sdb1"),
                mount(92, (8, 33), "/run/media/user/back\\slash\ttab", "exfat", "/dev/sdc1"),
                mount(93, (8, 34), "/media/café", "ext4", "/dev/sdd1"),
                Mount {
                    root: "/Music folder".into(),
                    ..mount(95, (8, 34), "/media/part", "ext4", "/dev/sdd1")
                },
            ]
        );
    }

    #[test]
    fn escapes_that_are_none_stay() {
        assert_eq!(unescape(b"a\\0409\\x\\99\\777\\"), b"a 9\\x\\99\\777\\");
    }

    #[test]
    fn this_systems_own_table_has_a_root() {
        let table = std::fs::read("/proc/self/mountinfo").unwrap_or_default();
        assert!(parse_mountinfo(&table).iter().any(|mount| mount.path.as_os_str() == "/"));
    }
}
