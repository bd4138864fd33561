//! What a phone loads for the first view, and the budget it has.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Mode;

/// Most bytes of the first view, packed with brotli; more fails the build.
const BUDGET: u64 = 150_000;
/// What it should stay under; more is said.
const STRETCH: u64 = 100_000;

/// One file of the built remote.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    path: String,
    raw: u64,
    packed: u64,
    gzip: u64,
    first: bool,
}

/// All files of the built remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    files: Vec<File>,
}

impl Report {
    /// Reads what the packing script left.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&serde_json::from_slice(&text)?)
    }

    fn parse(report: &Value) -> Result<Self> {
        let files = report["files"].as_array().context("the list of built files is missing")?;
        let file = |entry: &Value| {
            Some(File {
                path: entry["path"].as_str()?.to_owned(),
                raw: entry["raw"].as_u64()?,
                packed: entry["packed"].as_u64()?,
                gzip: entry["gzip"].as_u64()?,
                first: entry["first"].as_bool()?,
            })
        };
        let files: Option<Vec<File>> = files.iter().map(file).collect();
        Ok(Self { files: files.context("an entry of the built files is incomplete")? })
    }

    /// Bytes of the first view, packed.
    pub fn first_view(&self) -> u64 {
        self.files.iter().filter(|file| file.first).map(|file| file.packed).sum()
    }

    /// Whether the first view keeps its budget.
    pub fn within_budget(&self) -> bool {
        self.first_view() <= BUDGET
    }

    /// Prints the first view's files, those loaded later, and the verdict on what is shipped.
    pub fn print(&self, mode: Mode) {
        println!("      {:>9} {:>9} {:>9}", "raw", "gzip", "brotli");
        for first in [true, false] {
            println!(
                "      {}",
                if first { "the first view loads" } else { "later, when wanted, or at the cloud" }
            );
            for file in self.files.iter().filter(|file| file.first == first) {
                println!("      {:>9} {:>9} {:>9}  {}", file.raw, file.gzip, file.packed, file.path);
            }
        }
        if mode == Mode::Release {
            println!("      {}", self.verdict());
        }
    }

    /// The first view against its budget, in words.
    pub fn verdict(&self) -> String {
        let bytes = self.first_view();
        let gzip: u64 = self.files.iter().filter(|file| file.first).map(|file| file.gzip).sum();
        let kilo = |bytes: u64| bytes as f64 / 1000.0;
        let size = format!("first view {:.1} kB of brotli ({:.1} kB of gzip)", kilo(bytes), kilo(gzip));
        match bytes {
            _ if bytes > BUDGET => format!("{size}: OVER the budget of {} kB", BUDGET / 1000),
            _ if bytes > STRETCH => {
                format!("{size}: within {} kB, over the wanted {} kB", BUDGET / 1000, STRETCH / 1000)
            }
            _ => format!("{size}: within the wanted {} kB", STRETCH / 1000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(first: u64) -> Report {
        Report::parse(&json!({ "files": [
            { "path": "index.html", "raw": 900, "packed": 400, "gzip": 450, "first": true },
            { "path": "assets/web_remote.X.wasm", "raw": 9 * first, "packed": first - 400, "gzip": first, "first": true },
            { "path": "assets/eq.X.wasm", "raw": 900_000, "packed": 300_000, "gzip": 310_000, "first": false },
        ] }))
        .unwrap()
    }

    #[test]
    fn the_budget_counts_the_first_view_only_and_to_the_byte() {
        assert_eq!(report(BUDGET).first_view(), BUDGET);
        assert!(report(BUDGET).within_budget());
        assert!(!report(BUDGET + 1).within_budget());
    }

    #[test]
    fn the_verdict_names_the_limit_that_is_broken() {
        assert!(report(STRETCH).verdict().contains("within the wanted"));
        assert!(report(STRETCH + 1).verdict().contains("over the wanted"));
        assert!(report(BUDGET + 1).verdict().contains("OVER"));
    }

    #[test]
    fn a_list_with_a_hole_is_refused() {
        assert!(Report::parse(&json!({})).is_err());
        assert!(Report::parse(&json!({ "files": [{ "path": "x", "raw": 1, "packed": 1 }] })).is_err());
    }
}
