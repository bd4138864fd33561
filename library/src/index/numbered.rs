//! What names of files and folders say where tags say nothing: `1-03 - Title`, `CD2`.

/// Highest track number believed of two digits before a space: above it, it is as often the title's.
const MAX_SPACED: u32 = 39;

/// A file's name without its ending, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered<'a> {
    pub disc: Option<u32>,
    pub track: Option<u32>,
    /// Never empty if the name was not.
    pub title: &'a str,
}

/// Takes the number off a name: `03 - Title`, `03. Title`, `3) Title`, `1-03 Title`, `03_Title`.
///
/// A number that is the title's own stays: `1999`, `7 Seconds`, `99 Luftballons`.
pub(super) fn numbered(stem: &str) -> Numbered<'_> {
    let whole = Numbered { disc: None, track: None, title: stem };
    let Some((first, after)) = number(stem) else { return whole };
    if let Some((second, rest)) = after.strip_prefix(['-', '.']).and_then(number)
        && first.value <= 99
        && second.digits == 2
        && let Some(title) = title_after(rest)
    {
        return Numbered { disc: Some(first.value), track: Some(second.value), title };
    }
    let sure = after.trim_start().starts_with(['-', '.', '_', ')', '–', '—']) || first.zero;
    if !sure && (first.digits != 2 || first.value > MAX_SPACED) {
        return whole;
    }
    match title_after(after) {
        Some(title) => Numbered { disc: None, track: Some(first.value), title },
        None => whole,
    }
}

/// The disc a folder's name says: `CD1`, `Disc 2`, `disk_03 (bonus)`.
pub(super) fn disc_folder(name: &str) -> Option<u32> {
    let lower = name.to_ascii_lowercase();
    let rest = ["cd", "disc", "disk", "disque"].iter().find_map(|word| lower.strip_prefix(word))?;
    let (disc, after) = number(rest.trim_start_matches([' ', '_', '-', '.', '#']))?;
    let ends = after.is_empty() || after.starts_with([' ', '-', '_', '(', '[', ':', ',']);
    (ends && disc.value > 0 && disc.digits <= 2).then_some(disc.value)
}

struct Number {
    value: u32,
    digits: usize,
    /// Written with a leading zero.
    zero: bool,
}

/// One to three digits at the start, and what follows.
fn number(text: &str) -> Option<(Number, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) {
        return None;
    }
    let (number, rest) = text.split_at(digits);
    let zero = digits > 1 && number.starts_with('0');
    Some((Number { value: number.parse().ok()?, digits, zero }, rest))
}

/// The title after a number: something must separate them, and something be left.
fn title_after(rest: &str) -> Option<&str> {
    let title = rest.trim_start_matches([' ', '-', '.', '_', ')', '–', '—']);
    (title.len() < rest.len() && !title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::{disc_folder, numbered};

    fn parts(stem: &str) -> (Option<u32>, Option<u32>, &str) {
        let numbered = numbered(stem);
        (numbered.disc, numbered.track, numbered.title)
    }

    #[test]
    fn numbers_before_a_title_are_taken_off() {
        for stem in
            ["03 - Song", "03. Song", "3) Song", "03_Song", "3. Song", "03 Song", "003 - Song", "03 – Song"]
        {
            assert_eq!(parts(stem), (None, Some(3), "Song"), "{stem}");
        }
        assert_eq!(parts("1-03 Song"), (Some(1), Some(3), "Song"));
        assert_eq!(parts("2.11 - Song"), (Some(2), Some(11), "Song"));
        assert_eq!(parts("12 Song"), (None, Some(12), "Song"));
    }

    #[test]
    fn numbers_of_the_title_stay() {
        for stem in ["1999", "7 Seconds", "99 Luftballons", "2001 - ", "4'33", "50ways", "Song 2", "", "01"] {
            assert_eq!(parts(stem), (None, None, stem), "{stem}");
        }
    }

    #[test]
    fn disc_folders() {
        for name in ["CD1", "cd 1", "Disc 1", "disk_01", "Disc 1 - Live", "CD1 (bonus)", "disque 1"] {
            assert_eq!(disc_folder(name), Some(1), "{name}");
        }
        for name in ["CD", "Discovery", "Disco 1", "CD100", "CD0", "cd1x", "1", "Abbey Road"] {
            assert_eq!(disc_folder(name), None, "{name}");
        }
    }
}
