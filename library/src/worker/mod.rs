//! Reading foreign bytes in a process of its own, which may die of them.
//!
//! Tags, pictures and playlists are read by a child process that has locked itself in: no file system, no
//! network, no other process, bounded memory. It gets open files and gives back plain values, which are
//! checked again on this side. A file that kills its reader, or takes too long, costs itself only.
mod answer;
mod ask;
mod bucket;
mod child;
mod codec;
#[cfg(unix)]
#[path = "link_unix.rs"]
mod link;
#[cfg(not(unix))]
#[path = "link_pipe.rs"]
mod link;
mod observe;
mod playlist_codec;
mod process;
mod request;
mod sandbox;
mod track_codec;
mod watch;
mod window;

use std::ffi::OsString;
use std::path::PathBuf;

pub use child::worker_main;
pub use window::Worker;

/// The hidden first argument that makes a program call [`worker_main`] and nothing else.
pub const WORKER_WORD: &str = "__library-worker";

/// How to start the worker process: usually this program again, with [`WORKER_WORD`].
#[derive(Clone, Debug)]
pub struct WorkerCommand {
    /// The program's file.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

impl WorkerCommand {
    /// This very program with [`WORKER_WORD`].
    ///
    /// # Errors
    /// When the system does not tell which program this is.
    pub fn this_program() -> std::io::Result<Self> {
        Ok(Self { program: std::env::current_exe()?, args: vec![WORKER_WORD.into()] })
    }
}
