//! Where a request was made: the defence against pages of others (cross-site request forgery).
//!
//! Cookies are `SameSite=Lax` besides. The browser sets `Origin` and `Sec-Fetch-Site`; no page can forge them.

use super::Problem;

/// Where a request says it comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whence<'a> {
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// The `Sec-Fetch-Site` header (Fetch Metadata).
    pub site: Option<&'a str>,
}

const CROSS: Problem = Problem::Forbidden("cross_origin", "Pages of other origins may not do this.");

/// Refuses a request that a foreign page has caused. `own` is our public origin, `others` the configured ones.
///
/// `ambient` says that the browser adds by itself what the request is authorised by: a cookie. Then a change
/// must come with a good `Origin`, or at least with the browser's word that it is of the same origin.
///
/// # Errors
/// 403 `cross_origin`.
pub fn check(
    whence: Whence<'_>,
    own: &str,
    others: &[String],
    changes: bool,
    ambient: bool,
) -> Result<(), Problem> {
    let known = |origin: &str| origin == own || others.iter().any(|other| other == origin);
    match whence.origin {
        Some(origin) if !known(origin) && (changes || ambient) => Err(CROSS),
        Some(_) => Ok(()),
        None if changes && ambient && whence.site != Some("same-origin") => Err(CROSS),
        None => Ok(()),
    }
}

/// Whether `path` can only lead to our own origin: what may be redirected to after a sign-in.
pub fn is_local_path(path: &str) -> bool {
    // "//host" and "/\host" name another host; control characters are dropped by browsers, which may make one.
    path.len() <= 512
        && path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| byte.is_ascii_graphic())
        // Resolving "/..//host" gives "//host".
        && !path.contains("/.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://rusty-audio.example";

    fn allowed(origin: Option<&str>, site: Option<&str>, changes: bool, ambient: bool) -> bool {
        check(Whence { origin, site }, OWN, &["https://app.example".to_owned()], changes, ambient).is_ok()
    }

    #[test]
    fn a_change_by_cookie_needs_one_of_our_origins() {
        for good in [OWN, "https://app.example"] {
            assert!(allowed(Some(good), None, true, true), "{good}");
        }
        for bad in
            ["null", "https://evil.example", "http://rusty-audio.example", "https://rusty-audio.example.evil"]
        {
            assert!(!allowed(Some(bad), None, true, true), "{bad}");
            assert!(!allowed(Some(bad), Some("same-origin"), true, true), "{bad}");
            assert!(!allowed(Some(bad), None, true, false), "{bad}");
            assert!(!allowed(Some(bad), None, false, true), "{bad}");
        }
    }

    #[test]
    fn without_an_origin_the_browser_must_vouch() {
        assert!(allowed(None, Some("same-origin"), true, true));
        for site in [None, Some("none"), Some("same-site"), Some("cross-site")] {
            assert!(!allowed(None, site, true, true), "{site:?}");
        }
        assert!(allowed(None, None, true, false), "a device has no origin and sends no cookie");
        assert!(allowed(None, None, false, true), "a person types an address");
    }

    #[test]
    fn only_paths_of_our_own_are_redirected_to() {
        for good in ["/", "/pair?code=BCDF-GHJK", "/presets#mine"] {
            assert!(is_local_path(good), "{good}");
        }
        for bad in [
            "",
            "x",
            "//evil.example",
            "/\\evil.example",
            "\\/evil",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil",
            "/a b",
            "/.//evil.example",
            "/x/..//evil.example",
            "/é",
        ] {
            assert!(!is_local_path(bad), "{bad}");
        }
    }
}
