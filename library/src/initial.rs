//! The letter a name is found under: what a letter bar shows.

use crate::sort_key::{Named, sort_key};

/// The letter of an artist or composer, in upper case; `#` for figures and signs. Articles do not count.
#[must_use]
pub fn of_artist(name: &str) -> char {
    initial(name, Named::Artist)
}

/// The letter of an album, as [`of_artist`].
#[must_use]
pub fn of_album(title: &str) -> char {
    initial(title, Named::Album)
}

/// The letter of a track, a genre or a playlist: of the first word, whatever it is.
#[must_use]
pub fn of_title(title: &str) -> char {
    initial(title, Named::Other)
}

fn initial(name: &str, named: Named) -> char {
    // A sort key is folded text, after the bytes of a number if it begins with one.
    let key = sort_key(name, named);
    let text = String::from_utf8_lossy(&key);
    match text.chars().next() {
        Some(letter) if letter.is_alphabetic() => letter.to_uppercase().next().unwrap_or(letter),
        _ => '#',
    }
}

#[cfg(test)]
mod tests {
    use super::{of_album, of_artist, of_title};

    #[test]
    fn names_are_found_under_the_letter_they_are_sorted_by() {
        for (name, letter) in [
            ("The Beatles", 'B'),
            ("Édith Piaf", 'E'),
            ("2Pac", '#'),
            ("…And Now", '#'),
            ("", '#'),
            ("любэ", 'Л'),
        ] {
            assert_eq!(of_artist(name), letter, "{name}");
        }
        assert_eq!(of_album("A Night at the Opera"), 'N');
        assert_eq!(of_title("The End"), 'T');
    }
}
