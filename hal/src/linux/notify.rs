//! The service manager's notification socket (sd_notify(3), sd_watchdog_enabled(3)), spoken directly:
//! one datagram per message.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use crate::Watchdog;

/// Tells the service manager how the process is doing.
#[derive(Debug)]
pub struct Notifier {
    socket: UnixDatagram,
    manager: SocketAddr,
}

impl Notifier {
    /// The manager that started this process; none if none did, or it does not listen.
    #[must_use]
    pub fn from_env() -> Option<Self> {
        let address = env::var_os("NOTIFY_SOCKET")?;
        Self::new(&address).map_err(|error| tracing::warn!(%error, "NOTIFY_SOCKET cannot be used")).ok()
    }

    /// By address: a path, or a name in the abstract namespace after an `@`.
    ///
    /// # Errors
    /// The address is neither, or no socket can be made.
    pub fn new(address: &OsStr) -> io::Result<Self> {
        let manager = match address.as_bytes() {
            [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
            [b'/', ..] => SocketAddr::from_pathname(address)?,
            _ => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "neither a path nor an abstract name",
                ));
            }
        };
        let socket = UnixDatagram::unbound()?;
        // A manager that does not read must not hold up the stereo.
        socket.set_nonblocking(true)?;
        Ok(Self { socket, manager })
    }

    /// The unit plays (or could): the start-up is over.
    pub fn ready(&self) {
        self.send("READY=1");
    }

    /// The unit is on its way down.
    pub fn stopping(&self) {
        self.send("STOPPING=1");
    }

    /// One line for whoever looks at the service.
    pub fn status(&self, text: &str) {
        self.send(&format!("STATUS={}", text.replace('\n', " ")));
    }

    fn send(&self, message: &str) {
        if let Err(error) = self.socket.send_to_addr(message.as_bytes(), &self.manager) {
            tracing::debug!(%error, message, "the service manager was not told");
        }
    }
}

/// The service manager's watchdog: it restarts the process when the kicks stay away.
#[derive(Debug)]
pub struct NotifyWatchdog {
    notifier: Notifier,
    interval: Duration,
}

impl NotifyWatchdog {
    /// As the environment asks for it; none if the service has no `WatchdogSec=`.
    #[must_use]
    pub fn from_env() -> Option<Self> {
        let usec = env::var("WATCHDOG_USEC").ok()?;
        let pid = env::var("WATCHDOG_PID").ok();
        let interval = interval(&usec, pid.as_deref(), std::process::id())?;
        Notifier::from_env().map(|notifier| Self::new(notifier, interval))
    }

    /// Kicks through this notifier.
    #[must_use]
    pub fn new(notifier: Notifier, interval: Duration) -> Self {
        Self { notifier, interval }
    }
}

impl Watchdog for NotifyWatchdog {
    fn interval(&self) -> Duration {
        self.interval
    }

    fn kick(&mut self) {
        self.notifier.send("WATCHDOG=1");
    }
}

/// Half of the limit, as sd_watchdog_enabled(3) advises; none if the limit is not meant for us.
fn interval(usec: &str, pid: Option<&str>, own_pid: u32) -> Option<Duration> {
    let is_ours = pid.is_none_or(|pid| pid.parse() == Ok(own_pid));
    let usec = usec.parse().ok().filter(|&usec: &u64| is_ours && usec > 0)?;
    Some(Duration::from_micros(usec / 2))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn received(socket: &UnixDatagram) -> String {
        let mut buffer = [0; 256];
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let len = socket.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..len]).into_owned()
    }

    #[test]
    fn messages_arrive_at_a_real_socket() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let manager = UnixDatagram::bind(&path).unwrap();
        let notifier = Notifier::new(path.as_os_str()).unwrap();
        notifier.ready();
        notifier.status("playing\nloudly");
        notifier.stopping();
        let mut dog = NotifyWatchdog::new(notifier, Duration::from_secs(5));
        dog.kick();
        let messages: Vec<String> = (0..4).map(|_| received(&manager)).collect();
        assert_eq!(messages, ["READY=1", "STATUS=playing loudly", "STOPPING=1", "WATCHDOG=1"]);
        assert_eq!(dog.interval(), Duration::from_secs(5));
    }

    #[test]
    fn abstract_names_work_too() {
        let name = format!("hal-notify-test-{}", std::process::id());
        let manager = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        Notifier::new(OsStr::new(&format!("@{name}"))).unwrap().ready();
        assert_eq!(received(&manager), "READY=1");
    }

    #[test]
    fn a_manager_that_is_gone_or_full_holds_nothing_up() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let manager = UnixDatagram::bind(&path).unwrap();
        let notifier = Notifier::new(path.as_os_str()).unwrap();
        for _ in 0..10_000 {
            notifier.ready();
        }
        drop(manager);
        notifier.ready();
        assert!(Notifier::new(OsStr::new("relative/path")).is_err());
    }

    #[test]
    fn the_interval_is_half_the_limit_and_only_ours() {
        assert_eq!(interval("3000000", None, 7), Some(Duration::from_millis(1500)));
        assert_eq!(interval("3000000", Some("7"), 7), Some(Duration::from_millis(1500)));
        assert_eq!(interval("3000000", Some("8"), 7), None);
        assert_eq!(interval("0", None, 7), None);
        assert_eq!(interval("soon", None, 7), None);
    }
}
