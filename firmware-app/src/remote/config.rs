//! How the server of the remotes is set up.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use crate::remote_desk::RemoteReport;

/// Where the web remote's files come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WebFiles {
    /// From inside the program.
    #[default]
    Embedded,
    /// From a folder, read anew at every request; for whoever works on the remote.
    Folder(PathBuf),
}

/// Hears every report besides the stereo.
pub type ReportListener = Arc<dyn Fn(&RemoteReport) + Send + Sync>;

/// Hears each new standing invitation: the address that lets one owner in.
pub type InviteListener = Arc<dyn Fn(&str) + Send + Sync>;

/// How the server is set up.
#[derive(Clone)]
pub struct RemoteConfig {
    /// Where it listens without encryption; a port of 0 takes any.
    pub http: Option<SocketAddr>,
    /// When `http`'s port is taken, how many of those after it are tried.
    pub more_ports: u16,
    /// Where it listens with the unit's own certificate.
    pub https: Option<SocketAddr>,
    /// As the owner calls the unit; its name on the network is made of it.
    pub name: String,
    /// The web remote.
    pub files: WebFiles,
    /// Always keeps one invitation open for an owner and tells `invites` of it: for the simulator, whose
    /// terminal belongs to its owner.
    pub standing_invite: bool,
    /// Announce the unit on its networks, unless it listens on the loopback alone.
    pub announce: bool,
    /// Hears what the stereo is told.
    pub reports: Option<ReportListener>,
    /// Hears of standing invitations.
    pub invites: Option<InviteListener>,
}

/// The owner's name for a unit that was given none.
pub const DEFAULT_NAME: &str = "Rusty Audio";

impl RemoteConfig {
    /// Listens at `http` with the built-in remote and asks at the unit before a phone is let in.
    #[must_use]
    pub fn new(http: SocketAddr) -> Self {
        Self {
            http: Some(http),
            more_ports: 0,
            https: None,
            name: DEFAULT_NAME.into(),
            files: WebFiles::Embedded,
            standing_invite: false,
            announce: true,
            reports: None,
            invites: None,
        }
    }
}

impl std::fmt::Debug for RemoteConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemoteConfig")
            .field("http", &self.http)
            .field("https", &self.https)
            .field("name", &self.name)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// The server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// Another program listens there, or the address is not this machine's: choose another.
    #[error("cannot listen at {address}: {why}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        why: std::io::Error,
    },
    /// Neither an address for http nor one for https was given.
    #[error("there is no address to listen at")]
    NoAddress,
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Thread(std::io::Error),
    /// The system gives no random numbers, and nothing here may do without.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// The unit's certificate can be neither read nor made.
    #[error("the certificate: {0}")]
    Certificate(String),
}
