//! Where the simulator keeps its data and looks for music, by platform.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The folder for settings and the resume point, created if need be.
///
/// # Errors
/// There is no place for it, or it cannot be created.
pub fn data(given: Option<&Path>) -> Result<PathBuf> {
    let folder = match given {
        Some(folder) => folder.to_owned(),
        None => dirs::data_dir()
            .context("this system names no folder for data; give one with --data DIR")?
            .join("rusty-audio-sim"),
    };
    std::fs::create_dir_all(&folder).with_context(|| {
        format!("the data folder {} cannot be created; give another with --data DIR", folder.display())
    })?;
    absolute(&folder)
}

/// Where media are served from: links that are there while a medium is plugged in. Hidden, so that a stereo
/// whose own data lie on a medium does not meet that medium again in itself.
pub fn links(data: &Path) -> PathBuf {
    data.join(".media")
}

/// The folders of music: those given, else the person's own if there is one.
///
/// # Errors
/// One that was given is no folder.
pub fn music(given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    if given.is_empty() {
        return Ok(own_music().into_iter().collect());
    }
    given
        .iter()
        .map(|folder| {
            if !folder.is_dir() {
                bail!("--music {}: there is no such folder", folder.display());
            }
            absolute(folder)
        })
        .collect()
}

/// The music folder the system names, else `Music` in the home folder.
fn own_music() -> Option<PathBuf> {
    let in_home = || dirs::home_dir().map(|home| home.join("Music"));
    [dirs::audio_dir(), in_home()].into_iter().flatten().find(|folder| folder.is_dir())
}

/// Absolute, because the stereo remembers paths from one start to the next.
fn absolute(path: &Path) -> Result<PathBuf> {
    let path =
        std::path::absolute(path).with_context(|| format!("{} has no absolute path", path.display()))?;
    Ok(straight(path))
}

/// Without `.` and `..`: a medium is a folder and what lies below it, so the stereo refuses `..`.
pub fn straight(path: PathBuf) -> PathBuf {
    if path.components().any(|part| part == Component::ParentDir) {
        return path.canonicalize().unwrap_or(path);
    }
    path.components().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_folder_is_made_and_a_missing_music_folder_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let made = data(Some(&dir.path().join("a/b"))).unwrap();
        assert!(made.is_dir() && made.is_absolute());
        assert_eq!(music(&[dir.path().to_owned()]).unwrap(), [dir.path()]);
        let error = music(&[dir.path().join("none")]).unwrap_err().to_string();
        assert!(error.contains("none: there is no such folder"), "{error}");
    }
}
