//! Where the cloud is.

use std::net::IpAddr;

use axum::http::Uri;

/// The cloud's origin (RFC 6454), taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `https://cloud.example`, without a slash.
    pub(crate) origin: String,
    /// A name or an address, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// As `Host` says it.
    pub(crate) authority: String,
    pub(crate) is_secure: bool,
}

impl Address {
    /// Reads an address as people write it.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let uri: Uri = text.parse().map_err(|_| "write https://cloud.example".to_owned())?;
        let is_secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("it begins with https://".to_owned()),
        };
        let authority = uri.authority().ok_or("there is no host in it")?;
        if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err("it is a host, and a port where it is not the usual one; nothing else".to_owned());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        if host.is_empty() {
            return Err("there is no host in it".to_owned());
        }
        if !is_secure && !is_loopback(&host) {
            return Err("without encryption only this very machine is talked to: write https://".to_owned());
        }
        let usual = if is_secure { 443 } else { 80 };
        let port = authority.port_u16().unwrap_or(usual);
        let shown = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let authority = if port == usual { shown } else { format!("{shown}:{port}") };
        let scheme = if is_secure { "https" } else { "http" };
        Ok(Self { origin: format!("{scheme}://{authority}"), host, port, authority, is_secure })
    }

    /// A path there.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_origin() {
        for (text, origin, host, port) in [
            ("https://Cloud.example", "https://cloud.example", "cloud.example", 443),
            ("https://cloud.example:443/", "https://cloud.example", "cloud.example", 443),
            ("https://cloud.example:8443", "https://cloud.example:8443", "cloud.example", 8443),
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787", "127.0.0.1", 8787),
            ("http://localhost", "http://localhost", "localhost", 80),
            ("http://[::1]:8787/", "http://[::1]:8787", "::1", 8787),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.origin.as_str(), address.host.as_str(), address.port), (origin, host, port));
            assert_eq!(address.url("/api/x"), format!("{origin}/api/x"));
        }
    }

    #[test]
    fn what_would_send_secrets_in_the_clear_or_elsewhere_is_refused() {
        for text in [
            "",
            "cloud.example",
            "ftp://cloud.example",
            "http://cloud.example",
            "http://192.168.1.20",
            "http://127.0.0.1.evil.example",
            "https://user@cloud.example",
            "https://cloud.example/path",
            "https://cloud.example/?x",
            "https://",
            "https://:443",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
