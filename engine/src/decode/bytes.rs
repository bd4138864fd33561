//! Reading at a place of a file, for the small parsers that look ahead of the demuxers.
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Fills as much of `buf` as the file has from `at` on; returns how much.
pub(super) fn read_at(file: &mut File, at: u64, buf: &mut [u8]) -> io::Result<usize> {
    file.seek(SeekFrom::Start(at))?;
    let mut got = 0;
    while got < buf.len() {
        match file.read(&mut buf[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(got)
}

/// Up to `most` bytes from `at` on.
pub(super) fn read_vec(file: &mut File, at: u64, most: usize) -> io::Result<Vec<u8>> {
    let mut buf = vec![0; most];
    let got = read_at(file, at, &mut buf)?;
    buf.truncate(got);
    Ok(buf)
}

/// The big-endian 16-bit word at `i`.
pub(super) fn be16(buf: &[u8], i: usize) -> Option<u16> {
    Some(u16::from_be_bytes(buf.get(i..i + 2)?.try_into().ok()?))
}

/// The big-endian 32-bit word at `i`.
pub(super) fn be32(buf: &[u8], i: usize) -> Option<u32> {
    Some(u32::from_be_bytes(buf.get(i..i + 4)?.try_into().ok()?))
}

/// The big-endian 64-bit word at `i`.
pub(super) fn be64(buf: &[u8], i: usize) -> Option<u64> {
    Some(u64::from_be_bytes(buf.get(i..i + 8)?.try_into().ok()?))
}
