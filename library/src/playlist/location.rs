//! What an entry's location names: a path, or something that is on no medium.
use super::text::decode;

/// Schemes that are written without `//` too. Any other word before a colon may be part of a name.
const ELSEWHERE: [&str; 12] =
    ["cdda", "data", "ftp", "http", "https", "magnet", "mms", "rtmp", "rtsp", "smb", "spotify", "urn"];

/// The path a line of M3U, PLS or CUE names; `None`: it is elsewhere.
pub(super) fn local(location: &str) -> Option<String> {
    let location = location.trim();
    if let Some(uri) = file_uri(location) {
        return Some(uri);
    }
    (!is_elsewhere(location)).then(|| location.to_owned())
}

/// The path a URI reference (RFC 3986) names; `None`: it is elsewhere.
pub(super) fn local_uri(location: &str) -> Option<String> {
    let location = location.trim();
    if let Some(uri) = file_uri(location) {
        return Some(uri);
    }
    (!is_elsewhere(location)).then(|| unescaped(location))
}

/// The path of a `file:` URI (RFC 8089, with the forms of its appendix that are found in the wild).
fn file_uri(location: &str) -> Option<String> {
    let head = location.get(..5)?;
    if !head.eq_ignore_ascii_case("file:") {
        return None;
    }
    let path = unescaped(&location[5..]);
    let Some(rest) = path.strip_prefix("//") else { return Some(path) };
    let host = rest.get(..9).filter(|host| host.eq_ignore_ascii_case("localhost"));
    let rest = host.map_or(rest, |host| &rest[host.len()..]);
    let absolute = rest.strip_prefix('/').unwrap_or(rest);
    if is_drive(absolute) {
        return Some(absolute.to_owned());
    }
    // `file://server/share` keeps both slashes: some end of it may exist on the medium.
    Some(if rest.starts_with('/') { rest.to_owned() } else { path })
}

/// Whether `path` begins with a Windows drive letter.
pub(super) fn is_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

fn is_elsewhere(location: &str) -> bool {
    let Some((scheme, rest)) = location.split_once(':') else { return false };
    let valid = scheme.len() > 1
        && scheme.as_bytes()[0].is_ascii_alphabetic()
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    valid && (rest.starts_with("//") || ELSEWHERE.iter().any(|known| known.eq_ignore_ascii_case(scheme)))
}

/// `text` with its percent escapes undone; what is no escape stays as it is.
pub(super) fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let value = (byte == b'%').then(|| escape(bytes.get(at + 1..at + 3)?)).flatten();
        out.push(value.unwrap_or(byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    decode(&out, None).into_owned()
}

fn escape(digits: &[u8]) -> Option<u8> {
    let mut value = 0;
    for &digit in digits {
        value = value * 16 + u8::try_from(char::from(digit).to_digit(16)?).ok()?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::{local, local_uri, unescaped};

    #[test]
    fn file_uris_become_paths() {
        for (uri, path) in [
            ("file:///media/OLD/Music/a%20b.mp3", "/media/OLD/Music/a b.mp3"),
            ("file://localhost/a.mp3", "/a.mp3"),
            ("FILE:/a.mp3", "/a.mp3"),
            ("file:///C:/Music/a.mp3", "C:/Music/a.mp3"),
            ("file://C:\\Music\\a.mp3", "C:\\Music\\a.mp3"),
            ("file://nas/share/a.mp3", "//nas/share/a.mp3"),
            ("file:///M%C3%A4.mp3", "/Mä.mp3"),
            ("file:///M%E4.mp3", "/Mä.mp3"),
        ] {
            assert_eq!(local(uri).as_deref(), Some(path), "{uri}");
            assert_eq!(local_uri(uri).as_deref(), Some(path), "{uri}");
        }
    }

    #[test]
    fn only_uris_have_escapes() {
        assert_eq!(local("100%25.mp3").as_deref(), Some("100%25.mp3"));
        assert_eq!(local_uri("100%25.mp3").as_deref(), Some("100%.mp3"));
        assert_eq!(unescaped("50% off %zz %4"), "50% off %zz %4");
    }

    #[test]
    fn what_is_elsewhere_is_none_and_names_with_colons_stay() {
        for url in [
            "http://radio/x",
            "HTTPS://a/b.mp3",
            "smb://nas/a.mp3",
            "mms:x",
            "foo+bar://x",
            "data:audio/mp3,x",
        ] {
            assert_eq!(local(url), None, "{url}");
            assert_eq!(local_uri(url), None, "{url}");
        }
        for name in ["C:\\a.mp3", "Re: Stacks.mp3", "12:05.mp3", "\\\\nas\\a.mp3", "ä://x"] {
            assert_eq!(local(name).as_deref(), Some(name), "{name}");
        }
    }
}
