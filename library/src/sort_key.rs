//! Sort keys as bytes: comparing two keys with `memcmp` is the natural, folded order of the names.
//!
//! The order is that of [`natural_order`](crate::natural_order), in a form a database can index: text is
//! decomposed (NFKD), without marks and in lower case; a run of digits becomes the byte 1, its length
//! and its digits, so that 9 comes before 10 and numbers before letters. No byte of a key's text is
//! below 0x20, so 0 may end a key that something follows.
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::natural_order::fold;

/// Longest key in bytes; names that differ only after it are neighbours in the order they were found.
const MAX_KEY: usize = 96;
/// Begins a number: below every byte of text.
const NUMBER: u8 = 1;
/// Ends a key that something follows: below every byte of a key.
pub(crate) const END: u8 = 0;

/// Articles that people leave out when they look for a name, by languages where the word is hardly
/// ever anything else. "Die" counts for artists only (in titles it is as often the English verb).
const ARTICLES: [&str; 13] =
    ["the", "a", "an", "le", "la", "les", "der", "das", "el", "los", "las", "il", "gli"];
/// Names that begin like an article but are one word to everybody.
const NO_ARTICLE: [(&str, &str); 4] = [("los", "angeles"), ("las", "vegas"), ("el", "paso"), ("la", "paz")];

/// What a name names: decides which leading articles are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// Artists and composers.
    Artist,
    /// Albums.
    Album,
    /// Titles, genres, files: nothing is left out.
    Other,
}

/// The key of `name`, at most 96 bytes and a number's width.
pub(crate) fn sort_key(name: &str, named: Named) -> Vec<u8> {
    let name = without_article(name.trim_start(), named);
    let mut key = Key { bytes: Vec::with_capacity(name.len().min(MAX_KEY) + 16), ..Key::default() };
    let mut rest = name;
    while !rest.is_empty() && key.bytes.len() < MAX_KEY {
        let ascii = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        // A letter before a mark may compose with it: only what stands clear of it is plain.
        let (plain, other) = rest.split_at(ascii);
        plain.bytes().for_each(|byte| key.push_ascii(byte.to_ascii_lowercase()));
        let end = other.bytes().position(|byte| byte.is_ascii()).unwrap_or(other.len());
        let (other, next) = other.split_at(end);
        let folded = other.nfkd().filter(|&character| !is_combining_mark(character)).flat_map(fold);
        folded.for_each(|character| key.push(character));
        rest = next;
    }
    key.finish()
}

/// `name` without its leading article, if it has one and something else is left.
///
/// "The The" and "A" stay whole. `name` begins with no space.
pub(crate) fn without_article(name: &str, named: Named) -> &str {
    if named == Named::Other {
        return name;
    }
    if let Some(rest) = strip_elision(name) {
        return rest;
    }
    let Some((first, rest)) = name.split_once(' ') else { return name };
    let rest = rest.trim_start();
    let first_is = |word: &str| first.eq_ignore_ascii_case(word);
    let article = ARTICLES.iter().any(|word| first_is(word)) || (named == Named::Artist && first_is("die"));
    let next = rest.split(' ').next().unwrap_or_default();
    let kept = rest.is_empty()
        || ARTICLES.iter().any(|word| rest.eq_ignore_ascii_case(word))
        || NO_ARTICLE.iter().any(|(word, after)| first_is(word) && next.eq_ignore_ascii_case(after));
    if article && !kept { rest } else { name }
}

/// `L'Impératrice` → `Impératrice`.
fn strip_elision(name: &str) -> Option<&str> {
    let rest = name.strip_prefix(['L', 'l'])?.strip_prefix(['\'', '’'])?;
    rest.chars().next().is_some_and(char::is_alphabetic).then_some(rest)
}

/// `Beatles, The` → `Beatles`: a sort tag says by its comma what [`without_article`] says by its place.
pub(crate) fn without_trailing_article(sort_tag: &str) -> &str {
    match sort_tag.rsplit_once(", ") {
        Some((rest, last))
            if !rest.is_empty()
                && (ARTICLES.iter().any(|word| last.eq_ignore_ascii_case(word))
                    || last.eq_ignore_ascii_case("die")) =>
        {
            rest
        }
        _ => sort_tag,
    }
}

/// The key under the letter bar: the key of a name that begins with `letter`.
pub(crate) fn letter_key(letter: char) -> Vec<u8> {
    sort_key(letter.encode_utf8(&mut [0; 4]), Named::Other)
}

#[derive(Default)]
struct Key {
    bytes: Vec<u8>,
    digits: Vec<u8>,
    in_number: bool,
}

