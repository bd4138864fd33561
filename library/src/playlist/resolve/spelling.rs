//! One name in several spellings: upper and lower case, composed and decomposed letters, separators.
use std::ffi::OsStr;
use unicode_normalization::UnicodeNormalization;

use crate::playlist::location::{is_drive, unescaped};
use crate::playlist::text::decode;

/// Deepest path followed, in names.
const MAX_NAMES: usize = 128;

/// A path of a playlist, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spelt {
    /// Written from some root, which need not be this medium's.
    pub(super) absolute: bool,
    /// Names from the root, or from the playlist's folder; `..` still in it.
    pub(super) names: Vec<String>,
}

/// The readings of `location`, the likeliest first: with `\` as separator; as written, where a name
/// holds a `\`; with its percent escapes undone, which some players write into M3U too.
pub(super) fn readings(location: &str) -> Vec<Spelt> {
    let mut readings = Vec::with_capacity(1);
    let mut add = |text: &str| {
        if let Some(spelt) = spelt(text)
            && !readings.contains(&spelt)
        {
            readings.push(spelt);
        }
    };
    let slashed = location.replace('\\', "/");
    add(&slashed);
    add(location);
    if location.contains('%') {
        add(&unescaped(&slashed));
    }
    readings
}

/// `None`: empty, or deeper than any medium.
fn spelt(text: &str) -> Option<Spelt> {
    let (drive, rest) = if is_drive(text) { text.split_at(2) } else { ("", text) };
    let absolute = !drive.is_empty() || rest.starts_with('/');
    let names: Vec<String> = rest
        .split('/')
        .filter(|name| !matches!(*name, "" | "."))
        .take(MAX_NAMES + 1)
        .map(str::to_owned)
        .collect();
    (!names.is_empty() && names.len() <= MAX_NAMES).then_some(Spelt { absolute, names })
}

/// `names` seen from the folder `base`, both from the root, with every `..` undone. `None`: outside.
///
/// By the text alone: what a link on the way would make of `..` does not matter.
pub(super) fn join(base: &[String], names: &[String]) -> Option<Vec<String>> {
    let mut joined = base.to_vec();
    for name in names {
        if name == ".." {
            joined.pop()?;
        } else {
            joined.push(name.clone());
        }
    }
    (!joined.is_empty() && joined.len() <= 2 * MAX_NAMES).then_some(joined)
}

/// What all spellings of a name have in common: decomposed, lower case, without the dots and spaces
/// Windows drops at the end. Names that are no UTF-8 are read as Windows-1252, like playlists.
pub(super) fn folded(name: &OsStr) -> String {
    folded_text(&decode(name.as_encoded_bytes(), None))
}

/// [`folded`] of text.
pub(super) fn folded_text(name: &str) -> String {
    let name = name.trim_end_matches(['.', ' ']);
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfd().flat_map(char::to_lowercase).nfd().collect()
}

/// A folded name without its ending.
pub(super) fn stem(folded: &str) -> &str {
    folded.rsplit_once('.').map_or(folded, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::{Spelt, folded_text, join, readings, stem};

    fn names(path: &str) -> Vec<String> {
        path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn separators_drives_and_escapes() {
        let read = |text: &str| {
            readings(text).into_iter().map(|s| (s.absolute, s.names.join("|"))).collect::<Vec<_>>()
        };
        assert_eq!(read("a/./b//c.mp3"), [(false, "a|b|c.mp3".to_owned())]);
        assert_eq!(read("a\\b.mp3"), [(false, "a|b.mp3".to_owned()), (false, "a\\b.mp3".to_owned())]);
        assert_eq!(read("C:\\M\\a.mp3")[0], (true, "M|a.mp3".to_owned()));
        assert_eq!(read("\\\\nas\\M\\a.mp3")[0], (true, "nas|M|a.mp3".to_owned()));
        assert_eq!(read("a%20b.mp3"), [(false, "a%20b.mp3".to_owned()), (false, "a b.mp3".to_owned())]);
        assert_eq!(readings("/"), Vec::<Spelt>::new());
        assert_eq!(readings(&"a/".repeat(128)).len(), 1);
        assert_eq!(readings(&"a/".repeat(129)).len(), 0);
    }

    #[test]
    fn parents_end_at_the_root() {
        assert_eq!(join(&names("a/b"), &names("../c/../d.mp3")), Some(names("a/d.mp3")));
        assert_eq!(join(&names("a"), &names("../../b.mp3")), None);
        assert_eq!(join(&names("a"), &names("..")), None);
    }

    #[test]
    fn spellings_of_one_name_fold_alike() {
        assert_eq!(folded_text("MÄRZ.MP3"), folded_text("ma\u{308}rz.mp3"));
        assert_eq!(folded_text("Wait..."), folded_text("wait"));
        assert_ne!(folded_text("a"), folded_text("ä"));
        assert_eq!(stem("a.b.wav"), "a.b");
        assert_eq!(stem("a"), "a");
    }

    #[cfg(unix)]
    #[test]
    fn names_in_an_old_code_page_fold_too() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(super::folded(std::ffi::OsStr::from_bytes(b"M\xC4rz")), folded_text("märz"));
    }
}
