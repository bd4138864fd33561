//! The file as symphonia sees it: a window on it, with replaced bytes, a read budget and a memory for errors.
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use symphonia::core::io::MediaSource;

use crate::TrackError;

use super::errors::io_error;

/// Which bytes of the file the demuxer gets to see, and as what.
///
/// Tags and pictures are cut away here, so that no byte of them is ever copied.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    /// Bytes shown before the window.
    pub prefix: Vec<u8>,
    /// First byte of the window in the file.
    pub begin: u64,
    /// One past its last byte.
    pub end: u64,
    /// Four-byte replacements by position in the view, ascending.
    pub patches: Vec<(u64, [u8; 4])>,
}

/// What the decoder and its source share.
#[derive(Debug, Default)]
pub(super) struct SourceState {
    budget: AtomicU64,
    failure: Mutex<Option<TrackError>>,
    /// How often the medium gave an error.
    failures: AtomicU64,
    /// For tests: what the system answers to every read from now on; 0 is nothing amiss.
    #[cfg(test)]
    pub fault: std::sync::atomic::AtomicI32,
}

impl SourceState {
    /// Allows this many bytes to be read from the medium until the next call.
    pub fn allow(&self, bytes: u64) {
        self.budget.store(bytes, Ordering::Relaxed);
    }

    /// The error the medium itself gave, if it gave one. Demuxers hide it at times.
    pub fn failure(&self) -> Option<TrackError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What went wrong before no longer matters: the medium is asked anew.
    pub fn forget(&self) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How often the medium has given an error so far.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    fn spend(&self, bytes: u64) -> io::Result<()> {
        let left = self.budget.load(Ordering::Relaxed);
        if bytes > left {
            return Err(io::Error::other("read budget spent"));
        }
        self.budget.store(left - bytes, Ordering::Relaxed);
        Ok(())
    }

    fn remember(&self, error: &io::Error) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(io_error(error));
    }
}

/// A [`View`] of an open file.
pub(super) struct FileSource {
    file: File,
    file_pos: Option<u64>,
    pos: u64,
    view: View,
    state: Arc<SourceState>,
}

impl FileSource {
    /// Shows `file` through `view`.
    pub fn new(file: File, view: View, state: Arc<SourceState>) -> Self {
        Self { file, file_pos: None, pos: 0, view, state }
    }

    fn len(&self) -> u64 {
        self.view.prefix.len() as u64 + self.view.end.saturating_sub(self.view.begin)
    }

    fn read_file(&mut self, at: u64, buf: &mut [u8]) -> io::Result<usize> {
        #[cfg(test)]
        if let code @ 1.. = self.state.fault.load(Ordering::Relaxed) {
            return Err(io::Error::from_raw_os_error(code));
        }
        if self.file_pos != Some(at) {
            self.file.seek(SeekFrom::Start(at))?;
        }
        self.file_pos = None;
        let got = self.file.read(buf)?;
        self.file_pos = Some(at + got as u64);
        Ok(got)
    }

    fn patch(&self, at: u64, buf: &mut [u8]) {
        for (place, bytes) in &self.view.patches {
            for (i, byte) in bytes.iter().enumerate() {
                let target = (place + i as u64).checked_sub(at).and_then(|t| usize::try_from(t).ok());
                if let Some(cell) = target.and_then(|t| buf.get_mut(t)) {
                    *cell = *byte;
                }
            }
        }
    }
}

impl Read for FileSource {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.len().saturating_sub(self.pos);
        let want = buf.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let buf = &mut buf[..want];
        if buf.is_empty() {
            return Ok(0);
        }
        let at = self.pos;
        let head = usize::try_from(at).ok().and_then(|p| self.view.prefix.get(p..)).unwrap_or_default();
        let got = if head.is_empty() {
            self.state.spend(buf.len() as u64)?;
            let place = self.view.begin + (at - self.view.prefix.len() as u64);
            self.read_file(place, buf).inspect_err(|e| self.state.remember(e))?
        } else {
            let n = head.len().min(buf.len());
            buf[..n].copy_from_slice(&head[..n]);
            n
        };
        self.patch(at, &mut buf[..got]);
        self.pos += got as u64;
        Ok(got)
    }
}

impl Seek for FileSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(p) => Some(p),
            SeekFrom::End(d) => self.len().checked_add_signed(d),
            SeekFrom::Current(d) => self.pos.checked_add_signed(d),
        };
        self.pos = to.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.pos)
    }
}

impl MediaSource for FileSource {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len())
    }
}
