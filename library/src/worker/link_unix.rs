//! A Unix socket between the two: requests with the open files (`SCM_RIGHTS`) one way, answers the other.
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recv, recvmsg, send, sendmsg,
};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::request::{RECORD, Request, WINDOW};
use super::sandbox;
use crate::beneath::OpenFile;
use crate::error::LibraryError;

/// Bytes received at once.
const CHUNK: usize = 64 << 10;

/// The parent's end.
#[derive(Debug)]
pub(super) struct Link {
    socket: UnixStream,
    chunk: Box<[u8]>,
}

/// What came of waiting for bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    Bytes,
    Nothing,
    Closed,
}

impl Link {
    /// Starts `command` with its standard input connected.
    ///
    /// # Errors
    /// When there is no such program, or no more processes or descriptors.
    pub(super) fn start(command: &mut Command) -> io::Result<(Child, Self)> {
        let (ours, theirs) = UnixStream::pair()?;
        let child =
            command.stdin(OwnedFd::from(theirs)).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        Ok((child, Self { socket: ours, chunk: vec![0; CHUNK].into_boxed_slice() }))
    }

    /// Sends up to [`WINDOW`] requests in one message.
    ///
    /// # Errors
    /// When the worker is gone.
    pub(super) fn ask<'a>(
        &mut self,
        requests: impl Iterator<Item = (Request, &'a OpenFile)>,
    ) -> io::Result<()> {
        let mut records = Vec::with_capacity(WINDOW * RECORD);
        let mut files: Vec<BorrowedFd<'_>> = Vec::with_capacity(WINDOW);
        for (request, file) in requests.take(WINDOW) {
            records.extend_from_slice(&request.to_bytes());
            files.push(file.file().as_fd());
        }
        if files.is_empty() {
            return Ok(());
        }
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(WINDOW))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !control.push(SendAncillaryMessage::ScmRights(&files)) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let sent =
            again(|| sendmsg(&self.socket, &[IoSlice::new(&records)], &mut control, SendFlags::empty()))?;
        // The files went with the first byte; the rest of the records follows by itself.
        send_all(&self.socket, records.get(sent..).unwrap_or_default())
    }

    /// Waits for bytes at most `patience` and appends them to `inbox`.
    ///
    /// # Errors
    /// When the socket fails other than by the worker's end.
    pub(super) fn receive(&mut self, inbox: &mut Vec<u8>, patience: Duration) -> io::Result<Received> {
        let timeout = Timespec::try_from(patience).map_err(|_| io::ErrorKind::InvalidInput)?;
        let mut ready = [PollFd::new(&self.socket, PollFlags::IN)];
        match poll(&mut ready, Some(&timeout)) {
            Ok(0) | Err(Errno::INTR) => return Ok(Received::Nothing),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        match recv(&self.socket, &mut *self.chunk, RecvFlags::DONTWAIT) {
            Ok((0, _)) | Err(Errno::CONNRESET) => Ok(Received::Closed),
            Ok((got, _)) => {
                inbox.extend_from_slice(self.chunk.get(..got).unwrap_or_default());
                Ok(Received::Bytes)
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(Received::Nothing),
            Err(error) => Err(error.into()),
        }
    }
}

/// The worker's end: standard input.
pub(super) struct Questions {
    records: Vec<u8>,
    files: VecDeque<OwnedFd>,
}

impl Questions {
    pub(super) fn new() -> Self {
        Self { records: Vec::with_capacity(2 * WINDOW * RECORD), files: VecDeque::with_capacity(WINDOW) }
    }

    /// The next request; `None` when there will be no more.
    pub(super) fn next(&mut self) -> Option<(Request, Result<OpenFile, LibraryError>)> {
        while self.records.len() < RECORD {
            self.fetch()?;
        }
        let request = self.records.get(..RECORD).and_then(Request::from_bytes)?;
        self.records.drain(..RECORD);
        let file = File::from(self.files.pop_front()?);
        Some((request, OpenFile::received(file, request.ending)))
    }

    /// Takes in one message; `None` at the end.
    fn fetch(&mut self) -> Option<()> {
        let mut bytes = [0; WINDOW * RECORD];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(WINDOW))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let stdin = io::stdin();
        let message =
            again(|| recvmsg(&stdin, &mut [IoSliceMut::new(&mut bytes)], &mut control, RecvFlags::empty()))
                .ok()?;
        for ancillary in control.drain() {
            if let RecvAncillaryMessage::ScmRights(files) = ancillary {
                self.files.extend(files);
            }
        }
        self.records.extend_from_slice(bytes.get(..message.bytes).filter(|bytes| !bytes.is_empty())?);
        sandbox::renew();
        Some(())
    }

    /// # Errors
    /// When nobody listens any more.
    pub(super) fn answer(&mut self, frame: &[u8]) -> io::Result<()> {
        send_all(io::stdin(), frame)
    }
}

fn send_all(socket: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let sent = again(|| send(&socket, bytes, SendFlags::empty()))?;
        bytes = bytes.get(sent..).unwrap_or_default();
    }
    Ok(())
}

/// Once more after each signal.
fn again<T>(mut call: impl FnMut() -> rustix::io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            result => return Ok(result?),
        }
    }
}
