//! The order people expect of names: 2 before 10, Ä beside A, upper and lower case alike.
use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A piece of a name that is compared as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// A run of decimal digits without its leading zeros: any length, compared by value.
    Number(String),
    /// Folded text: decomposed (NFKD), marks dropped, lower case.
    Text(String),
}

impl Ord for Piece {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Piece {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Sort key of a name. Names that fold alike (`A`, `a`, `Á`, `01`, `1`) keep a fixed order by their
/// exact spelling, so that the same folder always lists the same way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NaturalKey {
    pieces: Vec<Piece>,
    exact: OsString,
}

impl NaturalKey {
    /// The key of `name`.
    pub(crate) fn new(name: &OsStr) -> Self {
        Self { pieces: pieces(&name.to_string_lossy()), exact: name.to_owned() }
    }
}

fn pieces(name: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut digits = false;
    let mut run = String::new();
    let folded = name.trim_start().nfkd().filter(|&character| !is_combining_mark(character));
    for character in folded.flat_map(fold) {
        if character.is_ascii_digit() != digits {
            flush(&mut run, digits, &mut pieces);
            digits = !digits;
        }
        run.push(character);
    }
    flush(&mut run, digits, &mut pieces);
    pieces
}

fn flush(run: &mut String, digits: bool, pieces: &mut Vec<Piece>) {
    if run.is_empty() {
        return;
    }
    let run = std::mem::take(run);
    pieces.push(if digits {
        Piece::Number(run.trim_start_matches('0').to_owned())
    } else {
        Piece::Text(run)
    });
}

/// Lower case, and the letters NFKD leaves whole although a reader takes them for others.
pub(crate) fn fold(character: char) -> impl Iterator<Item = char> {
    let spelled: &'static str = match character {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        _ => "",
    };
    let lower = spelled.is_empty().then(|| character.to_lowercase());
    spelled.chars().chain(lower.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::NaturalKey;
    use proptest::prelude::*;
    use std::ffi::OsStr;

    fn sorted(names: &[&str]) -> Vec<String> {
        let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        names.sort_by_cached_key(|name| NaturalKey::new(OsStr::new(name)));
        names
    }

    #[test]
    fn numbers_sort_by_value() {
        assert_eq!(sorted(&["10 - x", "1 - x", "2 - x"]), ["1 - x", "2 - x", "10 - x"]);
        assert_eq!(
            sorted(&["track 100", "Track 9", "track 09b", "track 21"]),
            ["Track 9", "track 09b", "track 21", "track 100"]
        );
        assert_eq!(sorted(&["1.10", "1.9", "1.1"]), ["1.1", "1.9", "1.10"]);
    }

    #[test]
    fn numbers_longer_than_any_integer_sort_too() {
        let (small, large) = ("9".repeat(40), format!("1{}", "0".repeat(40)));
        assert_eq!(sorted(&[&large, &small]), [small.clone(), large.clone()]);
    }

    #[test]
    fn accents_and_case_do_not_separate_neighbours() {
        assert_eq!(
            sorted(&["Zebra", "Émile", "emil", "Ärzte", "abba", "Ætna", "zz", "Straße", "strasse b"]),
            ["abba", "Ætna", "Ärzte", "emil", "Émile", "Straße", "strasse b", "Zebra", "zz"]
        );
        // Composed and decomposed spellings of one name are neighbours.
        assert_eq!(sorted(&["e\u{301}b", "f", "éa"]), ["éa", "e\u{301}b", "f"]);
    }

    #[test]
    fn numbers_come_before_letters_and_latin_before_other_scripts() {
        assert_eq!(sorted(&["Я", "B", "1", "日本", "a"]), ["1", "a", "B", "Я", "日本"]);
        // Roman numerals are letters: nobody can tell "I" from "I am" by the name alone.
        assert_eq!(
            sorted(&["Part II", "Part I", "Part 3", "part iii"]),
            ["Part 3", "Part I", "Part II", "part iii"]
        );
    }

    #[test]
    fn equal_names_keep_a_fixed_order() {
        let once = sorted(&["a", "A", "á", "01", "1"]);
        assert_eq!(once, sorted(&["1", "á", "01", "A", "a"]));
        assert_eq!(once[..2], ["01", "1"]);
    }

    proptest! {
        #[test]
        fn any_names_are_totally_ordered(names in proptest::collection::vec(".{0,12}", 0..20)) {
            let mut keys: Vec<NaturalKey> = names.iter().map(|name| NaturalKey::new(OsStr::new(name))).collect();
            keys.sort();
            for pair in keys.windows(2) {
                prop_assert!(pair[0] <= pair[1]);
                prop_assert_eq!(pair[0].cmp(&pair[1]).reverse(), pair[1].cmp(&pair[0]));
            }
        }

        #[test]
        fn numbers_of_any_size_sort_by_value(a in any::<u64>(), b in any::<u64>()) {
            let key = |n: u64| NaturalKey::new(OsStr::new(&format!("song {n}")));
            prop_assert_eq!(key(a).cmp(&key(b)), a.cmp(&b));
        }
    }
}
