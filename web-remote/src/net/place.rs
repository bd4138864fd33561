//! Where this page came from: a unit on its own network, or the cloud, where the address names the unit.
//!
//! The page itself says which: the two are built apart (`tools/pack.mjs`), so that nobody has to be asked first.

use crate::ui::{document, window};

/// Addresses of the cloud's remotes begin so; the unit's number follows.
const STEREO: &str = "/stereo/";

thread_local! {
    static DEVICE: Option<String> = look();
}

fn look() -> Option<String> {
    let home = document().document_element()?.get_attribute("data-home")?;
    let path = window().location().pathname().ok()?;
    (home == "cloud").then(|| device_of(&path).map(str::to_owned))?
}

/// The unit's number at the cloud; `None` when the unit itself served this page.
pub fn device() -> Option<String> {
    DEVICE.with(Clone::clone)
}

/// Whether the way to the unit leads through the cloud.
pub fn is_cloud() -> bool {
    DEVICE.with(Option::is_some)
}

/// The full address of a page of the remote.
pub fn at(address: &str) -> String {
    DEVICE.with(|device| match device {
        Some(device) => format!("{STEREO}{device}{address}"),
        None => address.to_owned(),
    })
}

/// The page of the remote that a full address names; `None` for what is no page of this remote.
pub fn inside(address: &str) -> Option<String> {
    DEVICE.with(|device| within(device.as_deref(), address))
}

/// The number in `/stereo/NUMBER/…`.
fn device_of(path: &str) -> Option<&str> {
    let device = path.strip_prefix(STEREO)?.split('/').next()?;
    let plain = device.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (!device.is_empty() && plain).then_some(device)
}

fn within(device: Option<&str>, address: &str) -> Option<String> {
    if !address.starts_with('/') || address.starts_with("//") {
        return None;
    }
    let Some(device) = device else { return Some(address.to_owned()) };
    if device_of(address) != Some(device) {
        return None;
    }
    let rest = &address[STEREO.len() + device.len()..];
    Some(if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_named_by_the_address() {
        assert_eq!(device_of("/stereo/aB-_9/queue"), Some("aB-_9"));
        assert_eq!(device_of("/stereo/aB-_9"), Some("aB-_9"));
        for path in ["/stereo/", "/stereo", "/presets", "/stereo/a%2Fb/queue", "/stereo/../x"] {
            assert_eq!(device_of(path), None, "{path}");
        }
    }

    #[test]
    fn links_of_others_are_left_to_the_browser() {
        let inside = |device, address| within(device, address);
        assert_eq!(inside(None, "/queue").as_deref(), Some("/queue"));
        for address in ["http://10.0.0.2/", "//evil.example/", "mailto:x", "#main", ""] {
            assert_eq!(inside(None, address), None, "{address}");
        }
        let here = Some("abc");
        assert_eq!(inside(here, "/stereo/abc/music/albums?x=1").as_deref(), Some("/music/albums?x=1"));
        assert_eq!(inside(here, "/stereo/abc").as_deref(), Some("/"));
        assert_eq!(inside(here, "/stereo/abc?x").as_deref(), None);
        for address in ["/", "/presets", "/stereo/abcd/queue", "/api/auth/export"] {
            assert_eq!(inside(here, address), None, "{address}");
        }
    }
}
