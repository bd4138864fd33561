//! The rules of the house, each with a test that shows it can fail.
//!
//! Arrows between members ([`arrows`]), the shape of every file ([`sources`]). `cargo xtask tidy` prints the
//! findings; `cargo test` runs the same over the real tree.

mod arrows;
mod sources;
mod tree;

use anyhow::Result;

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// File (with line, where it has one) or member.
    pub place: String,
    /// What is wrong and what to do.
    pub text: String,
}

impl Finding {
    fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into() }
    }
}

/// Everything that is wrong in this checkout.
///
/// # Errors
/// If the tree or cargo's metadata cannot be read.
pub fn findings() -> Result<Vec<Finding>> {
    let root = crate::process::root()?;
    let mut findings = arrows::check(&arrows::metadata()?);
    findings.extend(sources::check(&tree::read(&root)?, &sources::machine_paths(&root)));
    Ok(findings)
}

/// `cargo xtask tidy`.
///
/// # Errors
/// As [`findings`].
pub fn command() -> Result<bool> {
    let findings = findings()?;
    for finding in &findings {
        println!("{}: {}", finding.place, finding.text);
    }
    println!("tidy: {} findings", findings.len());
    Ok(findings.is_empty())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        let findings = super::findings().unwrap();
        let list: Vec<String> = findings.iter().map(|f| format!("{}: {}", f.place, f.text)).collect();
        assert!(findings.is_empty(), "\n{}", list.join("\n"));
    }
}
