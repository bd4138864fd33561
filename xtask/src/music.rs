//! Where the music for `cargo xtask run` comes from.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{demo, process};

/// Endings of what the stereo plays.
const PLAYABLE: [&str; 13] =
    ["flac", "mp3", "m4a", "mp4", "aac", "ogg", "oga", "opus", "wav", "wave", "aif", "aiff", "caf"];
/// How deep and how many entries to look before giving up on a folder.
const DEPTH: usize = 4;
const ENTRIES: usize = 20_000;

/// A folder of music and where it comes from, in words.
pub struct Music {
    /// The folder.
    pub folder: PathBuf,
    /// For people.
    pub origin: String,
}

/// The person's music folder if it holds anything playable, else the demo album.
///
/// # Errors
/// If the demo album is needed and cannot be written.
pub fn find() -> Result<Music> {
    for folder in candidates() {
        if holds_music(&folder) {
            let origin = format!("your music folder: {}", folder.display());
            return Ok(Music { folder, origin });
        }
    }
    let folder = process::target_dir()?.join("demo-music");
    demo::ensure(&folder)?;
    let origin = format!(
        "the demo album this repository makes, as no music folder with music was found: {}",
        folder.display()
    );
    Ok(Music { folder, origin })
}

fn candidates() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    let mut folders = Vec::new();
    folders.extend(std::env::var_os("XDG_MUSIC_DIR").map(PathBuf::from));
    if let Ok(said) = process::output(Command::new("xdg-user-dir").arg("MUSIC")) {
        folders.push(PathBuf::from(String::from_utf8_lossy(&said).trim().to_owned()));
    }
    folders.extend(home.as_ref().map(|home| home.join("Music")));
    // xdg-user-dir answers with the home folder itself where no music folder is set.
    folders.retain(|folder| folder.is_absolute() && Some(folder) != home.as_ref());
    folders.dedup();
    folders
}

/// Whether there is at least one playable file in or a few levels below the folder.
fn holds_music(folder: &Path) -> bool {
    let mut open = vec![(folder.to_path_buf(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            seen += 1;
            if seen > ENTRIES {
                return false;
            }
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && depth < DEPTH {
                open.push((entry.path(), depth + 1));
            } else if !kind.is_dir() && is_playable(&entry.path()) {
                return true;
            }
        }
    }
    false
}

fn is_playable(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| PLAYABLE.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_pictures_is_not_music() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cover.jpg"), "x").unwrap();
        assert!(!holds_music(folder.path()));
        let deep = folder.path().join("artist/album");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("01 Song.FLAC"), "x").unwrap();
        assert!(holds_music(folder.path()));
    }

    #[test]
    fn a_missing_folder_is_not_music() {
        assert!(!holds_music(Path::new("/no/such/folder")));
    }
}
