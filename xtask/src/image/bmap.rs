//! The block map beside an image (bmaptool's format 2.0): what must be written, with check sums, and what need not.
//!
//! Left out is only the inside of the slot that is still empty. Zeros anywhere else are written: a checked root and
//! a fresh file system count on them.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::gpt;

const BLOCK: u64 = 4096;

/// Writes `DISK.bmap`.
///
/// # Errors
/// If the disk cannot be read.
pub fn write(disk: &Path) -> Result<()> {
    let size = std::fs::metadata(disk)?.len();
    let empty: Vec<(u64, u64)> = gpt::read(disk)?
        .into_iter()
        .filter(|partition| partition.label == "_empty")
        .map(|partition| (partition.start, partition.length))
        .collect();
    let ranges = mapped(size, &empty);
    let mut lines = String::new();
    for range in &ranges {
        let sum = sum_of(disk, range.start() * BLOCK, ((range.end() + 1) * BLOCK).min(size))?;
        let (first, last) = (range.start(), range.end());
        let _ = writeln!(lines, "    <Range chksum=\"{sum}\"> {first}-{last} </Range>");
    }
    let count: u64 = ranges.iter().map(|range| range.end() + 1 - range.start()).sum();
    let text = |own: &str| {
        format!(
            "<?xml version=\"1.0\" ?>\n<bmap version=\"2.0\">\n  <ImageSize> {size} </ImageSize>\n  \
             <BlockSize> {BLOCK} </BlockSize>\n  <BlocksCount> {} </BlocksCount>\n  \
             <MappedBlocksCount> {count} </MappedBlocksCount>\n  <ChecksumType> sha256 </ChecksumType>\n  \
             <BmapFileChecksum> {own} </BmapFileChecksum>\n  <BlockMap>\n{lines}  </BlockMap>\n</bmap>\n",
            size.div_ceil(BLOCK)
        )
    };
    // Its own check sum is made with zeros in its place.
    let own = sum(|to| to.write_all(text(&"0".repeat(64)).as_bytes()))?;
    let path = disk.with_extension("raw.bmap");
    std::fs::write(&path, text(&own)).with_context(|| format!("cannot write {}", path.display()))
}

/// Blocks that must be written, where these parts (start and length in bytes) need not.
fn mapped(size: u64, empty: &[(u64, u64)]) -> Vec<RangeInclusive<u64>> {
    let mut empty = empty.to_vec();
    empty.sort_unstable();
    let mut ranges = Vec::new();
    let mut next = 0;
    for (start, length) in empty {
        let (first, after) = (start.div_ceil(BLOCK), (start + length) / BLOCK);
        if first > next {
            ranges.push(next..=first - 1);
        }
        next = next.max(after);
    }
    let blocks = size.div_ceil(BLOCK);
    if blocks > next {
        ranges.push(next..=blocks - 1);
    }
    ranges
}

fn sum_of(disk: &Path, from: u64, to: u64) -> Result<String> {
    let mut file = File::open(disk)?;
    file.seek(SeekFrom::Start(from))?;
    sum(|pipe| std::io::copy(&mut file.take(to - from), pipe).map(drop))
}

/// SHA-256 of what is written, in hexadecimal.
pub fn sum(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> Result<String> {
    let mut child = Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut pipe = child.stdin.take().context("sha256sum has no input")?;
    write(&mut pipe)?;
    drop(pipe);
    let said = child.wait_with_output()?.stdout;
    let text = String::from_utf8(said)?;
    Ok(text.split_whitespace().next().context("sha256sum says nothing")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_inside_of_empty_slots_is_left_out() {
        assert_eq!(mapped(10 * BLOCK, &[]), [0..=9]);
        assert_eq!(mapped(10 * BLOCK, &[(2 * BLOCK, 3 * BLOCK)]), [0..=1, 5..=9]);
        // Blocks that are shared with a neighbour are written.
        assert_eq!(mapped(10 * BLOCK, &[(2 * BLOCK + 512, 3 * BLOCK)]), [0..=2, 5..=9]);
        assert_eq!(mapped(10 * BLOCK, &[(5 * BLOCK, 2 * BLOCK), (BLOCK, 4 * BLOCK)]), [0..=0, 7..=9]);
        assert_eq!(mapped(10 * BLOCK + 1, &[(8 * BLOCK, 2 * BLOCK)]), [0..=7, 10..=10]);
    }

    #[test]
    fn sums_are_sha256() {
        let empty = sum(|_| Ok(())).unwrap();
        assert_eq!(empty, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
