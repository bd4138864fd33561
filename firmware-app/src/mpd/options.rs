//! Whether the server runs, where, and who may use it: the command line's two options and what they mean.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};

/// Shortest password, characters.
const SHORTEST: usize = 8;
/// Longest password file, bytes.
const LONGEST_FILE: u64 = 4096;
/// The protocol's port.
const PORT: u16 = 6600;

/// Options of the command line.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct MpdArgs {
    /// Serve the MPD protocol at this address for programs that speak it, such as 127.0.0.1:6600 [default: off]
    #[arg(long, value_name = "ADDR")]
    pub mpd: Option<String>,
    /// File whose first line is the password; a must where others than this machine can connect
    #[arg(long, value_name = "FILE", requires = "mpd")]
    pub mpd_password_file: Option<PathBuf>,
}

/// The server as it was asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct MpdOptions {
    /// Where it listens.
    pub address: SocketAddr,
    /// Who knows it may do everything; without one everybody may, and only this machine can connect.
    pub password: Option<String>,
}

impl std::fmt::Debug for MpdOptions {
    /// The password is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let has_password = self.password.is_some();
        f.debug_struct("MpdOptions").field("address", &self.address).field("password", &has_password).finish()
    }
}

/// The options make no sense; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum MpdOptionError {
    /// No address.
    #[error("--mpd {0}: write an address, such as 127.0.0.1:6600")]
    Address(String),
    /// Others could connect without a password.
    #[error(
        "--mpd {0}: others than this machine could connect; give --mpd-password-file FILE, or listen at \
         127.0.0.1"
    )]
    Unprotected(SocketAddr),
    /// The file cannot be read.
    #[error("the password file {0} cannot be read: {1}")]
    File(PathBuf, std::io::Error),
    /// The password is none.
    #[error("the password file {0} must begin with a line of at least {SHORTEST} characters, in UTF-8")]
    Password(PathBuf),
}

impl MpdArgs {
    /// What was asked for; `None`: no server.
    ///
    /// # Errors
    /// The address is none, others could connect without a password, or the password cannot be read.
    pub fn resolve(&self) -> Result<Option<MpdOptions>, MpdOptionError> {
        let Some(text) = &self.mpd else { return Ok(None) };
        let address = address(text).ok_or_else(|| MpdOptionError::Address(text.clone()))?;
        let password = self.mpd_password_file.as_deref().map(password).transpose()?;
        if password.is_none() && !address.ip().to_canonical().is_loopback() {
            return Err(MpdOptionError::Unprotected(address));
        }
        Ok(Some(MpdOptions { address, password }))
    }
}

/// An address with a port, or without one; `localhost` as a name.
fn address(text: &str) -> Option<SocketAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(ip) = text.parse() {
        return Some(SocketAddr::new(ip, PORT));
    }
    let name = text.strip_prefix("localhost")?;
    let port = if name.is_empty() { PORT } else { name.strip_prefix(':')?.parse().ok()? };
    ("localhost", port).to_socket_addrs().ok()?.min_by_key(SocketAddr::is_ipv6)
}

fn password(path: &Path) -> Result<String, MpdOptionError> {
    use std::io::Read;

    let failed = |error| MpdOptionError::File(path.to_path_buf(), error);
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE).read_to_end(&mut bytes).map_err(failed)?;
    let text = String::from_utf8(bytes).ok();
    let line = text.as_deref().and_then(|text| text.lines().next()).map(str::trim).unwrap_or_default();
    if line.chars().count() < SHORTEST {
        return Err(MpdOptionError::Password(path.to_path_buf()));
    }
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(address: &str, file: Option<&Path>) -> MpdArgs {
        MpdArgs { mpd: Some(address.into()), mpd_password_file: file.map(Path::to_path_buf) }
    }

    #[test]
    fn addresses_are_read() {
        for (text, address) in [
            ("127.0.0.1:7000", "127.0.0.1:7000"),
            ("127.0.0.1", "127.0.0.1:6600"),
            ("::1", "[::1]:6600"),
            ("[::1]:7000", "[::1]:7000"),
        ] {
            assert_eq!(args(text, None).resolve().unwrap().unwrap().address, address.parse().unwrap());
        }
        assert!(args("localhost", None).resolve().unwrap().unwrap().address.ip().is_loopback());
        for bad in ["", "6600", "example.org:6600", "localhost:x", "localhostile", "127.0.0.1:99999"] {
            assert!(matches!(args(bad, None).resolve(), Err(MpdOptionError::Address(_))), "{bad}");
        }
        assert_eq!(MpdArgs::default().resolve().unwrap(), None, "off by default");
    }

    #[test]
    fn others_need_a_password() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        for address in ["0.0.0.0:6600", "[::]:6600", "192.0.2.1", "::ffff:192.0.2.1"] {
            let refused = args(address, None).resolve().unwrap_err();
            assert!(refused.to_string().contains("--mpd-password-file"), "{refused}");
        }
        let all = args("0.0.0.0:6600", Some(&file));
        assert!(matches!(all.resolve(), Err(MpdOptionError::File(..))));
        for bad in [&b""[..], b"\n", b"short\n", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff"] {
            std::fs::write(&file, bad).unwrap();
            assert!(matches!(all.resolve(), Err(MpdOptionError::Password(_))), "{bad:?}");
        }
        std::fs::write(&file, "a good password \nnotes\n").unwrap();
        let options = all.resolve().unwrap().unwrap();
        assert_eq!(options.password.as_deref(), Some("a good password"));
        assert!(!format!("{options:?}").contains("good"), "never shown");
    }
}
