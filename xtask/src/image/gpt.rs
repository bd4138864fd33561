//! The partition table of a disk image (UEFI specification 2.10, 5.3).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Context, Result, bail};

const SECTOR: u64 = 512;

/// A partition, in bytes from the disk's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    pub label: String,
    pub start: u64,
    pub length: u64,
}

/// The partitions of an image, in the table's order.
///
/// # Errors
/// If it has no table.
pub fn read(disk: &Path) -> Result<Vec<Partition>> {
    let mut file = File::open(disk).with_context(|| format!("cannot read {}", disk.display()))?;
    let mut header = [0; 92];
    file.seek(SeekFrom::Start(SECTOR))?;
    file.read_exact(&mut header)?;
    if &header[..8] != b"EFI PART" {
        bail!("{} has no partition table", disk.display());
    }
    let (at, count, size) = (u64_at(&header, 72), u32_at(&header, 80) as usize, u32_at(&header, 84) as usize);
    if !(128..=4096).contains(&size) || count > 1024 {
        bail!("{} has a strange partition table", disk.display());
    }
    let mut table = vec![0; count * size];
    file.seek(SeekFrom::Start(at * SECTOR))?;
    file.read_exact(&mut table)?;
    Ok(table.chunks_exact(size).filter_map(partition).collect())
}

fn partition(entry: &[u8]) -> Option<Partition> {
    if entry[..16] == [0; 16] {
        return None;
    }
    let (first, last) = (u64_at(entry, 32), u64_at(entry, 40));
    let units = entry[56..128].chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    let label = char::decode_utf16(units.take_while(|unit| *unit != 0)).map(|c| c.unwrap_or('?')).collect();
    Some(Partition { label, start: first * SECTOR, length: (last + 1).checked_sub(first)? * SECTOR })
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let disk = dir.path().join("disk");
        let mut bytes = vec![0_u8; 4096];
        bytes[512..520].copy_from_slice(b"EFI PART");
        bytes[512 + 72] = 2;
        bytes[512 + 80] = 4;
        bytes[512 + 84] = 128;
        let entry = &mut bytes[1024 + 128..1024 + 256];
        entry[0] = 1;
        (entry[32], entry[40]) = (8, 15);
        (entry[56], entry[58]) = (b'o', b'k');
        std::fs::write(&disk, &bytes).unwrap();
        let expected = Partition { label: "ok".into(), start: 4096, length: 4096 };
        assert_eq!(read(&disk).unwrap(), [expected]);
        std::fs::write(&disk, vec![0_u8; 4096]).unwrap();
        assert!(read(&disk).is_err());
    }
}
