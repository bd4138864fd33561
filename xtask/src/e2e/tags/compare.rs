//! Where readers differ.

use std::collections::BTreeSet;

use super::readers::Fields;

/// Seconds by which stated durations may differ: encoders' delay and padding, which not all take off.
const DURATION_S: f64 = 0.05;

/// What three readers say of one field of one file; `None` where a reader cannot read the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The package, and the file's path in it.
    pub file: String,
    /// The field's name, or `readable`.
    pub field: &'static str,
    /// Ours, ffprobe's, mutagen's.
    pub said: [String; 3],
}

/// Compares one file. Returns how many fields at least one reader has a value for, and those that differ.
///
/// A field agrees when no reader has another value than ours, and at least one has ours: ffprobe and mutagen
/// each leave out what they do not know.
pub fn file(
    name: &str,
    ours: Option<&Fields>,
    ffprobe: Option<&Fields>,
    mutagen: Option<&Fields>,
) -> (usize, Vec<Difference>) {
    let readable = |fields: Option<&Fields>| if fields.is_some() { "yes" } else { "no" }.to_owned();
    let difference = |field, said| Difference { file: name.to_owned(), field, said };
    if ours.is_some() != ffprobe.is_some() {
        return (1, vec![difference("readable", [readable(ours), readable(ffprobe), readable(mutagen)])]);
    }
    let Some(ours) = ours else { return (1, Vec::new()) };
    let empty = Fields::new();
    let others = [ffprobe.unwrap_or(&empty), mutagen.unwrap_or(&empty)];
    let names: BTreeSet<&'static str> =
        ours.keys().chain(others[0].keys()).chain(others[1].keys()).copied().collect();
    let mut found = Vec::new();
    for &field in &names {
        let value = ours.get(field).map_or("", String::as_str);
        let theirs = others.map(|fields| fields.get(field).map_or("", String::as_str));
        let mut agrees = theirs.map(|theirs| theirs.is_empty() || same(field, value, theirs));
        agrees[0] |= field == "duration" && agrees[1] && is_padded(name, value, theirs[0]);
        let confirmed = theirs.iter().any(|theirs| !theirs.is_empty());
        if !(agrees[0] && agrees[1] && confirmed) {
            found.push(difference(field, [value.to_owned(), theirs[0].to_owned(), theirs[1].to_owned()]));
        }
    }
    (names.len(), found)
}

/// Whether ffprobe has left in what an MP3's encoder says it added: a delay of up to 576 and a padding of up to
/// 1728 samples, a tenth of a second at 22 kHz. mutagen, which has taken it off, must agree with us.
fn is_padded(file: &str, ours: &str, ffprobe: &str) -> bool {
    let numbers = ours.parse::<f64>().ok().zip(ffprobe.parse::<f64>().ok());
    file.to_lowercase().ends_with(".mp3")
        && numbers.is_some_and(|(ours, ffprobe)| (0.0..0.2).contains(&(ffprobe - ours)))
}

fn same(field: &str, ours: &str, theirs: &str) -> bool {
    if ours == theirs {
        return true;
    }
    let numbers = || Some((ours.parse::<f64>().ok()?, theirs.parse::<f64>().ok()?));
    match field {
        "duration" => numbers().is_some_and(|(a, b)| (a - b).abs() <= DURATION_S),
        "track_gain" | "album_gain" => numbers().is_some_and(|(a, b)| (a - b).abs() < 0.011),
        _ if ours.ends_with('…') => theirs.starts_with(ours.trim_end_matches('…')),
        // ffprobe joins several values by semicolons, or shows the first alone.
        "artist" | "album_artist" | "genre" | "composer" => {
            ours.replace(", ", ";") == theirs.replace(", ", ";").replace("; ", ";")
                || ours.strip_prefix(theirs).is_some_and(|rest| rest.starts_with(", "))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&'static str, &str)]) -> Fields {
        pairs.iter().map(|&(name, value)| (name, value.to_owned())).collect()
    }

    #[test]
    fn what_one_reader_leaves_out_is_no_difference() {
        let ours = fields(&[("title", "x"), ("artist", "Ann, Bob"), ("duration", "1.000")]);
        let probe = fields(&[("artist", "Ann;Bob"), ("duration", "1.049")]);
        let mutagen = fields(&[("title", "x"), ("artist", "Ann, Bob")]);
        assert_eq!(file("f", Some(&ours), Some(&probe), Some(&mutagen)), (3, Vec::new()));
    }

    #[test]
    fn everything_else_is() {
        let ours = fields(&[("title", "x"), ("album", "only ours"), ("duration", "1.000")]);
        let probe = fields(&[("title", "y"), ("duration", "1.051")]);
        let mutagen = fields(&[("title", "x"), ("year", "1999")]);
        let (count, found) = file("f", Some(&ours), Some(&probe), Some(&mutagen));
        let names: Vec<_> = found.iter().map(|difference| difference.field).collect();
        assert_eq!((count, names), (4, vec!["album", "duration", "title", "year"]));
        let (_, found) = file("f", None, Some(&probe), None);
        assert_eq!((found[0].field, found[0].said[0].as_str()), ("readable", "no"));
    }
}
