//! Filters as clients write them: `((artist == 'x') AND (album == 'y'))`, or pairs of a tag and a value.

use super::ack::Ack;
use super::filter::{Field, Filter, Match, Op};
use super::tag::Tag;

/// Deepest nesting of an expression.
const MAX_DEPTH: usize = 16;

/// The filter of some arguments; none means every song. With `ignores_case` pairs look for a part.
///
/// # Errors
/// What is wrong with them.
pub(super) fn filter(args: &[String], ignores_case: bool) -> Result<Filter, Ack> {
    let mut all = Vec::new();
    let mut rest = args;
    while let Some((first, after)) = rest.split_first() {
        if first.starts_with('(') {
            let mut parser = Parser { rest: first, ignores_case };
            all.push(parser.expression(0)?);
            if !parser.blank().is_empty() {
                return Err(Ack::arg("Unparsed garbage after expression"));
            }
            rest = after;
            continue;
        }
        let (value, after) =
            after.split_first().ok_or_else(|| Ack::arg("Incorrect number of filter arguments"))?;
        let op = if ignores_case { Op::Contains } else { Op::Is };
        all.push(condition(first, op, value, ignores_case)?);
        rest = after;
    }
    Ok(Filter::And(all))
}

fn condition(name: &str, op: Op, value: &str, ignores_case: bool) -> Result<Filter, Ack> {
    let field = if name.eq_ignore_ascii_case("any") {
        Field::Any
    } else if name.eq_ignore_ascii_case("file") || name.eq_ignore_ascii_case("filename") {
        Field::File
    } else if name.eq_ignore_ascii_case("base") {
        return Ok(Filter::Base(value.trim_matches('/').to_owned()));
    } else if ["modified-since", "added-since", "AudioFormat", "prio"]
        .iter()
        .any(|n| n.eq_ignore_ascii_case(name))
    {
        return Err(Ack::arg(format!("{name} is not kept by this unit")));
    } else {
        Field::Tag(Tag::parse(name).ok_or_else(|| Ack::arg(format!("Unknown filter type: {name}")))?)
    };
    Ok(Filter::Match(Match::new(field, op, value, ignores_case)))
}

struct Parser<'a> {
    rest: &'a str,
    ignores_case: bool,
}

