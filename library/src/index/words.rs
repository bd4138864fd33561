//! Text as the search sees it: folded words.
//!
//! Folded means decomposed (NFKD), without marks, in lower case, without punctuation; an apostrophe
//! joins what it stands between, so that "dont" finds "Don't".
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::natural_order::fold;

/// Most bytes of words indexed for one row: bounds what a hostile tag costs.
const MAX_WORDS: usize = 1024;

/// Appends the folded words of `text` to `out`, separated by single spaces.
///
/// Text of punctuation only (the band "!!!") is one word of it.
pub(super) fn fold_words(text: &str, out: &mut String) {
    let start = out.len();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (plain, other) = rest.split_at(end);
        plain.bytes().for_each(|byte| push(char::from(byte.to_ascii_lowercase()), start, out));
        let end = other.bytes().position(|byte| byte.is_ascii()).unwrap_or(other.len());
        let (other, next) = other.split_at(end);
        let folded = other.nfkd().filter(|&character| !is_combining_mark(character)).flat_map(fold);
        folded.for_each(|character| push(character, start, out));
        rest = next;
    }
    if out.len() == start {
        out.extend(text.nfkd().filter(|&c| !c.is_whitespace() && !c.is_control()).flat_map(fold));
    }
    out.truncate(out.trim_end_matches(' ').len().max(start));
}

fn push(character: char, start: usize, out: &mut String) {
    match character {
        'a'..='z' | '0'..='9' => out.push(character),
        '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{2BC}' => {}
        _ if !separates(character) => out.push(character),
        _ if out.len() > start && !out.ends_with(' ') => out.push(' '),
        _ => {}
    }
}

/// Punctuation and white space. Other symbols (emoji, currency, notes) are words of their own right.
fn separates(character: char) -> bool {
    character.is_ascii()
        || character.is_whitespace()
        || character.is_control()
        || matches!(character,
            '\u{A1}'..='\u{BF}' | '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '\u{30FB}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FF00}'..='\u{FF0F}')
}

/// Whether a script writes its words without spaces: any place in it may begin a word.
pub(super) fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// The words of one row, each once, as they go into the search index.
///
/// Every word stands after two spaces: the trigrams "␣␣l" and "␣lo" are then the beginnings of words,
/// which is how one or two letters are searched.
#[derive(Debug, Default)]
pub(super) struct IndexedWords {
    text: String,
    /// Where the words lie in it.
    places: Vec<Range<usize>>,
    folded: String,
}

impl IndexedWords {
    /// Adds a field's words.
    pub(super) fn add(&mut self, field: &str) {
        let mut folded = std::mem::take(&mut self.folded);
        folded.clear();
        fold_words(field, &mut folded);
        let mut start = 0;
        for (end, _) in folded.bytes().enumerate().filter(|(_, byte)| *byte == b' ') {
            self.word(folded.get(start..end).unwrap_or_default());
            start = end + 1;
        }
        self.word(folded.get(start..).unwrap_or_default());
        self.folded = folded;
    }

    fn word(&mut self, word: &str) {
        let room = self.text.len() + word.len() + 2 <= MAX_WORDS;
        let bytes = self.text.as_bytes();
        let known = |place: &Range<usize>| {
            place.len() == word.len() && bytes.get(place.clone()) == Some(word.as_bytes())
        };
        if word.is_empty() || !room || self.places.iter().any(known) {
            return;
        }
        self.text.push_str("  ");
        self.places.push(self.text.len()..self.text.len() + word.len());
        self.text.push_str(word);
        if word.is_ascii() {
            return;
        }
        for (at, character) in word.char_indices().skip(1).filter(|&(_, c)| is_unspaced(c)) {
            let two = word.get(at..).unwrap_or_default().chars().take(2);
            if self.text.len() + 2 + 2 * character.len_utf8() <= MAX_WORDS {
                self.text.push_str("  ");
                self.text.extend(two);
            }
        }
    }

    /// What to index; the words are gone afterwards, the memory stays.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Begins another row.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.places.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{IndexedWords, MAX_WORDS, fold_words};

    fn folded(text: &str) -> String {
        let mut out = String::new();
        fold_words(text, &mut out);
        out
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(folded("  Motörhead – Ace of Spades!"), "motorhead ace of spades");
        assert_eq!(folded("Don't / Don’t"), "dont dont");
        assert_eq!(folded("AC/DC"), "ac dc");
        assert_eq!(folded("Straße ﬁn Ｆｕｌｌ"), "strasse fin full");
        assert_eq!(folded("e\u{301}té"), "ete");
        assert_eq!(folded("\"a\" OR b* NEAR(c)\0^"), "a or b near c");
    }

    #[test]
    fn symbols_stay_and_punctuation_alone_is_a_word() {
        assert_eq!(folded("🎸 solo"), "🎸 solo");
        assert_eq!(folded("!!!"), "!!!");
        assert_eq!(folded("  "), "");
        assert_eq!(folded("日本、語"), "日本 語");
    }

    #[test]
    fn each_word_is_indexed_once_after_two_spaces() {
        let mut words = IndexedWords::default();
        words.add("Love Me");
        words.add("01 - love me do");
        assert_eq!(words.text(), "  love  me  01  do");
    }

    #[test]
    fn scripts_without_spaces_begin_words_anywhere() {
        let mut words = IndexedWords::default();
        words.add("日本語");
        assert_eq!(words.text(), "  日本語  本語  語");
    }

    #[test]
    fn words_are_bounded() {
        let mut words = IndexedWords::default();
        (0..2000).for_each(|n| words.add(&format!("word{n} 語語語")));
        assert!(words.text().len() <= MAX_WORDS);
    }
}
