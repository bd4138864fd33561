//! Day and night of this remote: as the phone says, or as the person chose.

use crate::storage;
use crate::ui::document;

/// `system`, `night` or `day`.
pub fn chosen() -> String {
    storage::get("theme")
        .filter(|theme| theme == "night" || theme == "day")
        .unwrap_or_else(|| "system".into())
}

/// Shows a theme; the styles do the rest.
pub fn apply(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme);
    }
}

pub fn choose(theme: &str) {
    storage::set("theme", theme);
    apply(theme);
}
