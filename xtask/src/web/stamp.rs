//! What a step worked on, left beside what it made, so that it is not done again for nothing.

use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

const FILE: &str = ".stamp";

/// The state of a step's inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp(String);

impl Stamp {
    /// Length and time of each input, and `settings`, which must change when the step works differently.
    ///
    /// # Errors
    /// If an input cannot be read.
    pub fn of(inputs: &[&Path], settings: &str) -> Result<Self> {
        let mut text = format!("{settings}\n");
        for input in inputs {
            let about = input.metadata().with_context(|| format!("cannot read {}", input.display()))?;
            let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
            text.push_str(&format!("{} {} {changed}\n", input.display(), about.len()));
        }
        Ok(Self(text))
    }

    /// Whether `folder` was made from the same.
    pub fn is_at(&self, folder: &Path) -> bool {
        std::fs::read_to_string(folder.join(FILE)).is_ok_and(|left| left == self.0)
    }

    /// Says that `folder` was made from this.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn leave_at(&self, folder: &Path) -> Result<()> {
        std::fs::write(folder.join(FILE), &self.0)
            .with_context(|| format!("cannot write in {}", folder.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_until_an_input_or_a_setting_changes() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("input");
        std::fs::write(&input, "a").unwrap();
        let stamp = Stamp::of(&[&input], "1").unwrap();
        assert!(!stamp.is_at(folder.path()));
        stamp.leave_at(folder.path()).unwrap();
        assert!(Stamp::of(&[&input], "1").unwrap().is_at(folder.path()));
        assert!(!Stamp::of(&[&input], "2").unwrap().is_at(folder.path()));
        std::fs::write(&input, "ab").unwrap();
        assert!(!Stamp::of(&[&input], "1").unwrap().is_at(folder.path()));
        assert!(Stamp::of(&[&folder.path().join("missing")], "1").is_err());
    }
}
