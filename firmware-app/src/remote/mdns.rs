//! Telling the network who we are: `_rusty-audio._tcp` and `NAME.local` by multicast DNS (RFC 6762, 6763).

use std::net::SocketAddr;
use std::time::Duration;

use mdns_sd::{DaemonEvent, Receiver, ServiceDaemon, ServiceInfo};
use protocol::remote::{PROTOCOL_VERSION, UnitIdentity};

const SERVICE: &str = "_rusty-audio._tcp.local.";
/// For taking the announcement back at the end.
const FAREWELL: Duration = Duration::from_millis(300);

/// A unit that is announced until this is dropped.
pub(crate) struct Announcement {
    daemon: ServiceDaemon,
    events: Receiver<DaemonEvent>,
    full_name: String,
}

/// Where the remotes' server is, as far as the network is told.
pub(crate) struct Announced<'a> {
    pub unit: &'a UnitIdentity,
    /// Host name without `.local`.
    pub label: &'a str,
    pub at: SocketAddr,
    pub is_secure: bool,
}

impl Announcement {
    /// Announces a unit. Without multicast there is none, and the unit is reached by its number.
    pub fn start(what: &Announced<'_>) -> Option<Self> {
        let tell =
            |error: &mdns_sd::Error| tracing::warn!(%error, "the unit is not announced on the network");
        let info = info(what).inspect_err(tell).ok()?;
        let full_name = info.get_fullname().to_owned();
        let daemon = ServiceDaemon::new().inspect_err(tell).ok()?;
        let events = daemon.monitor().inspect_err(tell).ok()?;
        daemon.register(info).inspect_err(tell).ok()?;
        Some(Self { daemon, events, full_name })
    }

    /// Waits until another unit had our host name already and we took another; gives it, such as
    /// `rusty-audio-2.local`.
    pub async fn renamed(&self) -> String {
        while let Ok(event) = self.events.recv_async().await {
            match event {
                DaemonEvent::NameChange(change) => {
                    tracing::info!(from = change.original, to = change.new_name, "a name was taken already");
                    let name = change.new_name.trim_end_matches('.');
                    if !name.contains("._") {
                        return name.to_ascii_lowercase();
                    }
                }
                DaemonEvent::Error(error) => tracing::debug!(%error, "multicast DNS"),
                _ => {}
            }
        }
        std::future::pending().await
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // Others forget us at once, not only when their caches run out.
        if let Ok(gone) = self.daemon.unregister(&self.full_name) {
            let _ = gone.recv_timeout(FAREWELL);
        }
        if let Ok(ended) = self.daemon.shutdown() {
            let _ = ended.recv_timeout(FAREWELL);
        }
    }
}

fn info(what: &Announced<'_>) -> Result<ServiceInfo, mdns_sd::Error> {
    let Announced { unit, label, at, is_secure } = what;
    let protocol = PROTOCOL_VERSION.to_string();
    let texts = [
        ("txtvers", "1"),
        ("id", &unit.id),
        ("version", &unit.version),
        ("protocol", &protocol),
        ("path", "/"),
        ("tls", if *is_secure { "1" } else { "0" }),
    ];
    let host = format!("{label}.local.");
    let ip = at.ip().to_canonical();
    // A name of one label has at most 63 bytes (RFC 6763, section 4.1.1).
    let mut name: String = unit.name.chars().filter(|c| !c.is_control()).take(60).collect();
    while name.len() > 60 {
        name.pop();
    }
    if ip.is_unspecified() {
        Ok(ServiceInfo::new(SERVICE, &name, &host, "", at.port(), &texts[..])?.enable_addr_auto())
    } else {
        ServiceInfo::new(SERVICE, &name, &host, ip, at.port(), &texts[..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_announcement_says_who_and_where() {
        let (id, name, version) = ("ab12".into(), "Ännas Bus".into(), "0.1.0".into());
        let unit = UnitIdentity { id, name, version, ..UnitIdentity::default() };
        let at = "192.168.1.20:8080".parse().unwrap();
        let info = info(&Announced { unit: &unit, label: "nnas-bus", at, is_secure: false }).unwrap();
        assert_eq!(info.get_fullname(), "Ännas Bus._rusty-audio._tcp.local.");
        assert_eq!(info.get_hostname(), "nnas-bus.local.");
        assert_eq!(info.get_property_val_str("id"), Some("ab12"));
        assert_eq!(info.get_property_val_str("tls"), Some("0"));
        assert!(info.get_addresses_v4().contains(&std::net::Ipv4Addr::new(192, 168, 1, 20)));
        let long = UnitIdentity { name: "ä".repeat(80), ..unit };
        let at = "[::]:8080".parse().unwrap();
        assert!(super::info(&Announced { unit: &long, label: "x", at, is_secure: true }).is_ok());
    }

    /// Needs a network that carries multicast, which not every machine that runs tests has.
    #[test]
    #[ignore = "needs a network with multicast"]
    fn the_network_finds_us_and_hears_us_go() {
        let id = super::super::secret::invitation().unwrap();
        let (name, version) = (format!("Test {id}"), "0.1.0".into());
        let unit = UnitIdentity { id: id.clone(), name, version, ..UnitIdentity::default() };
        let at = "0.0.0.0:8080".parse().unwrap();
        let label = format!("test-{}", &id[..8]);
        let announced =
            Announcement::start(&Announced { unit: &unit, label: &label, at, is_secure: false }).unwrap();
        let other = ServiceDaemon::new().unwrap();
        let found = other.browse(SERVICE).unwrap();
        let until = |what: &str, is_it: &dyn Fn(&mdns_sd::ServiceEvent) -> bool| {
            let since = std::time::Instant::now();
            while since.elapsed() < Duration::from_secs(15) {
                if found.recv_timeout(Duration::from_secs(1)).is_ok_and(|event| is_it(&event)) {
                    return;
                }
            }
            panic!("{what}");
        };
        until("found", &|event| match event {
            mdns_sd::ServiceEvent::ServiceResolved(service) => {
                service.get_property_val_str("id") == Some(&id)
                    && service.get_port() == 8080
                    && service.get_hostname() == format!("{label}.local.")
            }
            _ => false,
        });
        drop(announced);
        until(
            "gone",
            &|event| matches!(event, mdns_sd::ServiceEvent::ServiceRemoved(_, name) if name.contains(&id)),
        );
    }
}
