//! A USB stick with music, as it is sold: one FAT32 partition behind a boot record.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::qemu::Machine;
use crate::process;

const MEGABYTE: u64 = 1 << 20;

/// Makes a stick of `megabytes` named MUSIC with these files, under the names given.
///
/// # Errors
/// If mtools are missing or the files do not fit.
pub fn make(path: &Path, megabytes: u64, files: &[(PathBuf, &str)]) -> Result<()> {
    let _ = std::fs::remove_file(path);
    let file = std::fs::File::create(path)?;
    file.set_len(megabytes * MEGABYTE)?;
    std::os::unix::fs::FileExt::write_all_at(&file, &boot_record(megabytes), 0)?;
    // From the second megabyte on.
    let place = format!("{}@@1M", path.display());
    let sectors = ((megabytes - 1) * 2048).to_string();
    let mut format = Command::new("mformat");
    format.args(["-F", "-v", "MUSIC", "-N", "5EA51DE0", "-T", &sectors, "-h", "64", "-s", "32"]);
    process::output(format.args(["-i", &place, "::"])).context("mtools make the stick")?;
    for (from, name) in files {
        let mut copy = Command::new("mcopy");
        process::output(copy.args(["-i", &place]).arg(from).arg(format!("::{name}")))?;
    }
    Ok(())
}

/// One partition of kind 0x0c (FAT32) that takes all but the first megabyte.
fn boot_record(megabytes: u64) -> [u8; 512] {
    let mut record = [0; 512];
    let entry = &mut record[446..462];
    entry[4] = 0x0c;
    entry[8..12].copy_from_slice(&2048_u32.to_le_bytes());
    entry[12..16].copy_from_slice(&((megabytes - 1) as u32 * 2048).to_le_bytes());
    record[510..].copy_from_slice(&[0x55, 0xaa]);
    record
}

/// Plugs it in, read only: what is on it stays as it is.
///
/// # Errors
/// If the machine refuses.
pub fn plug(machine: &mut Machine, path: &Path) -> Result<()> {
    machine.tell(
        "blockdev-add",
        json!({ "node-name": "stick", "driver": "raw", "read-only": true,
            "file": { "driver": "file", "filename": path, "read-only": true } }),
    )?;
    machine
        .tell(
            "device_add",
            json!({ "driver": "usb-storage", "id": "stick-device", "drive": "stick", "removable": true }),
        )
        .map(drop)
}

/// Pulls it out.
///
/// # Errors
/// If it was not in.
pub fn pull(machine: &mut Machine) -> Result<()> {
    machine.tell("device_del", json!({ "id": "stick-device" }))?;
    // The machine lets go of the file a moment later.
    let mut tries = 0;
    while let Err(error) = machine.tell("blockdev-del", json!({ "node-name": "stick" })) {
        tries += 1;
        if tries > 50 {
            return Err(error);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boot_record_names_one_partition() {
        let record = boot_record(64);
        assert_eq!(&record[446..462], [0, 0, 0, 0, 0x0c, 0, 0, 0, 0, 8, 0, 0, 0, 0xf8, 1, 0]);
        assert_eq!(&record[462..510], [0; 48]);
        assert_eq!(&record[510..], [0x55, 0xaa]);
    }
}
