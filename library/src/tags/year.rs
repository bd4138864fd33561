//! The year in a date as people and programs write it.

/// The first number of exactly four digits: `1999`, `2004-05-01`, `01/05/2004`, `©1987 Somebody`.
///
/// `None` where there is none, and for the year 0, which stands for "unknown".
pub(super) fn year(text: &str) -> Option<u16> {
    text.split(|character: char| !character.is_ascii_digit())
        .find(|digits| digits.len() == 4)
        // Dates without hyphens: 20040501.
        .or_else(|| text.trim().get(..8).filter(|date| is_number(date)).and_then(|date| date.get(..4)))
        .and_then(|digits| digits.parse().ok())
        .filter(|&year| year > 0)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::year;

    #[test]
    fn the_spellings_in_the_wild() {
        for (text, expected) in [
            ("1999", Some(1999)),
            ("2004-05-01T12:00:00", Some(2004)),
            ("01/05/2004", Some(2004)),
            ("20040501", Some(2004)),
            ("\u{a9}1987 Somebody", Some(1987)),
            ("0000", None),
            ("99", None),
            ("", None),
            ("äöü 12345", None),
        ] {
            assert_eq!(year(text), expected, "{text}");
        }
    }
}
