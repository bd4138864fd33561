//! Which names a connection may be asked for by. A name that is not the unit's own means that somebody
//! made a browser believe that this unit is another site (DNS rebinding).

use std::net::{IpAddr, SocketAddr};
use std::sync::{PoisonError, RwLock};

/// Where a connection came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Door {
    /// By TLS.
    pub is_secure: bool,
    /// The unit's end.
    pub local: SocketAddr,
    /// The other end.
    pub peer: SocketAddr,
}

impl Door {
    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.is_secure { "https" } else { "http" }
    }

    fn default_port(&self) -> u16 {
        if self.is_secure { 443 } else { 80 }
    }

    /// The origin that pages asked for by this `Host` have (RFC 6454, section 6.2).
    pub fn origin(&self, host: &str) -> String {
        let suffix = format!(":{}", self.default_port());
        let host = host.strip_suffix(&suffix).unwrap_or(host);
        format!("{}://{}", self.scheme(), host.to_ascii_lowercase())
    }
}

/// The unit's own names and addresses.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    own: RwLock<Own>,
}

#[derive(Debug, Default)]
struct Own {
    /// Lower case, such as `rusty-audio.local`.
    names: Vec<String>,
    addresses: Vec<IpAddr>,
}

impl Hosts {
    /// Replaces all of them.
    pub fn set(&self, names: Vec<String>, addresses: Vec<IpAddr>) {
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = Own { names, addresses };
    }

    /// Whether a connection that came in by `door` may be asked for by this `Host` (RFC 9110, section 7.2).
    pub fn allow(&self, door: &Door, host: &str) -> bool {
        let Some((name, port)) = split(host) else { return false };
        if port.unwrap_or(door.default_port()) != door.local.port() {
            return false;
        }
        let local = door.local.ip().to_canonical();
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        match name.parse::<IpAddr>() {
            Ok(address) => address == local || own.addresses.contains(&address),
            Err(_) if name.eq_ignore_ascii_case("localhost") => local.is_loopback(),
            Err(_) => own.names.iter().any(|own| own.eq_ignore_ascii_case(name)),
        }
    }
}

/// Name or address without brackets, and the port.
fn split(host: &str) -> Option<(&str, Option<u16>)> {
    let (name, rest) = match host.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_six = host.starts_with('[');
    if name.is_empty() || is_six != name.contains(':') {
        return None;
    }
    let port = match rest.strip_prefix(':') {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(digits.parse().ok()?)
        }
        Some(_) => return None,
        None if rest.is_empty() => None,
        None => return None,
    };
    Some((name, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(local: &str) -> Door {
        Door { is_secure: false, local: local.parse().unwrap(), peer: "127.0.0.1:9".parse().unwrap() }
    }

    fn hosts() -> Hosts {
        let hosts = Hosts::default();
        hosts.set(
            vec!["rusty-audio.local".into()],
            vec!["192.168.1.20".parse().unwrap(), "fd00::5".parse().unwrap()],
        );
        hosts
    }

    #[test]
    fn own_names_and_addresses_are_allowed_with_the_right_port() {
        for (local, host) in [
            ("192.168.1.20:8080", "192.168.1.20:8080"),
            ("192.168.1.20:8080", "RUSTY-audio.local:8080"),
            ("192.168.1.20:80", "rusty-audio.local"),
            ("[::ffff:10.0.0.7]:8080", "10.0.0.7:8080"),
            ("[fe80::1]:8080", "[fe80::1]:8080"),
            ("[fe80::1]:8080", "[fd00::5]:8080"),
            ("127.0.0.1:8080", "localhost:8080"),
            ("[::1]:8080", "localhost:8080"),
            ("[::1]:8080", "[0:0:0:0:0:0:0:1]:8080"),
        ] {
            assert!(hosts().allow(&door(local), host), "{host} at {local}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for host in [
            "",
            ":8080",
            "192.168.1.20",
            "192.168.1.20:80",
            "192.168.1.20:8081",
            "192.168.1.20:08080x",
            "192.168.1.20:",
            "192.168.1.21:8080",
            "localhost:8080",
            "127.0.0.1:8080",
            "evil.example:8080",
            "rusty-audio.local.evil.example:8080",
            "rusty-audio.local@evil.example:8080",
            "evil.example@rusty-audio.local:8080",
            "rusty-audio.local:8080@evil.example",
            "xrusty-audio.local:8080",
            "rusty-audio:8080",
            "[192.168.1.20]:8080",
            "fd00::5:8080",
            "[fd00::5:8080",
            "[fd00::6]:8080",
            "[fd00::5]x:8080",
            "3232235796:8080",
            "0xc0a80114:8080",
        ] {
            assert!(!hosts().allow(&door("192.168.1.20:8080"), host), "{host}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port_unless_it_is_the_usual_one() {
        let mut door = door("192.168.1.20:80");
        assert_eq!(door.origin("Rusty-Audio.local"), "http://rusty-audio.local");
        assert_eq!(door.origin("192.168.1.20:80"), "http://192.168.1.20");
        assert_eq!(door.origin("192.168.1.20:8080"), "http://192.168.1.20:8080");
        door.is_secure = true;
        assert_eq!(door.origin("192.168.1.20:443"), "https://192.168.1.20");
    }
}
