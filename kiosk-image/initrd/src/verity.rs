//! What dm-verity is told of a slot (kernel: Documentation/admin-guide/device-mapper/verity.rst).

use std::fmt::Write;

/// The hash that everything in the slot hangs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootHash(Vec<u8>);

impl RootHash {
    /// From the kernel's command line: `roothash=` and 64 hexadecimal digits.
    pub fn from_command_line(line: &str) -> Option<Self> {
        let text = line.split_ascii_whitespace().find_map(|word| word.strip_prefix("roothash="))?;
        let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
        let bytes: Vec<u8> = (0..text.len()).step_by(2).map(byte).collect::<Option<_>>()?;
        (bytes.len() == 32).then_some(Self(bytes))
    }

    /// The identities of the partitions with the data and with the hashes, as they are written: the first and the
    /// last 128 bits (systemd-gpt-auto-generator(8)).
    pub fn partitions(&self) -> ([u8; 16], [u8; 16]) {
        (std::array::from_fn(|n| self.0[n]), std::array::from_fn(|n| self.0[16 + n]))
    }
}

/// What the partition with the hashes says of itself: the superblock of veritysetup's format 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Superblock {
    uuid: [u8; 16],
    algorithm: String,
    data_block: u32,
    hash_block: u32,
    data_blocks: u64,
    salt: Vec<u8>,
}

/// Bytes of the superblock.
pub const SUPERBLOCK: usize = 512;

impl Superblock {
    /// Reads it; none if it is not one of this format.
    pub fn parse(bytes: &[u8; SUPERBLOCK]) -> Option<Self> {
        let u32_at = |at: usize| bytes[at..at + 4].iter().rev().fold(0, |v: u32, b| v << 8 | u32::from(*b));
        let data_blocks = bytes[72..80].iter().rev().fold(0, |v: u64, b| v << 8 | u64::from(*b));
        let salt_size = usize::from(bytes[80]) | usize::from(bytes[81]) << 8;
        let (data_block, hash_block) = (u32_at(64), u32_at(68));
        let is_known = &bytes[..8] == b"verity\0\0" && u32_at(8) == 1 && u32_at(12) == 1;
        let sizes = [data_block, hash_block]
            .iter()
            .all(|size| size.is_power_of_two() && (512..=65_536).contains(size));
        if !is_known || !sizes || data_blocks == 0 {
            return None;
        }
        let name = bytes[32..64].split(|byte| *byte == 0).next()?;
        // It goes into a line of words.
        let algorithm = String::from_utf8(name.to_vec())
            .ok()
            .filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric()))?;
        let salt = bytes.get(88..88 + salt_size).filter(|_| salt_size <= 256)?.to_vec();
        let uuid = std::array::from_fn(|n| bytes[16 + n]);
        Some(Self { uuid, algorithm, data_block, hash_block, data_blocks, salt })
    }

    /// Sectors of 512 bytes that the checked device has; none if that is more than there can be.
    pub fn sectors(&self) -> Option<u64> {
        self.data_blocks.checked_mul(u64::from(self.data_block) / 512)
    }

    /// The target's parameters for these two devices. What is found to be damaged starts the machine again.
    pub fn parameters(&self, data: &str, hashes: &str, root: &RootHash) -> String {
        let Self { algorithm, data_block, hash_block, data_blocks, .. } = self;
        let salt = if self.salt.is_empty() { "-".to_owned() } else { hex(&self.salt) };
        format!(
            "1 {data} {hashes} {data_block} {hash_block} {data_blocks} 1 {algorithm} {} {salt} 1 restart_on_corruption",
            hex(&root.0)
        )
    }

    /// The name by which tools know such a device: as veritysetup gives it.
    pub fn device_uuid(&self, name: &str) -> String {
        format!("CRYPT-VERITY-{}-{name}", hex(&self.uuid))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A string takes whatever is written to it.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn superblock() -> [u8; SUPERBLOCK] {
        let mut bytes = [0; SUPERBLOCK];
        bytes[..8].copy_from_slice(b"verity\0\0");
        (bytes[8], bytes[12]) = (1, 1);
        bytes[16..32].fill(0xab);
        bytes[32..38].copy_from_slice(b"sha256");
        (bytes[65], bytes[69]) = (0x10, 0x10);
        bytes[72] = 10;
        bytes[80] = 2;
        bytes[88..90].copy_from_slice(&[0x01, 0xf0]);
        bytes
    }

    fn root() -> RootHash {
        RootHash::from_command_line(&format!("quiet roothash={} x", "0f".repeat(32))).unwrap()
    }

    #[test]
    fn the_kernel_is_told_all_of_it() {
        let parsed = Superblock::parse(&superblock()).unwrap();
        assert_eq!(parsed.sectors(), Some(80));
        assert_eq!(
            parsed.parameters("254:2", "254:3", &root()),
            format!("1 254:2 254:3 4096 4096 10 1 sha256 {} 01f0 1 restart_on_corruption", "0f".repeat(32))
        );
        assert_eq!(parsed.device_uuid("root"), format!("CRYPT-VERITY-{}-root", "ab".repeat(16)));
    }

    #[test]
    fn no_salt_is_a_dash() {
        let mut bytes = superblock();
        bytes[80] = 0;
        let told = Superblock::parse(&bytes).unwrap().parameters("a", "b", &root());
        assert!(told.contains("0f0f - 1 restart"), "{told}");
    }

    #[test]
    fn strange_superblocks_are_refused() {
        for (at, value) in [(0, 0), (8, 2), (12, 0), (32, b' '), (64, 1), (69, 0), (72, 0), (81, 255)] {
            let mut bytes = superblock();
            bytes[at] = value;
            assert_eq!(Superblock::parse(&bytes), None, "byte {at} as {value}");
        }
    }

    #[test]
    fn only_whole_hashes_are_taken() {
        let halves: ([u8; 16], [u8; 16]) = ([0x0f; 16], [0x0f; 16]);
        assert_eq!(root().partitions(), halves);
        for bad in ["", "roothash=", "roothash=0f0f", "roothash=xx", "rootfstype=erofs"] {
            assert_eq!(RootHash::from_command_line(bad), None, "{bad}");
        }
        let odd = format!("roothash={}0", "0f".repeat(32));
        assert_eq!(RootHash::from_command_line(&odd), None);
    }
}
