//! When two spellings are one name, and who stands first among guests.
use unicode_normalization::UnicodeNormalization;

use crate::sort_key::{END, Named, sort_key, without_trailing_article};

/// What an album of many artists shows as its artist.
pub(super) const VARIOUS: &str = "Various Artists";

/// What makes two spellings one name: compatibility composition (NFKC), lower case, single spaces.
///
/// Marks stay: "Mø" and "Mo" are two artists, and in Japanese a mark is another syllable.
pub(super) fn identity(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if word.is_ascii() {
            out.extend(word.chars().map(|character| character.to_ascii_lowercase()));
        } else {
            out.extend(word.nfkc().flat_map(char::to_lowercase));
        }
    }
    out
}

/// Place of a name in its list: the key, 0, the identity. Unique among names of one kind.
pub(super) fn name_sort(text: &str, sort_tag: &str, ident: &str, named: Named) -> Vec<u8> {
    let by_tag = without_trailing_article(sort_tag);
    let mut sort = if by_tag.is_empty() { sort_key(text, named) } else { sort_key(by_tag, Named::Other) };
    sort.push(END);
    sort.extend_from_slice(ident.as_bytes());
    sort
}

/// Marks of a guest, after which the name is no longer that of the artist.
const GUEST: [&str; 9] =
    [" feat. ", " feat ", " ft. ", " ft ", " featuring ", " (feat", " [feat", " (ft", " [ft"];

/// The artist without the guests: `X feat. Y` → `X`.
pub(super) fn primary(artist: &str) -> &str {
    if !artist.contains(['f', 'F']) {
        return artist;
    }
    // Only ASCII changes, so that places in one are places in the other.
    let lower = artist.to_ascii_lowercase();
    let end = GUEST.iter().filter_map(|mark| lower.find(mark)).min().unwrap_or(artist.len());
    match artist.get(..end).map(str::trim_end) {
        Some(first) if !first.is_empty() => first,
        _ => artist,
    }
}

#[cfg(test)]
mod tests {
    use super::{identity, name_sort, primary};
    use crate::sort_key::Named;

    #[test]
    fn case_width_and_spaces_do_not_make_another_name() {
        assert_eq!(identity(" ABBA "), identity("abba"));
        assert_eq!(identity("Sigur  Rós"), identity("sigur ro\u{301}s"));
        assert_eq!(identity("ＡＢ"), "ab");
        assert_ne!(identity("Mø"), identity("Mo"));
        assert_ne!(identity("ガ"), identity("カ"));
    }

    #[test]
    fn guests_are_left_out() {
        assert_eq!(primary("Gorillaz feat. De La Soul"), "Gorillaz");
        assert_eq!(primary("Santana (Feat. Rob Thomas)"), "Santana");
        assert_eq!(primary("Daft Punk"), "Daft Punk");
        assert_eq!(primary(" feat. nobody"), " feat. nobody");
        assert_eq!(primary("Ärzte ft. Ö"), "Ärzte");
    }

    #[test]
    fn a_sort_tag_that_only_moves_the_article_changes_nothing() {
        let plain = name_sort("The Beatles", "", "the beatles", Named::Artist);
        assert_eq!(plain, name_sort("The Beatles", "Beatles, The", "the beatles", Named::Artist));
        assert_ne!(plain, name_sort("The Beatles", "Zbeatles", "the beatles", Named::Artist));
    }
}
