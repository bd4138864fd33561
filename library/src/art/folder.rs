//! Pictures that lie beside the music.
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::beneath::{FileKind, OpenFile, OpenFolder};
use crate::bounded_file::BoundedFile;
use crate::tags::MAX_PICTURE;

/// Names in order of preference.
const STEMS: [&str; 3] = ["cover", "folder", "front"];

/// Endings of pictures.
const ENDINGS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// Most names looked at in a folder.
const MAX_NAMES: usize = 20_000;

/// Pictures in the folder of `track`, the best first.
pub(super) fn pictures_beside(track: &Path) -> Vec<PathBuf> {
    let folder = match track.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let files = entries
        .take(MAX_NAMES)
        .flatten()
        // A link might lead off the medium, and is nothing a music folder holds.
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    best_first(files.map(|entry| entry.file_name())).into_iter().map(|name| folder.join(name)).collect()
}

/// Names of pictures in an open folder, the best first.
pub(crate) fn pictures_in(folder: &OpenFolder) -> Vec<OsString> {
    let entries = folder.entries(MAX_NAMES).unwrap_or_default();
    best_first(entries.into_iter().filter(|entry| entry.kind == FileKind::File).map(|entry| entry.name))
}

fn best_first(names: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut found: Vec<(usize, OsString)> =
        names.filter_map(|name| Some((rank(Path::new(&name))?, name))).collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

/// Place in the order of preference; `None` for other files.
fn rank(name: &Path) -> Option<usize> {
    let place = |known: &[&str], part: &str| known.iter().position(|name| name.eq_ignore_ascii_case(part));
    let stem = place(&STEMS, name.file_stem()?.to_str()?)?;
    let ending = place(&ENDINGS, name.extension()?.to_str()?)?;
    Some(stem * ENDINGS.len() + ending)
}

/// The picture's bytes; `None` when it is too large or gone.
pub(super) fn load(file: OpenFile) -> Option<Vec<u8>> {
    let mut file = BoundedFile::new(file, MAX_PICTURE as u64);
    (file.len() <= MAX_PICTURE as u64).then(|| file.read_at(0, MAX_PICTURE).ok())?
}

#[cfg(test)]
mod tests {
    use super::rank;
    use std::path::Path;

    #[test]
    fn any_case_and_the_order_of_preference() {
        let names = ["Cover.JPG", "COVER.png", "folder.jpeg", "Front.WebP"];
        let ranks: Vec<_> = names.iter().map(|name| rank(Path::new(name)).unwrap()).collect();
        assert!(ranks.is_sorted());
        for other in ["back.jpg", "cover.txt", "cover", "cover.jpg.bak", "mycover.jpg"] {
            assert_eq!(rank(Path::new(other)), None, "{other}");
        }
    }
}
