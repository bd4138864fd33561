//! Collections of any size to try scans on: `cargo xtask __tree DIR COUNT`.
//!
//! Really tagged files in the proportions of a real collection, in folders as people keep them. The sound
//! in them is a moment of silence and the length only stated, so that a hundred thousand fit a small disk
//! (one block each). The same count gives the same files, byte for byte.

mod collection;
mod flac;
mod mp3;
mod mp4;
mod opus;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use collection::{Album, Collection, Format, Track};

/// Makes the tree in `folder`.
///
/// # Errors
/// A count that is no number, or a disk that is full.
pub fn command(folder: &str, count: &str) -> Result<bool> {
    let count = count.parse().with_context(|| format!("{count} is no number of files"))?;
    ensure(Path::new(folder), count)?;
    Ok(true)
}

/// Makes a tree of exactly `count` tracks in `folder`, unless it is there already.
///
/// # Errors
/// If it cannot be written.
pub fn ensure(folder: &Path, count: usize) -> Result<()> {
    let mark = folder.join(format!(".tree-{count}-1"));
    if mark.is_file() {
        return Ok(());
    }
    if folder.is_dir() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let mut left = count;
    for album in Collection::new() {
        if left == 0 {
            break;
        }
        left -= write_album(folder, &album, left)
            .with_context(|| format!("{} cannot be written", album.folder.display()))?;
    }
    fs::write(mark, b"")?;
    Ok(())
}

/// Writes at most `limit` tracks of an album, its cover and its playlist; returns how many tracks.
fn write_album(root: &Path, album: &Album, limit: usize) -> Result<usize> {
    let folder = root.join(&album.folder);
    fs::create_dir_all(&folder)?;
    let mut playlist = String::from("#EXTM3U\n");
    let tracks = album.tracks.get(..limit.min(album.tracks.len())).unwrap_or_default();
    for track in tracks {
        let path = folder.join(&track.file);
        if let Some(disc) = path.parent().filter(|disc| *disc != folder) {
            fs::create_dir_all(disc)?;
        }
        fs::write(path, encode(album, track))?;
        playlist.push_str(&format!("#EXTINF:{},{}\n{}\n", track.seconds, track.title, track.file));
    }
    if album.extras {
        fs::write(folder.join("cover.png"), cover(album.year)?)?;
        fs::write(folder.join("album.m3u8"), playlist)?;
    }
    Ok(tracks.len())
}

fn encode(album: &Album, track: &Track) -> Vec<u8> {
    match album.format {
        Format::Mp3 => mp3::encode(album, track),
        Format::Flac => flac::encode(album, track),
        Format::Mp4 => mp4::encode(album, track),
        Format::Opus => opus::encode(album, track),
    }
}

/// A picture of one colour.
fn cover(seed: u16) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 4, 4);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header()?.write_image_data(&[(seed % 256) as u8; 16])?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                found.extend(files(&entry.path()));
            } else {
                found.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap()));
            }
        }
        found.sort();
        found
    }

    #[test]
    fn the_same_count_gives_the_same_files_in_every_format() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("one"), dir.path().join("two"));
        ensure(&one, 700).unwrap();
        ensure(&two, 700).unwrap();
        let (one, two) = (files(&one), files(&two));
        let is_track = |name: &str| ["mp3", "flac", "m4a", "opus"].iter().any(|end| name.ends_with(end));
        assert_eq!(one.iter().filter(|(name, _)| is_track(name)).count(), 700);
        for ending in ["mp3", "flac", "m4a", "opus", "png", "m3u8"] {
            assert!(one.iter().any(|(name, _)| name.ends_with(ending)), "{ending}");
        }
        assert!(one.iter().all(|(_, bytes)| bytes.len() <= 4096));
        assert!(one.iter().map(|(_, bytes)| bytes).eq(two.iter().map(|(_, bytes)| bytes)));
    }
}
