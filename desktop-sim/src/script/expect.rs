//! `expect FIELD OP VALUE`: comparing a published snapshot with what a script says.

use std::fmt;

use serde_json::Value;

use super::words::{Text, Words};

/// Two numbers are `==` when they are nearer than this (levels travel as 32-bit floats).
const EQUAL: f64 = 1e-4;
/// Two numbers are `~` when they are not further apart than this.
const NEAR: f64 = 0.5;

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `==`
    Equal,
    /// `!=`
    Different,
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `~`: text contains, number within 0.5.
    About,
}

impl Op {
    const ALL: [(&'static str, Self); 5] = [
        ("==", Self::Equal),
        ("!=", Self::Different),
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        ("~", Self::About),
    ];

    fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(_, op)| *op == self).map_or("", |(sign, _)| sign)
    }
}

/// One expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// Dotted path into the snapshot; a number is an index in a list, from 0.
    pub field: String,
    /// How to compare.
    pub op: Op,
    /// With what.
    pub value: Text,
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expect {} {} ", self.field, self.op.sign())?;
        if self.value.quoted { write!(f, "{:?}", self.value.value) } else { f.write_str(&self.value.value) }
    }
}

impl Expect {
    /// Reads what follows the word `expect`.
    ///
    /// # Errors
    /// What is missing or unknown.
    pub fn parse(words: &mut Words<'_>) -> Result<Self, String> {
        const FORM: &str = "expect FIELD OP VALUE, with == != >= <= or ~ between blanks";
        let field = words.word().ok_or_else(|| format!("a field is missing: {FORM}"))?;
        if field.split('.').any(str::is_empty) {
            return Err(format!("`{field}` is no field: {FORM}"));
        }
        let sign = words.word().ok_or_else(|| format!("a comparison is missing: {FORM}"))?;
        let op = Op::ALL
            .iter()
            .find(|(known, _)| *known == sign)
            .map(|(_, op)| *op)
            .ok_or_else(|| format!("`{sign}` is no comparison: {FORM}"))?;
        let value = words.text("a value (write \"\" for an empty text)")?;
        if matches!(op, Op::AtLeast | Op::AtMost) && number(&value.value).is_none() {
            return Err(format!("{sign} compares numbers and `{}` is none", value.value));
        }
        Ok(Self { field: field.to_owned(), op, value })
    }

    /// Compares.
    ///
    /// # Errors
    /// Why it does not hold, with the value found: `it is -18`.
    pub fn check(&self, snapshot: &Value) -> Result<(), String> {
        let actual = look_up(snapshot, &self.field)?;
        if self.holds(actual)? { Ok(()) } else { Err(format!("it is {}", show(actual))) }
    }

    /// Whether the field can be there at all, judged by a sample snapshot. What lies below a list or an
    /// empty value depends on the moment and passes.
    ///
    /// # Errors
    /// The field's name is wrong, with the names there are.
    pub fn check_field(&self, sample: &Value) -> Result<(), String> {
        let mut here = sample;
        for name in self.field.split('.') {
            match here {
                Value::Object(_) => here = step(here, name)?,
                Value::Array(_) | Value::Null => return Ok(()),
                _ => return Err(format!("`{}`: there is nothing below `{}`", self.field, show(here))),
            }
        }
        Ok(())
    }

    fn holds(&self, actual: &Value) -> Result<bool, String> {
        let wanted = self.value.value.as_str();
        Ok(match (self.op, actual) {
            (_, Value::Object(_) | Value::Array(_)) => {
                return Err(format!("it is not one value; {}", names(actual)));
            }
            (Op::Different, _) => !Self { op: Op::Equal, ..self.clone() }.holds(actual)?,
            (op, Value::Number(_)) => {
                let actual = actual.as_f64().unwrap_or(f64::NAN);
                let Some(wanted) = number(wanted) else { return Ok(false) };
                match op {
                    Op::AtLeast => actual >= wanted,
                    Op::AtMost => actual <= wanted,
                    Op::About => (actual - wanted).abs() <= NEAR,
                    _ => (actual - wanted).abs() < EQUAL,
                }
            }
            (Op::AtLeast | Op::AtMost, _) => {
                return Err(format!("{} compares numbers and it is {}", self.op.sign(), show(actual)));
            }
            (Op::About, Value::String(text)) => text.contains(wanted),
            (_, Value::String(text)) => text == wanted,
            (_, Value::Null) => !self.value.quoted && wanted == "null",
            (_, Value::Bool(is)) => wanted == if *is { "true" } else { "false" },
        })
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

fn look_up<'a>(snapshot: &'a Value, field: &str) -> Result<&'a Value, String> {
    field.split('.').try_fold(snapshot, step)
}

