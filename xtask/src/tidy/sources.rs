//! Rules for single files: a first line that says the role, no stray marks, no overlong files, no path of
//! the machine it was written on.

use std::path::Path;

use super::Finding;
use super::tree::SourceFile;

/// Lines a file of code may have before it needs a reason.
const MAX_LINES: usize = 450;

/// Files that may be longer, each with its reason.
const LONG_FILES: [(&str, &str); 0] = [];

/// Marks of unfinished work; put together here so that this file does not hold them itself.
const MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
/// A leftover of debugging.
const DEBUGGING: &str = concat!("db", "g!(");

/// Folders of the machine this is checked on, which must not appear in any file.
pub fn machine_paths(root: &Path) -> Vec<String> {
    let home = std::env::var("HOME").unwrap_or_default();
    let mut paths = vec![concat!("/ro", "ot/").to_owned(), concat!("/wo", "rk/").to_owned()];
    paths.push(format!("{}/", root.display()));
    // A home of `/` or `/root` is caught above or says nothing.
    if home.len() > "/root".len() {
        paths.push(format!("{}/", home.trim_end_matches('/')));
    }
    paths
}

/// Everything wrong with these files.
pub fn check(files: &[SourceFile], machine_paths: &[String]) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        files.iter().flat_map(|file| check_file(file, machine_paths, &LONG_FILES)).collect();
    for (path, _) in LONG_FILES {
        if !files.iter().any(|file| file.path == path) {
            findings.push(Finding::new(path, "is excused for its length and does not exist"));
        }
    }
    findings
}

fn check_file(file: &SourceFile, machine_paths: &[String], long_files: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_rust = file.path.ends_with(".rs");
    let is_slint = file.path.ends_with(".slint");
    let first = file.text.lines().next().unwrap_or_default();
    if is_rust && first.strip_prefix("//! ").is_none_or(|role| role.trim().is_empty()) {
        findings.push(Finding::new(&file.path, "the first line must be `//! ` and the file's role"));
    }
    if is_slint && first.strip_prefix("// ").is_none_or(|role| role.trim().is_empty()) {
        findings.push(Finding::new(&file.path, "the first line must be `// ` and the file's role"));
    }
    let lines = file.text.lines().count();
    let excused = long_files.iter().any(|(path, _)| *path == file.path);
    if (is_rust || is_slint) && lines > MAX_LINES && !excused {
        let text = format!("{lines} lines; split it, or list it with a reason in tidy/sources.rs");
        findings.push(Finding::new(&file.path, text));
    } else if lines <= MAX_LINES && excused {
        findings.push(Finding::new(&file.path, "is excused for its length and no longer needs to be"));
    }
    for (number, line) in file.text.lines().enumerate() {
        let place = format!("{}:{}", file.path, number + 1);
        for mark in MARKS {
            if has_word(line, mark) {
                findings.push(Finding::new(&place, format!("`{mark}`: finish it or write an issue")));
            }
        }
        if is_rust && line.contains(DEBUGGING) {
            findings.push(Finding::new(&place, "a leftover of debugging"));
        }
        for path in machine_paths {
            if has_path(line, path) {
                findings.push(Finding::new(&place, format!("`{path}` is a folder of one machine")));
            }
        }
    }
    findings
}

/// Whether `word` stands alone in the line.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !joins(before) && !joins(after)
    })
}

/// Whether the absolute path begins in the line, not as the middle of a longer one.
fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !"_-./}".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(path: &str, text: &str) -> Vec<String> {
        let file = SourceFile { path: path.to_owned(), text: text.to_owned() };
        check_file(&file, &["/mach/ine/".to_owned()], &[("long.rs", "a table"), ("short.rs", "was a table")])
            .into_iter()
            .map(|finding| finding.text)
            .collect()
    }

    #[test]
    fn a_tidy_file_passes() {
        assert!(check_one("a.rs", "//! Role.\nfn main() {}\n").is_empty());
        assert!(check_one("a.slint", "// Role.\nexport component A {}\n").is_empty());
        assert!(check_one("a.md", "# No role line needed\n").is_empty());
    }

    #[test]
    fn a_first_line_without_a_role_is_found() {
        for (path, text) in [
            ("a.rs", "use x;\n"),
            ("a.rs", ""),
            ("a.rs", "//!\n"),
            ("a.slint", "import x;\n"),
            ("b.slint", ""),
        ] {
            assert_eq!(check_one(path, text).len(), 1, "{path} {text:?}");
        }
    }

    #[test]
    fn marks_of_unfinished_work_are_found_and_similar_words_are_not() {
        for mark in MARKS {
            assert_eq!(check_one("a.md", &format!("x // {mark}: later\n")).len(), 1, "{mark}");
            assert!(
                check_one("a.md", &format!("{mark}S and {mark}X are other words\n")).is_empty(),
                "{mark}"
            );
        }
        assert_eq!(check_one("a.rs", &format!("//! R.\n{DEBUGGING}x);\n")).len(), 1);
    }

    #[test]
    fn a_folder_of_one_machine_is_found() {
        assert_eq!(check_one("a.toml", "path = \"/mach/ine/x\"\n").len(), 1);
        assert!(check_one("a.toml", "path = \"./mach/ine/x\"\n").is_empty());
    }

    #[test]
    fn a_long_file_needs_a_reason_and_a_short_one_none() {
        let long = format!("//! Role.\n{}", "x\n".repeat(MAX_LINES));
        assert_eq!(check_one("a.rs", &long).len(), 1);
        assert!(check_one("long.rs", &long).is_empty());
        assert!(check_one("a.md", &long).is_empty());
        assert_eq!(check_one("short.rs", "//! Role.\n").len(), 1);
    }
}
