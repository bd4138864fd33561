//! A command's arguments as numbers, ranges and places.

use std::ops::Range;

use super::ack::Ack;

/// A place in the queue, perhaps counted from the current song.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    At(usize),
    /// `+n`: so many after the song that follows the current one.
    After(usize),
    /// `-n`: so many before the current one.
    Before(usize),
}

impl Position {
    /// The place, in a queue whose current song (if there is one) is at `current`.
    ///
    /// # Errors
    /// It is counted from the current song and there is none, or leads before the first.
    pub fn place(self, current: Option<usize>) -> Result<usize, Ack> {
        let bad = || Ack::arg("Bad song index");
        match self {
            Self::At(place) => Ok(place),
            Self::After(n) => {
                let current =
                    current.ok_or_else(|| Ack::new(super::ack::Code::PlayerSync, "No current song"))?;
                current.checked_add(1).and_then(|next| next.checked_add(n)).ok_or_else(bad)
            }
            Self::Before(n) => {
                let current =
                    current.ok_or_else(|| Ack::new(super::ack::Code::PlayerSync, "No current song"))?;
                current.checked_sub(n).ok_or_else(bad)
            }
        }
    }
}

pub(super) fn number(text: &str) -> Result<usize, Ack> {
    let number: u32 = text.parse().map_err(|_| Ack::arg(format!("Integer expected: {text}")))?;
    usize::try_from(number).map_err(|_| Ack::arg("Number too large"))
}

pub(super) fn id(text: &str) -> Result<u64, Ack> {
    text.parse().map_err(|_| Ack::arg(format!("Integer expected: {text}")))
}

pub(super) fn boolean(text: &str) -> Result<bool, Ack> {
    match text {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(Ack::arg(format!("Boolean (0/1) expected: {text}"))),
    }
}

pub(super) fn seconds(text: &str) -> Result<f64, Ack> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.is_finite());
    seconds.ok_or_else(|| Ack::arg(format!("Float expected: {text}")))
}

/// `START:END`, `START:` or one number; the end is open as `usize::MAX`. `-1` is everything.
pub(super) fn range(text: &str) -> Result<Range<usize>, Ack> {
    if text == "-1" {
        return Ok(0..usize::MAX);
    }
    let Some((start, end)) = text.split_once(':') else {
        let at = number(text)?;
        return Ok(at..at + 1);
    };
    let end = if end.is_empty() { usize::MAX } else { number(end)? };
    let start = number(start)?;
    if end < start { Err(Ack::arg(format!("Bad range: {text}"))) } else { Ok(start..end) }
}

pub(super) fn position(text: &str) -> Result<Position, Ack> {
    Ok(match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(n), _) => Position::After(number(n)?),
        (_, Some(n)) => Position::Before(number(n)?),
        _ => Position::At(number(text)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_places() {
        assert_eq!(range("3").unwrap(), 3..4);
        assert_eq!(range("3:7").unwrap(), 3..7);
        assert_eq!(range("3:").unwrap(), 3..usize::MAX);
        assert_eq!(range("-1").unwrap(), 0..usize::MAX);
        for bad in ["", "x", "7:3", "-2", "1:x", ":", "99999999999", "4294967295:1"] {
            assert!(range(bad).is_err(), "{bad}");
        }
        assert_eq!(position("+0").unwrap().place(Some(4)), Ok(5));
        assert_eq!(position("-1").unwrap().place(Some(4)), Ok(3));
        assert_eq!(position("7").unwrap().place(None), Ok(7));
        assert!(position("-5").unwrap().place(Some(4)).is_err());
        assert!(position("+0").unwrap().place(None).is_err());
        assert!(position("+x").is_err());
    }

    #[test]
    fn numbers_are_finite() {
        assert_eq!(seconds("-1.5"), Ok(-1.5));
        for bad in ["", "nan", "inf", "1s"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
        assert!(boolean("yes").is_err() && boolean("1") == Ok(true));
        assert!(id("-1").is_err() && id("18446744073709551615").is_ok());
    }
}
