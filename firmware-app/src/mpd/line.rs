//! One line of a client in words: quoted with `"` where they hold blanks, `\` before `"` and `\`.

use super::ack::Ack;

/// Most words of a line.
const MAX_WORDS: usize = 128;

/// The line's words; the first is the command.
///
/// # Errors
/// A quote is not closed, text follows one directly, or there are too many words.
pub(super) fn words(line: &str) -> Result<Vec<String>, Ack> {
    let mut words = Vec::new();
    let mut rest = line.trim_matches([' ', '\t', '\r']);
    while !rest.is_empty() {
        if words.len() >= MAX_WORDS {
            return Err(Ack::arg("Too many arguments"));
        }
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => self::quoted(quoted)?,
            None => {
                let end = rest.find([' ', '\t']).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                if word.contains('"') {
                    return Err(Ack::arg("Invalid unquoted character"));
                }
                (word.to_owned(), after)
            }
        };
        words.push(word);
        rest = after.trim_start_matches([' ', '\t']);
    }
    Ok(words)
}

/// The word up to the closing quote, and what follows it.
fn quoted(text: &str) -> Result<(String, &str), Ack> {
    let mut word = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                let after = text.get(at + 1..).unwrap_or_default();
                if !after.is_empty() && !after.starts_with([' ', '\t']) {
                    return Err(Ack::arg("Space expected after closing '\"'"));
                }
                return Ok((word, after));
            }
            '\\' => match chars.next() {
                Some((_, escaped)) => word.push(escaped),
                None => break,
            },
            c => word.push(c),
        }
    }
    Err(Ack::arg("Missing closing '\"'"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_split_and_unquoted() {
        let line = "find \t(x) \"a \\\"b\\\\ c\"  \"\" d\\e\r";
        assert_eq!(words(line).unwrap(), ["find", "(x)", "a \"b\\ c", "", "d\\e"]);
        assert_eq!(words("").unwrap(), [""; 0]);
        for bad in ["a \"b", "a \"b\"c", "a b\"c", "a \"b\\", "\""] {
            assert!(words(bad).is_err(), "{bad}");
        }
        assert!(words(&"a ".repeat(MAX_WORDS + 1)).is_err());
    }

    proptest! {
        #[test]
        fn quoting_comes_back(all in prop::collection::vec("[^\n\r]{0,12}", 1..9)) {
            let quote = |word: &String| {
                format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
            };
            let line = all.iter().map(quote).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(&line).unwrap(), all);
        }

        #[test]
        fn any_line_is_read_or_refused(line: String) {
            let _ = words(&line);
        }
    }
}
