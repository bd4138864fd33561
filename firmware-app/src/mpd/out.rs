//! What goes to a client: gathered, sent in pieces, and given up when the client does not take it.

use std::fmt::Display;
use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;

/// Bytes gathered before they are sent.
const PIECE: usize = 32 * 1024;
/// Longest wait for the client to take a piece.
const PATIENCE: Duration = Duration::from_secs(15);

/// The way to a client.
#[derive(Debug)]
pub(super) struct Out {
    writer: OwnedWriteHalf,
    gathered: Vec<u8>,
}

impl Out {
    pub fn new(writer: OwnedWriteHalf) -> Self {
        Self { writer, gathered: Vec::new() }
    }

    /// A line `name: value`. What would break the line becomes a blank.
    pub fn pair(&mut self, name: &str, value: impl Display) {
        let value = value.to_string();
        self.gathered.extend_from_slice(name.as_bytes());
        self.gathered.extend_from_slice(b": ");
        let clean = |byte: u8| if byte == b'\n' || byte == b'\r' { b' ' } else { byte };
        self.gathered.extend(value.bytes().map(clean));
        self.gathered.push(b'\n');
    }

    /// A line of the protocol itself.
    pub fn line(&mut self, line: &str) {
        self.gathered.extend_from_slice(line.as_bytes());
    }

    /// Bytes of a picture, with their count before and a line end after them.
    pub fn binary(&mut self, bytes: &[u8]) {
        self.pair("binary", bytes.len());
        self.gathered.extend_from_slice(bytes);
        self.gathered.push(b'\n');
    }

    /// Sends what is gathered once it is worth it.
    ///
    /// # Errors
    /// The client is gone or does not take it.
    pub async fn relieve(&mut self) -> io::Result<()> {
        if self.gathered.len() >= PIECE { self.flush().await } else { Ok(()) }
    }

    /// Sends what is gathered.
    ///
    /// # Errors
    /// As [`Self::relieve`].
    pub async fn flush(&mut self) -> io::Result<()> {
        let sent = tokio::time::timeout(PATIENCE, self.writer.write_all(&self.gathered)).await;
        self.gathered.clear();
        self.gathered.shrink_to(2 * PIECE);
        sent.map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "it does not take what it asked for"))?
    }
}