impl<'a> Parser<'a> {
    fn blank(&mut self) -> &'a str {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
        self.rest
    }

    fn take(&mut self, token: &str) -> bool {
        let rest = self.blank().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, token: &str) -> Result<(), Ack> {
        if self.take(token) { Ok(()) } else { Err(Ack::arg(format!("'{token}' expected"))) }
    }

    /// One expression in parentheses.
    fn expression(&mut self, depth: usize) -> Result<Filter, Ack> {
        if depth >= MAX_DEPTH {
            return Err(Ack::arg("Expression is nested too deep"));
        }
        self.expect("(")?;
        if self.blank().starts_with('(') {
            let mut all = vec![self.expression(depth + 1)?];
            while self.take("AND") {
                all.push(self.expression(depth + 1)?);
            }
            self.expect(")")?;
            return Ok(Filter::And(all));
        }
        if self.take("!") {
            let inner = self.expression(depth + 1)?;
            self.expect(")")?;
            return Ok(Filter::Not(Box::new(inner)));
        }
        let name = self.word()?;
        let result = if name.eq_ignore_ascii_case("base") {
            let value = self.value()?;
            condition(&name, Op::Is, &value, false)?
        } else {
            let (op, is_negated) = self.operator()?;
            let value = self.value()?;
            let found = condition(&name, op, &value, self.ignores_case)?;
            if is_negated { Filter::Not(Box::new(found)) } else { found }
        };
        self.expect(")")?;
        Ok(result)
    }

    fn word(&mut self) -> Result<String, Ack> {
        let text = self.blank();
        let end =
            text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        if word.is_empty() { Err(Ack::arg("Word expected")) } else { Ok(word.to_owned()) }
    }

    fn operator(&mut self) -> Result<(Op, bool), Ack> {
        for (token, op, is_negated) in [
            ("==", Op::Is, false),
            ("!=", Op::Is, true),
            ("contains", Op::Contains, false),
            ("!contains", Op::Contains, true),
            ("starts_with", Op::StartsWith, false),
            ("!starts_with", Op::StartsWith, true),
        ] {
            if self.take(token) {
                return Ok((op, is_negated));
            }
        }
        if self.take("=~") || self.take("!~") {
            return Err(Ack::arg("Regular expressions are not known to this unit"));
        }
        Err(Ack::arg("'==' or '!=' expected"))
    }

    /// A value in single or double quotes, `\` before any character.
    fn value(&mut self) -> Result<String, Ack> {
        let text = self.blank();
        let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let quote = quote.ok_or_else(|| Ack::arg("Quoted string expected"))?;
        let mut value = String::new();
        let mut chars = text.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
                c if c == quote => {
                    self.rest = text.get(at + 1..).unwrap_or_default();
                    return Ok(value);
                }
                c => value.push(c),
            }
        }
        Err(Ack::arg("Closing quote not found"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(args: &[&str], ignores_case: bool) -> Result<Filter, Ack> {
        filter(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>(), ignores_case)
    }

    fn tag(tag: Tag, op: Op, value: &str, fold: bool) -> Filter {
        Filter::Match(Match::new(Field::Tag(tag), op, value, fold))
    }

    #[test]
    fn expressions() {
        let one = parse(&["(artist == 'x')"], false).unwrap();
        assert_eq!(one, Filter::And(vec![tag(Tag::Artist, Op::Is, "x", false)]));
        let text = r#"((Artist == "a'\"b\\c") AND (!(album contains 'Y')) AND (base "s/t/"))"#;
        let all = parse(&[text], true).unwrap().conditions();
        assert_eq!(all[0], tag(Tag::Artist, Op::Is, "a'\"b\\c", true));
        assert_eq!(all[1], Filter::Not(Box::new(tag(Tag::Album, Op::Contains, "y", true))));
        assert_eq!(all[2], Filter::Base("s/t".into()));
        let not = parse(&["(title != 'x')"], false).unwrap().conditions();
        assert_eq!(not, [Filter::Not(Box::new(tag(Tag::Title, Op::Is, "x", false)))]);
        assert_eq!(parse(&["(title starts_with 'x')"], false).unwrap().conditions().len(), 1);
        assert_eq!(parse(&["((((artist == 'x'))))"], false).unwrap().conditions().len(), 1);
    }

    #[test]
    fn pairs() {
        let pairs = parse(&["artist", "X", "any", "y"], true).unwrap().conditions();
        assert_eq!(pairs[0], tag(Tag::Artist, Op::Contains, "x", true));
        assert_eq!(pairs[1], Filter::Match(Match::new(Field::Any, Op::Contains, "y", true)));
        assert_eq!(
            parse(&["album", "X"], false).unwrap().conditions(),
            [tag(Tag::Album, Op::Is, "X", false)]
        );
        let mixed = parse(&["(artist == 'x')", "album", "y"], false).unwrap();
        assert_eq!(mixed.conditions().len(), 2);
        assert_eq!(parse(&[], false).unwrap(), Filter::And(Vec::new()));
    }

    #[test]
    fn nonsense_is_refused() {
        let deep = "(".repeat(90_000);
        for bad in [
            "(",
            "()",
            "(artist)",
            "(artist ==)",
            "(artist == x)",
            "(artist == 'x'",
            "(artist == 'x') y",
            "(colour == 'x')",
            "(artist =~ 'x')",
            "((artist == 'x') OR (artist == 'y'))",
            "(!artist == 'x')",
            "(artist == 'x\\",
            "(modified-since '2020')",
            "(AudioFormat == '1')",
            &deep,
        ] {
            assert!(parse(&[bad], false).is_err(), "{bad}");
        }
        for bad in [&["artist"][..], &["colour", "x"], &["artist", "x", "album"]] {
            assert!(parse(bad, false).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[(]{1,4}[a-zA-Z =!'\"\\\\()~é]{0,60}") {
            let _ = parse(&[&text], true);
        }

        #[test]
        fn any_value_comes_back(value: String) {
            let quoted = format!("(title == \"{}\")", value.replace('\\', "\\\\").replace('"', "\\\""));
            prop_assert_eq!(
                parse(&[&quoted], false).unwrap().conditions(),
                [tag(Tag::Title, Op::Is, &value, false)]
            );
        }
    }
}
