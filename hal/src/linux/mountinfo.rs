//! Reads `/proc/self/mountinfo` (proc_pid_mountinfo(5)).

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Changes when something else is mounted at the same place.
    pub id: u32,
    /// Where it is mounted.
    pub path: PathBuf,
    /// `vfat`, `exfat`, `ext4`…
    pub kind: String,
}

/// All lines that can be read; others are passed over.
#[must_use]
pub fn parse_mountinfo(text: &[u8]) -> Vec<Mount> {
    text.split(|&byte| byte == b'\n').filter_map(parse_line).collect()
}

fn parse_line(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|&byte| byte == b' ');
    let id = std::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    // Parent, device and root come before the mount point; options and optional fields follow it up
    // to a lone hyphen.
    let path = PathBuf::from(OsString::from_vec(unescape(fields.nth(3)?)));
    fields.find(|&field| field == b"-")?;
    let kind = String::from_utf8_lossy(fields.next()?).into_owned();
    Some(Mount { id, path, kind })
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
not a line
94 28 8:35 / /media/cut\\04
";

    fn mount(id: u32, path: &str, kind: &str) -> Mount {
        Mount { id, path: path.into(), kind: kind.into() }
    }

    #[test]
    fn lines_with_and_without_optional_fields_and_escapes() {
        assert_eq!(
            parse_mountinfo(FIXTURE),
            [
                mount(22, "/sys", "sysfs"),
                mount(28, "/", "erofs"),
                mount(91, "/media/MY STICK", "vfat"),
                mount(92, "/run/media/user/back\\slash\ttab", "exfat"),
                mount(93, "/media/café", "ext4"),
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
