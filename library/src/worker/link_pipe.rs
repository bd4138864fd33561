//! Pipes between the two, for systems without descriptors in messages: requests carry the file's path.
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::codec::Writer;
use super::request::{RECORD, Request};
use crate::beneath::OpenFile;
use crate::error::LibraryError;

/// Bytes received at once.
const CHUNK: usize = 64 << 10;

/// Chunks that may wait for the parent.
const WAITING: usize = 8;

/// Longest path, in bytes.
const MAX_PATH: usize = 64 << 10;

/// The parent's end.
#[derive(Debug)]
pub(super) struct Link {
    requests: ChildStdin,
    answers: Receiver<Vec<u8>>,
}

/// What came of waiting for bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    Bytes,
    Nothing,
    Closed,
}

impl Link {
    /// Starts `command` with its standard input and output connected.
    ///
    /// # Errors
    /// When there is no such program, or no more processes or threads.
    pub(super) fn start(command: &mut Command) -> io::Result<(Child, Self)> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (Some(requests), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let (send, answers) = mpsc::sync_channel(WAITING);
        thread::Builder::new().name("worker-answers".into()).spawn(move || {
            let mut chunk = vec![0; CHUNK];
            while let Ok(got) = output.read(&mut chunk)
                && got > 0
                && send.send(chunk.get(..got).unwrap_or_default().to_vec()).is_ok()
            {}
        })?;
        Ok((child, Self { requests, answers }))
    }

    /// Sends requests.
    ///
    /// # Errors
    /// When the worker is gone.
    pub(super) fn ask<'a>(
        &mut self,
        requests: impl Iterator<Item = (Request, &'a OpenFile)>,
    ) -> io::Result<()> {
        let mut to = Writer::default();
        for (request, file) in requests {
            let path = file.path().as_os_str().as_encoded_bytes();
            to.bytes(&request.to_bytes());
            to.text(std::str::from_utf8(path).map_err(|_| io::ErrorKind::InvalidInput)?);
        }
        self.requests.write_all(&to.0)?;
        self.requests.flush()
    }

    /// Waits for bytes at most `patience` and appends them to `inbox`.
    ///
    /// # Errors
    /// Never; the other link can fail.
    #[allow(clippy::unnecessary_wraps)]
    pub(super) fn receive(&mut self, inbox: &mut Vec<u8>, patience: Duration) -> io::Result<Received> {
        Ok(match self.answers.recv_timeout(patience) {
            Ok(chunk) => {
                inbox.extend_from_slice(&chunk);
                Received::Bytes
            }
            Err(RecvTimeoutError::Timeout) => Received::Nothing,
            Err(RecvTimeoutError::Disconnected) => Received::Closed,
        })
    }
}

/// The worker's end: standard input and output.
pub(super) struct Questions;

impl Questions {
    pub(super) fn new() -> Self {
        Self
    }

    /// The next request; `None` when there will be no more.
    pub(super) fn next(&mut self) -> Option<(Request, Result<OpenFile, LibraryError>)> {
        let mut input = io::stdin().lock();
        let (mut record, mut length) = ([0; RECORD], [0; 2]);
        input.read_exact(&mut record).ok()?;
        input.read_exact(&mut length).ok()?;
        let mut path = vec![0; usize::from(u16::from_le_bytes(length)).min(MAX_PATH)];
        input.read_exact(&mut path).ok()?;
        let path = PathBuf::from(String::from_utf8(path).ok()?);
        Some((Request::from_bytes(&record)?, OpenFile::anywhere(&path)))
    }

    /// # Errors
    /// When nobody listens any more.
    pub(super) fn answer(&mut self, frame: &[u8]) -> io::Result<()> {
        let mut output = io::stdout().lock();
        output.write_all(frame)?;
        output.flush()
    }
}
