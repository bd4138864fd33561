//! Which other origins' pages may read our answers (Fetch standard, CORS protocol).

/// Seconds a browser may remember the answer to a preflight; browsers cap it at two hours or a day.
pub const PREFLIGHT_SECONDS: u32 = 7200;

/// What pages may send beyond the safelisted.
const REQUEST_HEADERS: &str = "authorization, content-type, if-match";
/// What pages may read beyond the safelisted.
const RESPONSE_HEADERS: &str = "x-request-id, retry-after, etag";

/// The headers that let a page of `origin` read an answer; none where it is not configured.
pub fn allow(origin: Option<&str>, configured: &[String]) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    // Told even where the origin is refused, so that no cache serves one origin's answer to another.
    if !configured.is_empty() {
        headers.push(("vary", "Origin".to_owned()));
    }
    if let Some(origin) = origin.filter(|origin| configured.iter().any(|known| known == origin)) {
        headers.push(("access-control-allow-origin", origin.to_owned()));
        headers.push(("access-control-allow-credentials", "true".to_owned()));
        headers.push(("access-control-expose-headers", RESPONSE_HEADERS.to_owned()));
        // Answers are otherwise for our own origin only.
        headers.push(("cross-origin-resource-policy", "cross-origin".to_owned()));
    }
    headers
}

/// The answer to a preflight for a path that knows these methods; none where the origin is not configured.
pub fn preflight(
    origin: Option<&str>,
    configured: &[String],
    methods: &str,
) -> Option<Vec<(&'static str, String)>> {
    let mut headers = allow(origin, configured);
    if !headers.iter().any(|(name, _)| *name == "access-control-allow-origin") {
        return None;
    }
    headers.push(("access-control-allow-methods", methods.to_owned()));
    headers.push(("access-control-allow-headers", REQUEST_HEADERS.to_owned()));
    headers.push(("access-control-max-age", PREFLIGHT_SECONDS.to_string()));
    Some(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_origin_is_allowed() {
        let configured = vec!["https://app.example".to_owned()];
        let allowed = |origin| {
            allow(Some(origin), &configured).iter().any(|(name, _)| *name == "access-control-allow-origin")
        };
        assert!(allowed("https://app.example"));
        for other in [
            "https://app.example.evil",
            "http://app.example",
            "https://app.example:444",
            "https://sub.app.example",
            "null",
            "*",
            "",
        ] {
            assert!(!allowed(other), "{other}");
            assert_eq!(preflight(Some(other), &configured, "GET"), None);
        }
        assert_eq!(preflight(None, &configured, "GET"), None);
    }

    #[test]
    fn caches_are_told_that_the_origin_matters() {
        let configured = vec!["https://app.example".to_owned()];
        assert!(allow(None, &configured).contains(&("vary", "Origin".to_owned())));
        assert_eq!(allow(Some("https://x.example"), &[]), []);
    }
}
