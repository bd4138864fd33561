//! Which picture each file has: lines of forty bytes, appended, the later ones counting.
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::Art;
use crate::bytes::array;
use crate::index::MediumId;

/// Bytes of a line: key, picture, check.
const LINE: usize = 40;

/// Where a file has no art.
const NONE: [u8; 16] = [0; 16];

/// 128 bits of SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Id([u8; 16]);

impl Id {
    /// The picture's own: what [`Art::hash`] must be for these pixels.
    pub(super) fn of(art: &Art) -> Self {
        Self::parse(&super::content_hash(art.width, art.height, &art.rgba)).unwrap_or(Self(NONE))
    }

    /// From 32 hexadecimal digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(|number| Self(number.to_be_bytes()))
    }

    /// 32 hexadecimal digits.
    pub(super) fn text(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }
}

/// The key of a file as it is now.
pub(super) fn key_of(medium: &MediumId, relative: &Path, size: u64, mtime_ns: i64) -> Id {
    let mut digest = Sha256::new();
    let medium = medium.as_str().as_bytes();
    digest.update((medium.len() as u64).to_le_bytes());
    digest.update(medium);
    digest.update(size.to_le_bytes());
    digest.update(mtime_ns.to_le_bytes());
    digest.update(relative.as_os_str().as_encoded_bytes());
    Id(array(&digest.finalize(), 0).unwrap_or(NONE))
}

/// One file and its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyLine {
    pub(super) key: Id,
    pub(super) picture: Option<Id>,
}

impl KeyLine {
    fn to_bytes(self) -> [u8; LINE] {
        let picture = self.picture.map_or(NONE, |id| id.0);
        let check = Sha256::digest([self.key.0, picture].concat());
        let mut line = [0; LINE];
        for (to, from) in line.iter_mut().zip(self.key.0.iter().chain(&picture).chain(&check)) {
            *to = *from;
        }
        line
    }

    /// `None` for a line that was torn by a power cut, or is not one.
    fn from_bytes(line: &[u8]) -> Option<Self> {
        let (key, picture) = (array(line, 0)?, array(line, 16)?);
        let read = Self { key: Id(key), picture: (picture != NONE).then_some(Id(picture)) };
        (read.to_bytes().as_slice() == line).then_some(read)
    }
}

/// The file of lines.
#[derive(Debug)]
pub(super) struct KeyFile {
    path: PathBuf,
    lines: usize,
}

impl KeyFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, lines: 0 }
    }

    /// Lines in the file, outdated ones included.
    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    /// The last lines that are whole, the oldest first; at most `2 * limit` are looked at.
    pub(super) fn load(&mut self, limit: usize) -> Vec<KeyLine> {
        let most = 2 * limit * LINE;
        let mut bytes = Vec::new();
        let read = File::open(&self.path).and_then(|file| file.take(most as u64).read_to_end(&mut bytes));
        if read.is_err() {
            return Vec::new();
        }
        self.lines = bytes.len().div_ceil(LINE);
        let lines: Vec<KeyLine> = bytes.chunks_exact(LINE).filter_map(KeyLine::from_bytes).collect();
        // A torn end would shift every later line.
        if bytes.len() % LINE != 0 && self.rewrite(lines.iter().copied()).is_err() {
            self.lines = usize::MAX / 2;
        }
        lines
    }

    pub(super) fn append(&mut self, line: KeyLine) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        file.write_all(&line.to_bytes())?;
        self.lines += 1;
        Ok(())
    }

    pub(super) fn rewrite(&mut self, lines: impl Iterator<Item = KeyLine>) -> io::Result<()> {
        let bytes: Vec<u8> = lines.flat_map(KeyLine::to_bytes).collect();
        let new = self.path.with_extension("new");
        fs::write(&new, &bytes)?;
        fs::rename(&new, &self.path)?;
        self.lines = bytes.len() / LINE;
        Ok(())
    }
}
