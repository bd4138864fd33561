//! Where phones can reach the unit, the best address first.

use std::net::{IpAddr, SocketAddr};

/// This machine's addresses, the loopback's included.
pub(crate) fn own() -> Vec<IpAddr> {
    match if_addrs::get_if_addrs() {
        Ok(interfaces) => interfaces.iter().map(|interface| interface.ip().to_canonical()).collect(),
        Err(error) => {
            tracing::debug!(%error, "the machine's addresses cannot be read");
            Vec::new()
        }
    }
}

/// Addresses for people and QR codes: numbers first, since every phone understands them, then the name.
pub(crate) fn urls(scheme: &str, bound: SocketAddr, own: &[IpAddr], name: Option<&str>) -> Vec<String> {
    let port = match (scheme, bound.port()) {
        ("http", 80) | ("https", 443) => String::new(),
        (_, port) => format!(":{port}"),
    };
    let url = |address: &IpAddr| match address {
        IpAddr::V4(four) => format!("{scheme}://{four}{port}"),
        IpAddr::V6(six) => format!("{scheme}://[{six}]{port}"),
    };
    let bound = bound.ip().to_canonical();
    if !bound.is_unspecified() {
        let name = name.filter(|_| !bound.is_loopback()).map(|name| format!("{scheme}://{name}{port}"));
        return std::iter::once(url(&bound)).chain(name).collect();
    }
    let mut reachable: Vec<&IpAddr> = own.iter().filter(|address| is_reachable(address)).collect();
    reachable.sort_by_key(|address| (address.is_ipv6(), **address));
    reachable.dedup();
    let (four, six): (Vec<&IpAddr>, Vec<&IpAddr>) =
        reachable.into_iter().partition(|address| address.is_ipv4());
    let name = name.map(|name| format!("{scheme}://{name}{port}"));
    four.into_iter().map(url).chain(name).chain(six.into_iter().map(url)).collect()
}

/// Whether another machine can use it as it is written: link-local IPv6 needs the name of an interface.
fn is_reachable(address: &IpAddr) -> bool {
    let is_link_local = matches!(address, IpAddr::V6(six) if six.is_unicast_link_local());
    !address.is_loopback() && !address.is_unspecified() && !is_link_local
}

/// The unit's name on its networks: letters, digits and hyphens of what its owner calls it (RFC 1123,
/// section 2.1), at most 40 of them.
pub(crate) fn label(name: &str) -> String {
    let mut label = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            label.push(c.to_ascii_lowercase());
        } else if !label.is_empty() && !label.ends_with('-') && c != '\'' {
            label.push('-');
        }
        if label.len() == 40 {
            break;
        }
    }
    let label = label.trim_matches('-');
    if label.is_empty() { "rusty-audio".into() } else { label.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(addresses: &[&str]) -> Vec<IpAddr> {
        addresses.iter().map(|address| address.parse().unwrap()).collect()
    }

    #[test]
    fn numbers_come_first_then_the_name_and_nothing_that_leads_nowhere() {
        let own = parsed(&["127.0.0.1", "::1", "fd00::5", "fe80::1", "192.168.1.20", "10.0.0.4", "10.0.0.4"]);
        let bound = "[::]:8080".parse().unwrap();
        assert_eq!(
            urls("http", bound, &own, Some("unit.local")),
            [
                "http://10.0.0.4:8080",
                "http://192.168.1.20:8080",
                "http://unit.local:8080",
                "http://[fd00::5]:8080"
            ]
        );
        assert_eq!(urls("https", "0.0.0.0:443".parse().unwrap(), &own[4..5], None), ["https://192.168.1.20"]);
        assert!(urls("http", bound, &own[..2], None).is_empty());
    }

    #[test]
    fn a_fixed_address_is_the_only_one() {
        let own = parsed(&["192.168.1.20", "10.0.0.4"]);
        let loopback = "127.0.0.1:8080".parse().unwrap();
        assert_eq!(urls("http", loopback, &own, Some("unit.local")), ["http://127.0.0.1:8080"]);
        let fixed = "10.0.0.4:80".parse().unwrap();
        assert_eq!(urls("http", fixed, &own, Some("unit.local")), ["http://10.0.0.4", "http://unit.local"]);
    }

    #[test]
    fn labels_are_host_names() {
        for (name, shown) in [
            ("Rusty Audio", "rusty-audio"),
            ("Anna's  VW-Bus!", "annas-vw-bus"),
            ("Ärger", "rger"),
            ("日本", "rusty-audio"),
            ("--", "rusty-audio"),
        ] {
            assert_eq!(label(name), shown);
        }
        assert_eq!(label(&"a".repeat(100)).len(), 40);
    }
}
