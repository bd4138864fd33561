//! Text as the search sees it: folded words.
//!
//! Folded means decomposed (NFKD), without marks, in lower case, without punctuation; an apostrophe
//! joins what it stands between, so that "dont" finds "Don't".
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::natural_order::fold;

/// Appends the folded words of `text` to `out`, separated by single spaces.
///
/// Text of punctuation only (the band "!!!") is one word of it.
pub(super) fn fold_words(text: &str, out: &mut String) {
    let start = out.len();
    out.reserve(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (plain, other) = rest.split_at(end);
        plain.bytes().for_each(|byte| push_ascii(byte, start, out));
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
    match u8::try_from(character) {
        Ok(byte) if byte.is_ascii() => push_ascii(byte, start, out),
        _ if matches!(character, '\u{2018}' | '\u{2019}' | '\u{2BC}') => {}
        _ if !separates(character) => out.push(character),
        _ => end_word(start, out),
    }
}

#[inline]
fn push_ascii(byte: u8, start: usize, out: &mut String) {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte.to_ascii_lowercase())),
        b'\'' | b'`' => {}
        _ => end_word(start, out),
    }
}

fn end_word(start: usize, out: &mut String) {
    if out.len() > start && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Punctuation and white space. Other symbols (emoji, currency, notes) are words of their own right.
fn separates(character: char) -> bool {
    character.is_whitespace()
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

#[cfg(test)]
mod tests {
    use super::fold_words;

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
}
