//! What a person typed, as words to match and as a question to the search index.
use crate::index::grams::covering;
use crate::index::words::{fold_words, is_unspaced};

/// Most characters of the text that are read.
const MAX_TEXT: usize = 256;
/// Most words; more narrow nothing down.
const MAX_WORDS: usize = 12;
/// Most trigrams asked of the index; what they let through is checked word by word.
const MAX_TRIGRAMS: usize = 16;

/// A search, folded.
pub(super) struct Query {
    /// What was typed, cut.
    pub text: String,
    /// All words, single spaces between them.
    pub folded: String,
    words: Vec<String>,
}

/// How well a text matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// It is what was typed.
    Exact,
    /// It begins with it.
    Prefix,
    /// Every word typed begins a word.
    WordStart,
    /// Every word is somewhere inside.
    Inside,
    /// Only together with other texts: a title with its artist.
    Together,
}

impl Query {
    /// `None` if nothing is left to search.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text: String = text.chars().take(MAX_TEXT).collect();
        let mut folded = String::new();
        fold_words(&text, &mut folded);
        let mut words: Vec<String> = Vec::new();
        for word in folded.split(' ').filter(|word| !word.is_empty()).take(MAX_WORDS) {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        (!words.is_empty()).then_some(Self { text: text.trim().to_owned(), folded, words })
    }

    /// The question in the index's language: trigrams in quotes, all of them. Nothing typed is syntax.
    pub(super) fn expression(&self) -> String {
        let mut trigrams: Vec<String> = Vec::new();
        // The longest word says most: its trigrams are asked first, and of every word at least one.
        let mut words: Vec<&String> = self.words.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let room = MAX_TRIGRAMS.saturating_sub(words.len());
        for word in words {
            for (n, trigram) in covering(word).into_iter().enumerate() {
                if (n == 0 || trigrams.len() < room) && !trigrams.contains(&trigram) {
                    trigrams.push(trigram);
                }
            }
        }
        let quoted: Vec<String> =
            trigrams.iter().map(|trigram| format!("\"{}\"", trigram.replace('"', "\"\""))).collect();
        quoted.join(" AND ")
    }

    /// How a folded text alone matches; `None` if some word is not in it.
    pub(super) fn rank(&self, folded: &str) -> Option<Rank> {
        if folded == self.folded {
            return Some(Rank::Exact);
        }
        let mut rank = Rank::WordStart;
        for word in &self.words {
            rank = rank.max(word_in(word, folded)?);
        }
        if folded.starts_with(&self.folded) {
            rank = Rank::Prefix;
        }
        Some(rank)
    }

    /// Leaves in `missing` the words that are not in a folded text.
    pub(super) fn strike(missing: &mut Vec<&str>, text: &str) {
        missing.retain(|word| word_in(word, text).is_none());
    }

    /// All words that are looked for.
    pub(super) fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }

    /// Whether every word is somewhere in a folded text.
    pub(super) fn all_in(&self, text: &str) -> bool {
        self.words.iter().all(|word| word_in(word, text).is_some())
    }
}

/// Whether and how a word is in a folded text: at a word's start, or (three letters and more) inside.
fn word_in(word: &str, text: &str) -> Option<Rank> {
    let inside = word.chars().nth(2).is_some() || word.starts_with(is_unspaced);
    let mut found = None;
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(word)).map(|at| at + from) {
        if at == 0 || text.as_bytes().get(at - 1) == Some(&b' ') {
            return Some(Rank::WordStart);
        }
        if inside {
            found = Some(Rank::Inside);
        }
        from = at + word.chars().next().map_or(1, char::len_utf8);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{MAX_TRIGRAMS, MAX_WORDS, Query, Rank};

    fn asked(text: &str) -> String {
        Query::new(text).map(|query| query.expression()).unwrap_or_default()
    }

    fn rank(text: &str, folded: &str) -> Option<Rank> {
        Query::new(text)?.rank(folded)
    }

    #[test]
    fn words_become_quoted_trigrams() {
        assert_eq!(asked("lo v"), r#""lo" AND "v""#);
        assert_eq!(asked("Beatles"), r#""bea" AND "tle" AND "les""#);
        assert_eq!(asked("love love"), r#""lov" AND "ove""#);
    }

    #[test]
    fn nothing_typed_is_syntax() {
        for text in ["\"", "a\" OR \"b", "NEAR(a b)", "title:x", "*", "^a", "a\0b", "-", "((("] {
            let expression = asked(text);
            assert_eq!(expression.matches('"').count() % 2, 0, "{text}: {expression}");
        }
        assert_eq!(asked("\"\"\""), "\"\u{FFFD}\u{FFFD}\u{FFFD}\"");
        assert!(Query::new(" \t\u{0}\n").is_none());
        assert!(Query::new("").is_none());
    }

    #[test]
    fn long_text_is_cut() {
        let long: String = (0..2000).map(|n| format!("w{n}xyz ")).collect();
        let query = Query::new(&long).map(|query| (query.words.len(), query.expression()));
        let (words, expression) = query.unwrap_or_default();
        assert_eq!(words, MAX_WORDS);
        assert!(expression.matches(" AND ").count() < MAX_TRIGRAMS + MAX_WORDS);
        assert!(asked(&"x".repeat(10_000)).len() < 1000);
    }

    #[test]
    fn better_matches_rank_before() {
        assert_eq!(rank("Love", "love"), Some(Rank::Exact));
        assert_eq!(rank("love", "love me do"), Some(Rank::Prefix));
        assert_eq!(rank("love", "all you need is love"), Some(Rank::WordStart));
        assert_eq!(rank("love", "clover"), Some(Rank::Inside));
        assert_eq!(rank("love", "clover love"), Some(Rank::WordStart));
        assert_eq!(rank("me love", "love me do"), Some(Rank::WordStart));
        assert_eq!(rank("love", "hate"), None);
        assert_eq!(rank("ov", "love"), None, "two letters begin a word");
        assert_eq!(rank("本", "日本語"), Some(Rank::Inside));
    }
}
