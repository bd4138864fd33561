//! Splitting a script line into words, quoted texts and its comment.

/// The line without its comment: a `#` that comes first, or that stands alone between blanks outside
/// quotes. `Song #1.flac` therefore stays whole.
pub fn without_comment(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('#') {
        return "";
    }
    let (mut quoted, mut before, mut escaped) = (false, ' ', false);
    for (at, c) in line.char_indices() {
        let opens_or_closes = c == '"' && !escaped && (quoted || before.is_whitespace());
        if opens_or_closes {
            quoted = !quoted;
        }
        let after = line[at + c.len_utf8()..].chars().next();
        if c == '#' && !quoted && before.is_whitespace() && after.is_none_or(char::is_whitespace) {
            return line[..at].trim_end();
        }
        escaped = c == '\\' && !escaped;
        before = c;
    }
    line
}

/// A text as written: where quotes stood, blanks at its ends count and an empty text is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Without its quotes.
    pub value: String,
    /// Written in quotes.
    pub quoted: bool,
}

/// Reads a line word by word.
pub struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    /// Starts at the beginning of a line that has no comment any more.
    pub fn new(line: &'a str) -> Self {
        Self { rest: line.trim() }
    }

    /// The next word, or nothing at the end of the line.
    pub fn word(&mut self) -> Option<&'a str> {
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        (!word.is_empty()).then_some(word)
    }

    /// The next word.
    ///
    /// # Errors
    /// Names what is missing.
    pub fn need(&mut self, what: &str) -> Result<&'a str, String> {
        self.word().ok_or_else(|| format!("{what} is missing"))
    }

    /// Everything up to the end of the line, blanks included, or one text in quotes. In quotes `\"` is
    /// a quote and `\\` a backslash; any other backslash stands for itself.
    ///
    /// # Errors
    /// Nothing left, or quotes that do not close at the end of the line.
    pub fn text(&mut self, what: &str) -> Result<Text, String> {
        let rest = std::mem::take(&mut self.rest);
        if rest.is_empty() {
            return Err(format!("{what} is missing"));
        }
        let Some(inner) = rest.strip_prefix('"') else {
            return Ok(Text { value: rest.to_owned(), quoted: false });
        };
        match quoted(inner)? {
            (value, "") => Ok(Text { value, quoted: true }),
            (_, after) => Err(format!("`{}` follows the closing quote", after.trim())),
        }
    }

    /// One word, or one text in quotes; more may follow.
    ///
    /// # Errors
    /// Nothing left, or quotes that do not close.
    pub fn name(&mut self, what: &str) -> Result<String, String> {
        let Some(inner) = self.rest.strip_prefix('"') else { return Ok(self.need(what)?.to_owned()) };
        let (value, after) = quoted(inner)?;
        self.rest = after.trim_start();
        Ok(value)
    }

    /// Makes sure that the line ends here.
    ///
    /// # Errors
    /// Shows what is too much.
    pub fn end(&self) -> Result<(), String> {
        if self.rest.is_empty() { Ok(()) } else { Err(format!("`{}` is too much", self.rest)) }
    }
}

/// What stands before the closing quote, and what follows it.
fn quoted(inner: &str) -> Result<(String, &str), String> {
    let mut value = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.clone().next() {
                Some(next @ ('"' | '\\')) => {
                    chars.next();
                    value.push(next);
                }
                _ => value.push('\\'),
            },
            '"' => return Ok((value, chars.as_str())),
            c => value.push(c),
        }
    }
    Err("the closing quote is missing".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_ends_a_line_but_a_number_sign_in_a_name_does_not() {
        for (line, rest) in [
            ("# all of it", ""),
            ("#all of it", ""),
            ("  pause   # why", "pause"),
            ("play Song #1.flac", "play Song #1.flac"),
            ("play \"a # b\" # c", "play \"a # b\""),
            ("play \"a \\\" # b\"", "play \"a \\\" # b\""),
            ("play 7\" single # c", "play 7\" single"),
            ("", ""),
        ] {
            assert_eq!(without_comment(line), rest, "{line}");
        }
    }

    #[test]
    fn texts_keep_blanks_and_quotes() {
        let text = |line| Words::new(line).text("a text");
        let plain = |value: &str| Ok(Text { value: value.to_owned(), quoted: false });
        let quoted = |value: &str| Ok(Text { value: value.to_owned(), quoted: true });
        assert_eq!(text("two words "), plain("two words"));
        assert_eq!(text(r#""""#), quoted(""));
        assert_eq!(text(r#"" a \"b\" \\ ""#), quoted(r#" a "b" \ "#));
        assert_eq!(text(r#""C:\Music""#), quoted(r"C:\Music"));
        assert_eq!(text(r#""open"#), Err("the closing quote is missing".to_owned()));
        assert_eq!(text(r#""a" b"#), Err("`b` follows the closing quote".to_owned()));
        assert_eq!(text(""), Err("a text is missing".to_owned()));
    }
}