fn step<'a>(here: &'a Value, name: &str) -> Result<&'a Value, String> {
    let found = match here {
        Value::Object(fields) => fields.get(name),
        Value::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => None,
    };
    found.ok_or_else(|| format!("there is no `{name}`; {}", names(here)))
}

/// What can be said instead of a wrong name.
fn names(here: &Value) -> String {
    match here {
        Value::Object(fields) => {
            format!("there are {}", fields.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) if items.is_empty() => "the list is empty".to_owned(),
        Value::Array(items) => format!("the list has 0 to {}", items.len() - 1),
        other => format!("it is {}", show(other)),
    }
}

/// A value as a script would write it: texts in quotes, numbers without the noise of 32-bit floats.
fn show(value: &Value) -> String {
    match value.as_f64() {
        Some(number) => {
            let text = format!("{number:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn expect(line: &str) -> Result<Expect, String> {
        Expect::parse(&mut Words::new(line))
    }

    fn sample() -> Value {
        json!({
            "volume_db": f64::from(-18.1_f32), "page": "now_playing", "message": "",
            "now": { "title": "Night Drive", "art": null, "duration_s": 12.5 },
            "queue": { "len": 3 }, "volume": { "muted": false },
            "sound": { "preset": { "bands": [ { "gain": 2.0 } ] } },
        })
    }

    #[test]
    fn what_is_true_holds() {
        for line in [
            "volume_db == -18.1",
            "volume_db ~ -18.5",
            "volume_db != -18",
            "volume_db >= -18.2",
            "volume_db <= -18",
            "page == now_playing",
            "message == \"\"",
            "now.title == Night Drive",
            "now.title ~ Drive",
            "now.title != night drive",
            "now.art == null",
            "now.duration_s != null",
            "queue.len == 3",
            "volume.muted == false",
            "volume.muted != true",
            "sound.preset.bands.0.gain == 2",
        ] {
            expect(line).unwrap().check(&sample()).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }

    #[test]
    fn what_is_not_true_says_both_values() {
        for (line, why) in [
            ("volume_db == -12", "it is -18.1"),
            ("volume_db ~ -17.5", "it is -18.1"),
            ("volume_db == loud", "it is -18.1"),
            ("page ~ menu", "it is \"now_playing\""),
            ("queue.len >= 4", "it is 3"),
            ("now.art == \"null\"", "it is null"),
            ("now.art == x", "it is null"),
            ("volume.muted == yes", "it is false"),
            ("page >= 3", ">= compares numbers and it is \"now_playing\""),
            ("queue.length == 3", "there is no `length`; there are len"),
            ("sound.preset.bands.1.gain == 2", "there is no `1`; the list has 0 to 0"),
            ("page.name == x", "there is no `name`; it is \"now_playing\""),
            ("queue == 3", "it is not one value; there are len"),
        ] {
            assert_eq!(expect(line).unwrap().check(&sample()), Err(why.to_owned()), "{line}");
        }
    }

    #[test]
    fn an_expectation_shows_itself_as_it_was_written() {
        for line in ["volume_db == -12", "now.title ~ \"a \\\" b\"", "message == \"\""] {
            assert_eq!(expect(line).unwrap().to_string(), format!("expect {line}"));
        }
    }

    #[test]
    fn wrong_names_are_known_before_the_script_runs() {
        let check = |field: &str| expect(&format!("{field} == 1")).unwrap().check_field(&sample());
        for field in ["volume_db", "now.title", "now.art.x", "sound.preset.bands.30.gain"] {
            assert_eq!(check(field), Ok(()), "{field}");
        }
        for field in ["volume", "now.tilte", "volume_db.x"] {
            assert_eq!(check(field).is_ok(), field == "volume", "{field}");
        }
    }

    #[test]
    fn half_an_expectation_is_refused() {
        for line in ["", "page", "page ==", "page = x", "a..b == 1", "page >= high", "page<=3"] {
            assert!(expect(line).is_err(), "{line}");
        }
    }
}
