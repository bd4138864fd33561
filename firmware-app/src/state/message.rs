//! What the driver is told, and for how long.

use std::path::Path;
use std::time::Duration;

/// A message goes by itself after this.
pub(crate) const MESSAGE_FOR: Duration = Duration::from_secs(6);

/// The message on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub text: String,
    pub until: Duration,
}

/// How a file or folder is called in a message: its own name, shortened.
pub(crate) fn short_name(path: &Path) -> String {
    let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
    let clean: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.chars().count() <= 40 {
        return clean;
    }
    let head: String = clean.chars().take(39).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_the_screen() {
        assert_eq!(short_name(Path::new("/a/b/01 - x.mp3")), "01 - x.mp3");
        assert_eq!(short_name(Path::new("/a/x\n\u{1b}y")), "x  y");
        let long = short_name(Path::new(&format!("/a/{}", "ü".repeat(300))));
        assert_eq!(long.chars().count(), 40);
    }
}
