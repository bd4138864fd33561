//! What is looked at before anything else: the name the unit is asked for by, and which page asks.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};

use super::answer::{Answer, problem};
use super::door::{Door, Hosts};

/// Why a request may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The unit is not known by that name.
    Host,
    /// Another page than the unit's own asks.
    Origin,
}

impl Refused {
    pub fn answer(self) -> Answer {
        match self {
            Self::Host => {
                problem(StatusCode::MISDIRECTED_REQUEST, "wrong_host", "This unit is not known by that name.")
            }
            Self::Origin => {
                problem(StatusCode::FORBIDDEN, "wrong_origin", "Only the unit's own pages may ask for this.")
            }
        }
    }
}

/// The `Host` of a request that may go on.
///
/// # Errors
/// It may not, and why.
pub(crate) fn check(door: &Door, hosts: &Hosts, request: &Parts) -> Result<String, Refused> {
    let host = own_host(door, hosts, request).ok_or(Refused::Host)?;
    if is_ours(door, &host, request) { Ok(host) } else { Err(Refused::Origin) }
}

/// The one `Host`, if it is the unit's.
fn own_host(door: &Door, hosts: &Hosts, request: &Parts) -> Option<String> {
    let host = only(&request.headers, &header::HOST)?;
    // In the absolute form it is the target that counts (RFC 9112, section 3.2.2): both must be ours.
    let target_is_ours = request.uri.authority().is_none_or(|target| hosts.allow(door, target.as_str()));
    (hosts.allow(door, host) && target_is_ours).then(|| host.to_owned())
}

/// Whether it is one of the unit's own pages that asks, or no page at all.
///
/// A browser says which page makes it send a change or open a WebSocket. What a browser sends along by itself
/// (the cookie) counts only when it says so; a program that shows its token needs not.
fn is_ours(door: &Door, host: &str, request: &Parts) -> bool {
    let path = request.uri.path();
    let is_api = path == "/ws" || path.starts_with("/api/");
    let changes = !matches!(request.method, Method::GET | Method::HEAD) || path == "/ws";
    let headers = &request.headers;
    let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
    if let Some(site) = site
        && changes
        && !matches!(site, b"same-origin" | b"none")
    {
        return false;
    }
    if headers.contains_key(header::ORIGIN) {
        return !(is_api || changes)
            || only(headers, &header::ORIGIN).is_some_and(|origin| origin == door.origin(host));
    }
    !changes || !headers.contains_key(header::COOKIE) || site == Some(b"same-origin")
}

/// The value of a header that must not come twice.
fn only<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn verdict(method: &str, uri: &str, headers: &[(&str, &str)]) -> u16 {
        let hosts = Hosts::default();
        hosts.set(vec!["unit.local".into()], Vec::new());
        let local = "192.168.1.20:8080".parse().unwrap();
        let door = Door { is_secure: false, local, peer: local };
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        check(&door, &hosts, &parts).map_or_else(|refused| refused.answer().status().as_u16(), |_| 200)
    }

    const HOST: (&str, &str) = ("host", "unit.local:8080");
    const OWN: (&str, &str) = ("origin", "http://unit.local:8080");
    const COOKIE: (&str, &str) = ("cookie", "rusty_audio=x");

    #[test]
    fn one_host_and_it_must_be_ours() {
        assert_eq!(verdict("GET", "/", &[HOST]), 200);
        assert_eq!(verdict("GET", "/", &[]), 421);
        assert_eq!(verdict("GET", "/", &[HOST, HOST]), 421);
        assert_eq!(verdict("GET", "/", &[("host", "evil.example")]), 421);
        assert_eq!(verdict("GET", "http://evil.example/", &[HOST]), 421);
        assert_eq!(verdict("GET", "http://unit.local:8080/", &[HOST]), 200);
    }

    #[test]
    fn changes_and_sockets_are_asked_for_by_our_own_pages_or_by_no_page() {
        for (method, path) in
            [("POST", "/api/command"), ("DELETE", "/api/session"), ("GET", "/ws"), ("PUT", "/x")]
        {
            assert_eq!(verdict(method, path, &[HOST, OWN, COOKIE]), 200);
            assert_eq!(verdict(method, path, &[HOST]), 200, "a program");
            assert_eq!(verdict(method, path, &[HOST, COOKIE]), 403, "a browser that does not say who asks");
            assert_eq!(verdict(method, path, &[HOST, COOKIE, ("sec-fetch-site", "same-origin")]), 200);
            assert_eq!(verdict(method, path, &[HOST, COOKIE, ("sec-fetch-site", "none")]), 403);
            assert_eq!(verdict(method, path, &[HOST, OWN, ("sec-fetch-site", "cross-site")]), 403);
            assert_eq!(verdict(method, path, &[HOST, OWN, OWN]), 403);
            for foreign in [
                "null",
                "",
                "http://evil.example",
                "https://unit.local:8080",
                "http://unit.local",
                "http://unit.local:8081",
                "http://unit.local:8080.evil.example",
                "http://unit.local:8080/",
                "http://192.168.1.20:8080",
            ] {
                assert_eq!(verdict(method, path, &[HOST, ("origin", foreign)]), 403, "{foreign}");
            }
        }
    }

    #[test]
    fn reading_the_api_from_a_foreign_page_is_refused_too() {
        let foreign = ("origin", "http://evil.example");
        assert_eq!(verdict("GET", "/api/snapshot", &[HOST, foreign]), 403);
        assert_eq!(verdict("GET", "/api/snapshot", &[HOST, COOKIE]), 200);
        assert_eq!(verdict("GET", "/assets/x.js", &[HOST, foreign]), 200);
    }
}
