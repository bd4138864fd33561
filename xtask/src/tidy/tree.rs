//! The files that belong to the project: what git tracks or would track.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;

/// Endings of text that people wrote.
const TEXT: [&str; 14] =
    ["rs", "slint", "toml", "md", "yml", "yaml", "sh", "sql", "conf", "service", "js", "mjs", "html", "css"];
/// Folders that are never ours, where there is no git to ask.
const NOT_OURS: [&str; 4] = ["target", "node_modules", ".git", "out"];

/// One file of the tree.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// From the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// All text files of the project below `root`.
///
/// # Errors
/// If the tree cannot be read.
pub fn read(root: &Path) -> Result<Vec<SourceFile>> {
    let mut paths = match tracked(root) {
        Some(paths) => paths,
        None => walk(root)?,
    };
    paths.retain(|path| is_text(path));
    paths.sort_unstable();
    let read = |path: String| {
        // A file that another program removed meanwhile, or that is not UTF-8, is not ours to judge.
        let text = std::fs::read_to_string(root.join(&path)).ok()?;
        Some(SourceFile { path, text })
    };
    Ok(paths.into_iter().filter_map(read).collect())
}

fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| TEXT.contains(&ending)) || path == ".ci/run"
}

fn tracked(root: &Path) -> Option<Vec<String>> {
    if !root.join(".git").exists() {
        return None;
    }
    let said = process::output(
        Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root),
    )
    .ok()?;
    let text = String::from_utf8_lossy(&said);
    Some(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn walk(root: &Path) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    open.push(entry.path());
                }
            } else if let Ok(path) = entry.path().strip_prefix(root) {
                paths.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_without_git_is_walked_without_its_build_folder() {
        let root = tempfile::tempdir().unwrap();
        for path in ["engine/src/lib.rs", "target/debug/x.rs", ".ci/run", "logo.png"] {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "//! text\n").unwrap();
        }
        let paths: Vec<String> = read(root.path()).unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(paths, [".ci/run", "engine/src/lib.rs"]);
    }

    #[test]
    fn this_file_is_part_of_the_tree() {
        let root = process::root().unwrap();
        assert!(read(&root).unwrap().iter().any(|file| file.path == "xtask/src/tidy/tree.rs"));
    }
}
