//! Grams: what the search index holds of words, and what it is asked for.
//!
//! Of every word its first letter, its first two, and every three letters in a row. A gram's length tells
//! which it is, so that one or two letters find beginnings of words and three find them anywhere.
use super::words::{fold_words, is_unspaced};

/// Most bytes of words indexed for one row: bounds what a hostile tag costs.
const MAX_WORDS: usize = 1024;

/// Bits of a character in a packed gram.
const CHARACTER: u32 = 21;

/// Up to three characters, the first one highest.
type Packed = u64;

/// A character as the index holds it. Its tokenizer takes ASCII punctuation for gaps, so the words that
/// consist of it ("!!!") share one sign; what is found is looked at again anyway.
fn sign(character: char) -> Packed {
    if character.is_ascii() && !character.is_ascii_alphanumeric() {
        return Packed::from(u32::from(char::REPLACEMENT_CHARACTER));
    }
    Packed::from(u32::from(character))
}

/// Writes a gram as text.
fn unpack(gram: Packed, out: &mut String) {
    let mask = (1 << CHARACTER) - 1;
    for shift in [2 * CHARACTER, CHARACTER, 0] {
        let character = u32::try_from((gram >> shift) & mask).ok().and_then(char::from_u32);
        out.extend(character.filter(|&character| character != '\0'));
    }
}

/// The grams of a word that the index is asked for: they cover it.
pub(super) fn covering(word: &str) -> Vec<String> {
    let signs: Vec<Packed> = word.chars().map(sign).collect();
    let packed = match *signs.as_slice() {
        [] => vec![],
        [one] => vec![one],
        [one, two] => vec![one << CHARACTER | two],
        _ => {
            let last = signs.len() - 3;
            let starts = (0..last).step_by(3).chain([last]);
            starts
                .map(|start| signs.iter().skip(start).take(3).fold(0, |gram, sign| gram << CHARACTER | sign))
                .collect()
        }
    };
    let text = |gram| {
        let mut text = String::new();
        unpack(gram, &mut text);
        text
    };
    packed.into_iter().map(text).collect()
}

/// The grams of the rows of the tables that share one row of the search index.
#[derive(Debug, Default)]
pub(super) struct Grams {
    grams: Vec<Packed>,
    /// Bytes of words that the row being added may still bring.
    left: usize,
    folded: String,
    text: String,
}

impl Grams {
    /// Begins one more row.
    pub(super) fn row(&mut self) {
        self.left = MAX_WORDS;
    }

    /// Adds the words of a field of the row.
    pub(super) fn add(&mut self, field: &str) {
        let mut folded = std::mem::take(&mut self.folded);
        folded.clear();
        fold_words(field, &mut folded);
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            if word.len() <= self.left {
                self.left -= word.len();
                self.word(word);
            }
        }
        self.folded = folded;
    }

    fn word(&mut self, word: &str) {
        let mask = (1 << (3 * CHARACTER)) - 1;
        let mut gram = 0;
        let mut unspaced = false;
        for (place, character) in word.chars().enumerate() {
            let last = gram & ((1 << CHARACTER) - 1);
            gram = (gram << CHARACTER | sign(character)) & mask;
            if place < 2 {
                self.grams.push(gram);
            } else {
                self.grams.push(gram);
                // The sign before was the first of a word that begins inside this one.
                if unspaced {
                    self.grams.push(last << CHARACTER | sign(character));
                }
            }
            unspaced = place > 0 && is_unspaced(character);
            if unspaced {
                self.grams.push(sign(character));
            }
        }
    }

    /// All of them, each once, apart by spaces; the next row begins anew.
    pub(super) fn take(&mut self) -> &str {
        self.text.clear();
        self.grams.sort_unstable();
        self.grams.dedup();
        for gram in self.grams.drain(..) {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            unpack(gram, &mut self.text);
        }
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::{Grams, MAX_WORDS, covering};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn grams(fields: &[&str]) -> BTreeSet<String> {
        let mut grams = Grams::default();
        grams.row();
        fields.iter().for_each(|field| grams.add(field));
        grams.take().split(' ').map(str::to_owned).collect()
    }

    fn set(grams: &[&str]) -> BTreeSet<String> {
        grams.iter().map(|&gram| gram.to_owned()).collect()
    }

    #[test]
    fn words_become_their_beginnings_and_threes() {
        assert_eq!(
            grams(&["Love Me", "01 - love me do"]),
            set(&["l", "lo", "lov", "ove", "m", "me", "0", "01", "d", "do"])
        );
        assert_eq!(covering("l"), ["l"]);
        assert_eq!(covering("lo"), ["lo"]);
        assert_eq!(covering("love"), ["lov", "ove"]);
        assert_eq!(covering("beatles"), ["bea", "tle", "les"]);
    }

    #[test]
    fn scripts_without_spaces_begin_words_anywhere() {
        assert_eq!(grams(&["日本語"]), set(&["日", "日本", "日本語", "本", "本語", "語"]));
        assert_eq!(grams(&["日本"]), set(&["日", "日本", "本"]));
    }

    #[test]
    fn punctuation_alone_is_a_word_without_signs_of_syntax() {
        assert_eq!(grams(&["!!!"]), set(&["\u{FFFD}", "\u{FFFD}\u{FFFD}", "\u{FFFD}\u{FFFD}\u{FFFD}"]));
        assert_eq!(covering("\"*("), ["\u{FFFD}\u{FFFD}\u{FFFD}"]);
    }

    #[test]
    fn a_row_is_bounded_and_the_next_one_is_not_its_heir() {
        let mut grams = Grams::default();
        grams.row();
        (0..2000).for_each(|n| grams.add(&format!("word{n} 語語語")));
        assert!(grams.take().len() <= 12 * MAX_WORDS);
        grams.row();
        grams.add("new");
        assert_eq!(grams.take(), "n ne new");
    }

    proptest! {
        #[test]
        fn what_is_asked_for_is_indexed(text in "\\PC{1,20}") {
            let mut folded = String::new();
            super::fold_words(&text, &mut folded);
            let indexed = grams(&[&text]);
            for word in folded.split(' ').filter(|word| !word.is_empty()) {
                for gram in covering(word) {
                    prop_assert!(indexed.contains(&gram), "{gram:?} of {word:?}");
                }
            }
        }
    }
}
