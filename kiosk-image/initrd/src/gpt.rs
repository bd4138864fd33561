//! Finding a partition by its own identity (UEFI specification 2.10, 5.3.3).

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

const SECTOR: u64 = 512;

/// What a partition is looked for by.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// Its own identity, as its bytes lie on the disk.
    Identity([u8; 16]),
    /// Its label, of ASCII.
    Label(&'a str),
}

impl Key<'_> {
    fn fits(self, entry: &[u8]) -> bool {
        match self {
            Self::Identity(identity) => entry[16..32] == identity,
            Self::Label(label) => {
                let wanted = label.bytes().chain(std::iter::once(0));
                wanted.zip(entry[56..128].chunks_exact(2)).all(|(byte, unit)| unit == [byte, 0])
            }
        }
    }
}

/// The number, from 1, of the first partition that fits; none if the disk has no table or no such partition.
///
/// # Errors
/// The disk cannot be read.
pub fn find(disk: &File, key: Key<'_>) -> io::Result<Option<u32>> {
    let mut header = [0; 92];
    disk.read_exact_at(&mut header, SECTOR)?;
    if &header[..8] != b"EFI PART" {
        return Ok(None);
    }
    let (at, count, size) = (u64_at(&header, 72), u32_at(&header, 80), u32_at(&header, 84) as usize);
    if !(128..=4096).contains(&size) || count > 1024 {
        return Ok(None);
    }
    let mut table = vec![0; count as usize * size];
    disk.read_exact_at(&mut table, at.saturating_mul(SECTOR))?;
    let found = table.chunks_exact(size).position(|entry| entry[..16] != [0; 16] && key.fits(entry));
    Ok(found.and_then(|index| u32::try_from(index + 1).ok()))
}

/// The identity on the disk for one as it is written: the first three groups are stored with the lowest byte first.
pub fn on_disk(written: [u8; 16]) -> [u8; 16] {
    let mut bytes = written;
    bytes[..4].reverse();
    bytes[4..6].reverse();
    bytes[6..8].reverse();
    bytes
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SEVEN: Key<'_> = Key::Identity([7; 16]);

    fn disk(change: impl FnOnce(&mut Vec<u8>)) -> File {
        let mut bytes = vec![0_u8; 4096];
        bytes[512..520].copy_from_slice(b"EFI PART");
        bytes[512 + 72] = 2;
        bytes[512 + 80] = 4;
        bytes[512 + 84] = 128;
        bytes[1024 + 256] = 1;
        bytes[1024 + 256 + 16..1024 + 256 + 32].copy_from_slice(&[7; 16]);
        change(&mut bytes);
        let file = tempfile::tempfile().unwrap();
        file.write_all_at(&bytes, 0).unwrap();
        file
    }

    #[test]
    fn a_partition_is_found_by_its_identity() {
        let find = |identity| find(&disk(|_| {}), Key::Identity(identity)).unwrap();
        assert_eq!(find([7; 16]), Some(3));
        assert_eq!(find([8; 16]), None);
        // The rest of the table is empty, which is not an identity of zeros.
        assert_eq!(find([0; 16]), None);
    }

    #[test]
    fn a_partition_is_found_by_its_whole_label() {
        let named = || disk(|bytes| (bytes[1024 + 256 + 56], bytes[1024 + 256 + 58]) = (b'o', b'k'));
        assert_eq!(find(&named(), Key::Label("ok")).unwrap(), Some(3));
        for other in ["o", "okay", "OK", ""] {
            assert_eq!(find(&named(), Key::Label(other)).unwrap(), None, "{other}");
        }
    }

    #[test]
    fn what_is_no_table_holds_nothing() {
        assert_eq!(find(&disk(|bytes| bytes[512] = 0), SEVEN).unwrap(), None);
        assert_eq!(find(&disk(|bytes| bytes[512 + 84] = 16), SEVEN).unwrap(), None);
        assert_eq!(find(&disk(|bytes| bytes[512 + 83] = 255), SEVEN).unwrap(), None);
        assert!(find(&disk(|bytes| bytes.truncate(1100)), SEVEN).is_err(), "a table that is cut");
    }

    #[test]
    fn identities_are_stored_in_their_own_order() {
        let written: [u8; 16] = std::array::from_fn(|n| n as u8);
        assert_eq!(on_disk(written), [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]);
    }
}
