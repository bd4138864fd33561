//! From the text of a script to its lines. All mistakes are found before anything runs.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::cloud::CloudStep;
use super::expect::Expect;
use super::words::{Words, without_comment};
use super::{Line, Script, Step};
use crate::keys;

/// How long `press KEY` holds the key: a short press on every unit.
pub const SHORT_PRESS: Duration = Duration::from_millis(50);
/// Longest `wait` and longest hold; a longer one is a slip of the pen.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Line, from 1.
    pub line: usize,
    /// As written.
    pub text: String,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.text, self.why)
    }
}

/// Reads a script. `sample` is any snapshot, to check field names by.
///
/// # Errors
/// Every line that cannot be understood.
pub fn script(text: &str, folder: &Path, sample: &Value) -> Result<Script, Vec<Mistake>> {
    let (mut lines, mut mistakes) = (Vec::new(), Vec::new());
    for (index, raw) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let (number, text) = (index + 1, without_comment(raw));
        if text.is_empty() {
            continue;
        }
        match step(text, sample) {
            Ok(step) => lines.push(Line { number, text: text.to_owned(), step }),
            Err(why) => mistakes.push(Mistake { line: number, text: text.to_owned(), why }),
        }
    }
    if mistakes.is_empty() { Ok(Script { folder: folder.to_owned(), lines }) } else { Err(mistakes) }
}

fn step(line: &str, sample: &Value) -> Result<Step, String> {
    let mut words = Words::new(line);
    let step = match words.need("a command")? {
        "play" if words.end().is_ok() => Step::Play(None),
        "play" => Step::Play(Some(filled(words.text("a path")?.value, "path")?)),
        "pause" => Step::Pause,
        "next" => Step::Next,
        "previous" => Step::Previous,
        "seek" => Step::Seek(seconds(words.need("a position in seconds")?)?),
        "volume" => Step::Volume(decibels(words.need("a level in dB")?)?),
        "turn" => {
            let knob = keys::knob(words.need("a knob (volume or select)")?)?;
            Step::Turn(knob, detents(words.need("a number of detents (such as +3 or -2)")?)?)
        }
        "press" => {
            let key = keys::key(words.need("a key")?)?;
            Step::Press(key, words.word().map_or(Ok(SHORT_PRESS), duration)?)
        }
        "wait" => Step::Wait(duration(words.need("a time (such as 500ms or 25s)")?)?),
        "expect" => {
            let expect = Expect::parse(&mut words)?;
            expect.check_field(sample)?;
            Step::Expect(expect)
        }
        "screenshot" => Step::Screenshot(png_path(&words.text("a path")?.value)?),
        "media" => media(&mut words)?,
        "ignition" => Step::Ignition(one_of(words.need("on or off")?, "on", "off")?),
        "kill" => Step::Kill,
        "theme" => Step::Day(one_of(words.need("day or night")?, "day", "night")?),
        "preset" => Step::Preset(filled(words.text("a name")?.value, "name")?),
        "cloud" => Step::Cloud(CloudStep::parse(&mut words)?),
        "eq" => {
            let band = words.need("a band (1 is the lowest)")?;
            Step::Eq { band: band_number(band)?, gain_db: decibels(words.need("a gain in dB")?)? }
        }
        other => return Err(format!("`{other}` is no command; --help lists them all")),
    };
    words.end()?;
    Ok(step)
}

fn media(words: &mut Words<'_>) -> Result<Step, String> {
    Ok(match words.need("plug or yank")? {
        "plug" => {
            let name = filled(words.name("a name")?, "name")?;
            Step::MediaPlug { name, folder: filled(words.text("a folder")?.value, "folder")? }
        }
        "yank" => Step::MediaYank(filled(words.text("a name")?.value, "name")?),
        other => return Err(format!("`{other}` is neither plug nor yank")),
    })
}

fn filled(text: String, what: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err(format!("the {what} is empty")) } else { Ok(text) }
}

/// True for the first word, false for the second.
pub(super) fn one_of(word: &str, yes: &str, no: &str) -> Result<bool, String> {
    match word {
        _ if word == yes => Ok(true),
        _ if word == no => Ok(false),
        _ => Err(format!("`{word}` is neither {yes} nor {no}")),
    }
}

fn number(text: &str) -> Option<f64> {
    // U+2212 is what people paste from a page.
    text.replace('\u{2212}', "-").parse::<f64>().ok().filter(|number| number.is_finite())
}

fn seconds(text: &str) -> Result<f64, String> {
    number(text.strip_suffix('s').unwrap_or(text))
        .filter(|seconds| *seconds >= 0.0)
        .ok_or_else(|| format!("`{text}` is no position; write seconds, such as 90 or 12.5"))
}

fn decibels(text: &str) -> Result<f32, String> {
    number(text.strip_suffix("dB").unwrap_or(text))
        .map(|level| level as f32)
        .filter(|level| level.is_finite())
        .ok_or_else(|| format!("`{text}` is no number of decibels"))
}

fn detents(text: &str) -> Result<i32, String> {
    text.replace('\u{2212}', "-")
        .parse::<i32>()
        .ok()
        .filter(|detents| (-1000..=1000).contains(detents) && *detents != 0)
        .ok_or_else(|| format!("`{text}` is no number of detents; write +3 or -2"))
}

fn band_number(text: &str) -> Result<usize, String> {
    text.parse::<usize>()
        .ok()
        .filter(|band| (1..=31).contains(band))
        .ok_or_else(|| format!("`{text}` is no band; the lowest is 1"))
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let scale = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "min" => 60.0,
        _ => return Err(format!("`{text}` is no time; write 500ms, 25s or 2min")),
    };
    number(&text[..text.len() - unit.len()])
        .and_then(|amount| Duration::try_from_secs_f64(amount * scale).ok())
        .filter(|time| *time <= LONGEST)
        .ok_or_else(|| format!("`{text}` is no time; write 500ms, 25s or 2min"))
}

fn png_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let is_png = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
    if is_png { Ok(path) } else { Err(format!("`{text}` does not end in .png")) }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
