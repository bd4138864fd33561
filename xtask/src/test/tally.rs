//! What passed, what failed and why, what was left out and why.

/// Adds up every check of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Checks that passed.
    pub passed: usize,
    /// Checks that failed, each with its reason.
    pub failures: Vec<String>,
    /// Tests marked as ignored.
    pub ignored: usize,
    /// Checks that could not be made on this machine, each with the reason.
    pub skipped: Vec<String>,
}

impl Tally {
    /// One more that passed.
    pub fn pass(&mut self) {
        self.passed += 1;
    }

    /// One more that failed; said at once and again at the end.
    pub fn fail(&mut self, name: &str, reason: &str) {
        println!("      FAILED {name}: {reason}");
        self.failures.push(format!("{name}: {reason}"));
    }

    /// Not checked here; said at the end.
    pub fn skip(&mut self, name: &str, reason: &str) {
        println!("      skipped {name}: {reason}");
        self.skipped.push(format!("{name}: {reason}"));
    }

    /// Counts one check: the detail is printed when it passes, and the reason when it fails.
    pub fn check(&mut self, name: &str, outcome: Result<String, String>) {
        match outcome {
            Ok(detail) => {
                println!("      ok {name}: {detail}");
                self.pass();
            }
            Err(reason) => self.fail(name, &reason),
        }
    }

    /// What was added since `before`, for people.
    pub fn since(&self, before: &Self) -> String {
        let failed = self.failures.len() - before.failures.len();
        let skipped = self.skipped.len() - before.skipped.len();
        let mut text = format!("{} passed, {failed} failed", self.passed - before.passed);
        if skipped > 0 {
            text.push_str(&format!(", {skipped} skipped"));
        }
        text
    }

    /// Failures and what was left out, one a line.
    pub fn print_details(&self) {
        for skipped in &self.skipped {
            println!("skipped {skipped}");
        }
        if self.ignored > 0 {
            println!("ignored {} tests (marked as such in the code)", self.ignored);
        }
        for failure in &self.failures {
            println!("FAILED  {failure}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_adds_up() {
        let mut tally = Tally::default();
        tally.check("a", Ok("fine".into()));
        let before = tally.clone();
        tally.check("b", Err("broken".into()));
        tally.skip("c", "no network");
        assert_eq!((tally.passed, tally.failures.len()), (1, 1));
        assert_eq!(tally.since(&before), "0 passed, 1 failed, 1 skipped");
    }
}
