//! The device mapper's own interface (linux/dm-ioctl.h): one device with one target.

use std::fs::File;
use std::io;

use super::sys;

const CONTROL: &str = "/dev/mapper/control";
/// Bytes of `struct dm_ioctl`.
const HEADER: usize = 312;
/// Bytes of `struct dm_target_spec`.
const TARGET: usize = 40;
const CREATE: u32 = 3;
const SUSPEND: u32 = 6;
const LOAD: u32 = 9;
const READ_ONLY: u32 = 1;

/// Makes a device that cannot be written and starts it; gives its name below /dev.
///
/// # Errors
/// The kernel refuses.
pub fn make(name: &str, uuid: &str, kind: &str, sectors: u64, parameters: &str) -> io::Result<String> {
    let control = File::options().read(true).write(true).open(CONTROL).map_err(sys::at(CONTROL))?;
    let mut create = message(name, 0, &[]);
    put(&mut create, 176, &uuid.as_bytes()[..uuid.len().min(128)]);
    sys::device_mapper(&control, CREATE, &mut create).map_err(sys::at("making the device"))?;
    // The number the kernel chose: the lower byte and the rest of the minor lie apart.
    let device = create[40..48].iter().rev().fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
    let minor = device & 0xff | device >> 12 & 0xf_ff00;
    let mut load = message(name, READ_ONLY, &target(kind, sectors, parameters));
    load[20] = 1;
    sys::device_mapper(&control, LOAD, &mut load).map_err(sys::at("its table"))?;
    // Suspending without the flag for it is resuming: the table is used from here on.
    sys::device_mapper(&control, SUSPEND, &mut message(name, READ_ONLY, &[]))
        .map_err(sys::at("starting it"))?;
    Ok(format!("dm-{minor}"))
}

fn message(name: &str, flags: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; HEADER + data.len()];
    // The interface's version 4.
    put(&mut bytes, 0, &4_u32.to_ne_bytes());
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    put(&mut bytes, 12, &length.to_ne_bytes());
    put(&mut bytes, 16, &(HEADER as u32).to_ne_bytes());
    put(&mut bytes, 28, &flags.to_ne_bytes());
    put(&mut bytes, 48, &name.as_bytes()[..name.len().min(127)]);
    put(&mut bytes, HEADER, data);
    bytes
}

fn target(kind: &str, sectors: u64, parameters: &str) -> Vec<u8> {
    // With the zero that ends the parameters, up to a whole word.
    let mut bytes = vec![0; (TARGET + parameters.len() + 1).next_multiple_of(8)];
    put(&mut bytes, 8, &sectors.to_ne_bytes());
    put(&mut bytes, 24, &kind.as_bytes()[..kind.len().min(15)]);
    put(&mut bytes, TARGET, parameters.as_bytes());
    bytes
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    bytes[at..at + what.len()].copy_from_slice(what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_laid_out_as_the_kernel_reads_them() {
        let bytes = message("root", READ_ONLY, &target("verity", 80, "1 a b"));
        assert_eq!(bytes.len(), 312 + 48);
        assert_eq!(bytes[..4], 4_u32.to_ne_bytes());
        assert_eq!(bytes[12..20], [360_u32.to_ne_bytes(), 312_u32.to_ne_bytes()].concat());
        assert_eq!(&bytes[48..53], b"root\0");
        assert_eq!(bytes[320..328], 80_u64.to_ne_bytes());
        assert_eq!(&bytes[336..343], b"verity\0");
        assert_eq!(&bytes[352..], b"1 a b\0\0\0");
    }
}
