//! Cookies (RFC 6265bis). Every name begins with `__Host-`: the browser then takes them over a secure
//! connection only, for this host only and for every path, and no subdomain can plant one.

/// The session's secret.
pub const SESSION: &str = "__Host-session";
/// The access token.
pub const ACCESS: &str = "__Host-access";
/// Binds a sign-in under way to the browser that began it.
pub const LOGIN: &str = "__Host-login";

/// The value of `name` in a `Cookie` header. If it stands there twice it counts as missing: somebody has
/// planted one.
pub fn read<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let mut values = header.split(';').filter_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key.trim() == name).then(|| value.trim())
    });
    let value = values.next().filter(|value| !value.is_empty())?;
    values.next().is_none().then_some(value)
}

/// A `Set-Cookie` line for so many seconds. Scripts cannot read it; pages of others do not send it along,
/// except when a person follows a link to us.
pub fn set(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax")
}

/// A `Set-Cookie` line that takes a cookie away.
pub fn clear(name: &str) -> String {
    set(name, "", 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let header = "a=1; __Host-session=abc ; x__Host-session=evil";
        assert_eq!(read(header, SESSION), Some("abc"));
        assert_eq!(read(header, "b"), None);
        assert_eq!(read("__Host-session=", SESSION), None);
    }

    #[test]
    fn a_planted_twin_counts_as_no_cookie() {
        assert_eq!(read("__Host-session=a; __Host-session=b", SESSION), None);
    }

    #[test]
    fn a_cookie_has_every_protection() {
        let line = set(SESSION, "abc", 60);
        for part in ["__Host-session=abc", "Path=/", "Max-Age=60", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(line.split("; ").any(|one| one == part), "{part}");
        }
        assert!(!line.contains("Domain"));
        assert!(clear(SESSION).contains("Max-Age=0"));
    }
}