impl Key {
    fn push(&mut self, character: char) {
        if character.is_ascii() {
            return self.push_ascii(character as u8);
        }
        self.end_number();
        self.bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn push_ascii(&mut self, byte: u8) {
        if byte.is_ascii_digit() {
            self.in_number = true;
            if byte != b'0' || !self.digits.is_empty() {
                self.digits.push(byte);
            }
            return;
        }
        self.end_number();
        self.bytes.push(byte.max(b' '));
    }

    /// Writes the run of digits that just ended: longer is larger, then the digits decide.
    fn end_number(&mut self) {
        if !self.in_number {
            return;
        }
        self.in_number = false;
        self.bytes.push(NUMBER);
        match u8::try_from(self.digits.len()) {
            Ok(length) if length < u8::MAX => self.bytes.push(length),
            _ => {
                self.bytes.push(u8::MAX);
                let length = u32::try_from(self.digits.len()).unwrap_or(u32::MAX);
                self.bytes.extend_from_slice(&length.to_be_bytes());
            }
        }
        self.bytes.append(&mut self.digits);
    }

    fn finish(mut self) -> Vec<u8> {
        self.end_number();
        self.bytes.truncate(MAX_KEY);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_KEY, Named, letter_key, sort_key, without_article, without_trailing_article};
    use crate::natural_order::NaturalKey;
    use proptest::prelude::*;
    use std::cmp::Ordering;
    use std::ffi::OsStr;

    fn key(name: &str) -> Vec<u8> {
        sort_key(name, Named::Other)
    }

    #[test]
    fn numbers_sort_by_value_and_before_letters() {
        for pair in [
            ("2 - x", "10 - x"),
            ("track 9", "track 09b"),
            ("1.9", "1.10"),
            ("a", "a0"),
            ("ab1", "abc"),
            ("1", "a"),
        ] {
            assert!(key(pair.0) < key(pair.1), "{pair:?}");
        }
        assert_eq!(key("Track 007"), key("track 7"));
    }

    #[test]
    fn marks_and_case_do_not_separate_neighbours() {
        assert_eq!(key("Ärzte"), key("arzte"));
        assert_eq!(key("e\u{301}b"), key("éb"));
        assert_eq!(key("Straße"), key("STRASSE"));
        assert!(key("Motörhead") < key("Mozart"));
    }

    #[test]
    fn articles_are_left_out_where_something_else_is_left() {
        let artist = |name| without_article(name, Named::Artist);
        assert_eq!(artist("The Beatles"), "Beatles");
        assert_eq!(artist("the  Who"), "Who");
        assert_eq!(artist("A Perfect Circle"), "Perfect Circle");
        assert_eq!(artist("Die Ärzte"), "Ärzte");
        assert_eq!(artist("Los Lobos"), "Lobos");
        assert_eq!(artist("L'Impératrice"), "Impératrice");
        assert_eq!(artist("Il Volo"), "Volo");
        for whole in
            ["The The", "A", "The", "Theatre of Tragedy", "A-ha", "Los Angeles Azules", "L'", "À la mode"]
        {
            assert_eq!(artist(whole), whole);
        }
        assert_eq!(without_article("Die Another Day", Named::Album), "Die Another Day");
        assert_eq!(without_article("The Wall", Named::Album), "Wall");
        assert_eq!(without_article("The Wall", Named::Other), "The Wall");
    }

    #[test]
    fn a_sort_tag_and_the_article_rule_agree() {
        assert_eq!(without_trailing_article("Beatles, The"), "Beatles");
        assert_eq!(without_trailing_article("Bowie, David"), "Bowie, David");
        assert_eq!(without_trailing_article(", The"), ", The");
    }

    #[test]
    fn a_letter_is_the_first_of_its_names() {
        assert!(letter_key('M') <= key("Mø"));
        assert!(letter_key('M') > key("Lz"));
        assert_eq!(letter_key('É'), key("e"));
    }

    #[test]
    fn keys_are_bounded() {
        assert_eq!(key(&"ä".repeat(500)).len(), MAX_KEY);
        assert!(key(&"9".repeat(5000)).len() <= MAX_KEY);
        assert!(key(&"9".repeat(300)) > key(&"9".repeat(254)));
    }

    proptest! {
        #[test]
        fn the_key_orders_like_the_comparator(a in "[ -~äÖéßñ日Я0-9]{0,12}", b in "[ -~äÖéßñ日Я0-9]{0,12}") {
            let natural = |name: &str| NaturalKey::new(OsStr::new(name));
            let keys = key(&a).cmp(&key(&b));
            // Names that fold alike are told apart by their spelling there, and by their row here.
            prop_assert!(keys == Ordering::Equal || keys == natural(&a).cmp(&natural(&b)), "{:?} {:?}", a, b);
        }

        #[test]
        fn no_byte_is_an_end_before_the_digits_length(name in any::<String>()) {
            let key = sort_key(&name, Named::Artist);
            let mut bytes = key.iter().copied();
            while let Some(byte) = bytes.next() {
                prop_assert!(byte == 1 || byte >= 0x20);
                if byte == 1 {
                    // A number's length follows, and then its digits.
                    let length = bytes.next().unwrap_or(0);
                    let skip = if length == u8::MAX { 4 } else { 0 };
                    bytes.by_ref().take(skip).for_each(drop);
                }
            }
        }
    }
}
