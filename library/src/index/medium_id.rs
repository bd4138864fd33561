//! A medium's identity: what makes a stick the same stick under any mount point.

/// Longest identity in bytes.
const MAX_ID: usize = 128;

/// The medium's identity: the filesystem's UUID where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediumId(String);

impl MediumId {
    /// `None` if `text` is empty, longer than 128 bytes or holds control characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= MAX_ID && !text.chars().any(char::is_control);
        fits.then(|| Self(text.to_owned()))
    }

    /// As given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::MediumId;

    #[test]
    fn an_identity_is_short_text_on_one_line() {
        assert_eq!(MediumId::new("1C7E-09AF").as_ref().map(MediumId::as_str), Some("1C7E-09AF"));
        assert_eq!(MediumId::new(""), None);
        assert_eq!(MediumId::new("a\nb"), None);
        assert!(MediumId::new(&"x".repeat(128)).is_some());
        assert_eq!(MediumId::new(&"x".repeat(129)), None);
    }
}
