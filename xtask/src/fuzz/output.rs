//! What libFuzzer says while it runs: progress for people, and the files it keeps.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Time between two lines of progress.
const EVERY: Duration = Duration::from_secs(10);
/// Lines of a finding's report that are shown.
const REPORT_LINES: usize = 25;

/// One run of one fuzzer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Inputs tried.
    pub executions: u64,
    /// Edges reached.
    pub coverage: u64,
    /// Highest resident memory of the fuzzer in megabytes.
    pub memory_mb: u64,
    /// Inputs that broke something.
    pub findings: Vec<PathBuf>,
}

impl Run {
    /// For people.
    pub fn summary(&self) -> String {
        let verdict = match self.findings.len() {
            0 => "nothing found".to_owned(),
            count => format!("{count} FOUND"),
        };
        format!(
            "{verdict}: {} inputs, {} edges, {} MB at most",
            self.executions, self.coverage, self.memory_mb
        )
    }

    /// Takes in one line. True if it begins or belongs to the report of a finding.
    fn take(&mut self, line: &str) -> bool {
        if let Some(number) = line.strip_prefix('#').and_then(first_number) {
            self.executions = self.executions.max(number);
            self.coverage = after(line, "cov: ").unwrap_or(self.coverage);
        }
        if let Some(number) = after(line, "stat::number_of_executed_units: ") {
            self.executions = number;
        }
        if let Some(number) = after(line, "stat::peak_rss_mb: ") {
            self.memory_mb = number;
        }
        if let Some((_, path)) = line.split_once("Test unit written to ") {
            self.findings.push(PathBuf::from(path.trim()));
        }
        line.contains("panicked at") || line.starts_with("==") || line.contains("Test unit written to")
    }
}

/// Reads to the end, printing a line of progress now and then and the report of what is found.
pub fn follow(stderr: impl Read, limit: u64) -> Run {
    let mut run = Run::default();
    let (began, mut said) = (Instant::now(), Instant::now());
    let mut report = 0;
    for line in BufReader::new(stderr).split(b'\n') {
        let Ok(line) = line else { break };
        let line = String::from_utf8_lossy(&line);
        if run.take(&line) && report == 0 {
            report = REPORT_LINES;
        }
        if report > 0 && !line.starts_with("stat::") {
            report -= 1;
            println!("      | {line}");
        }
        if said.elapsed() > EVERY {
            said = Instant::now();
            println!(
                "      {} of {limit} s: {} inputs, {} edges",
                began.elapsed().as_secs(),
                run.executions,
                run.coverage
            );
        }
    }
    run
}

/// The beginning of a kept file, for those who cannot fetch it.
pub fn excerpt(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    let shown: String = bytes.iter().take(256).map(|byte| byte.escape_ascii().to_string()).collect();
    format!("        {} bytes: {shown}", bytes.len())
}

fn first_number(text: &str) -> Option<u64> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn after(line: &str, word: &str) -> Option<u64> {
    first_number(line.split_once(word)?.1.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_and_findings_are_read() {
        let said = "\
INFO: seed corpus: files: 9
#512\tpulse  cov: 812 ft: 1400 corp: 3/45b exec/s: 256 rss: 41Mb
#640\tNEW    cov: 840 ft: 1500 corp: 4/50b exec/s: 256 rss: 41Mb
==12== ERROR: libFuzzer: deadly signal
artifact_prefix='x/'; Test unit written to x/crash-0123
stat::number_of_executed_units: 700
stat::peak_rss_mb:              43
";
        let run = follow(said.as_bytes(), 60);
        let findings = vec![PathBuf::from("x/crash-0123")];
        assert_eq!(run, Run { executions: 700, coverage: 840, memory_mb: 43, findings });
        assert!(run.summary().starts_with("1 FOUND"));
    }

    #[test]
    fn a_quiet_run_found_nothing() {
        let run = follow("#99\tDONE   cov: 7 ft: 9\n".as_bytes(), 1);
        assert_eq!((run.executions, run.coverage, run.findings.len()), (99, 7, 0));
        assert!(run.summary().starts_with("nothing found"));
    }
}
