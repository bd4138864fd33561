//! `config`: the text that an owner or a board writes for the unit, which is the keymap.

/// Reads `data` as a keymap file.
///
/// # Panics
/// If an error names a line that is not there.
#[cfg(target_os = "linux")]
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(error) = hal::linux::Keymap::parse(&text) {
        assert!((1..=text.lines().count()).contains(&error.line), "{error}");
        assert!(!error.problem.is_empty());
    }
}

/// There is no keymap file where the keys come from a window.
#[cfg(not(target_os = "linux"))]
pub fn config(_data: &[u8]) {}
