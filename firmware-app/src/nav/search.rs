//! The search page's letters: what is typed, and where the knob is.

use crate::screen::{SearchKey, SearchView};

/// Characters that can be typed: longer than any name one would spell with a knob.
const LONGEST: usize = 40;

/// What a key asks for besides the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// The text is another one.
    Changed,
    /// Show everything found.
    Results,
    /// Nothing.
    Nothing,
}

/// The letters.
#[derive(Debug)]
pub(crate) struct Letters {
    text: String,
    focus: usize,
}

impl Default for Letters {
    fn default() -> Self {
        Self { text: String::new(), focus: SearchKey::REST }
    }
}

impl Letters {
    pub fn view(&self) -> SearchView {
        SearchView { text: self.text.clone(), focus: self.focus }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The knob goes round and round: the last key is beside the first.
    pub fn turn(&mut self, detents: i32) {
        let count = SearchKey::COUNT as i64;
        let to = (self.focus as i64 + i64::from(detents)).rem_euclid(count);
        self.focus = usize::try_from(to).unwrap_or(SearchKey::REST);
    }

    /// The page is opened: the text of last time waits, the knob is at the first letter or at the results.
    pub fn enter(&mut self) {
        self.focus = if self.text.is_empty() { SearchKey::REST } else { 0 };
    }

    /// The focused key.
    pub fn press(&mut self) -> Typed {
        self.press_key(self.focus)
    }

    /// A key under a finger; the knob stays where it was.
    pub fn press_key(&mut self, index: usize) -> Typed {
        match SearchKey::at(index) {
            Some(SearchKey::Results) if !self.text.trim().is_empty() => Typed::Results,
            Some(SearchKey::Space) => self.push(' '),
            Some(SearchKey::Letter(letter)) => self.push(letter),
            Some(SearchKey::Erase) if self.text.pop().is_some() => Typed::Changed,
            Some(SearchKey::Results | SearchKey::Erase) | None => Typed::Nothing,
        }
    }

    fn push(&mut self, character: char) -> Typed {
        let is_idle_blank = character == ' ' && (self.text.is_empty() || self.text.ends_with(' '));
        if is_idle_blank || self.text.chars().count() >= LONGEST {
            return Typed::Nothing;
        }
        self.text.push(character);
        Typed::Changed
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Letters, Typed};
    use crate::screen::SearchKey;

    fn key(wanted: SearchKey) -> usize {
        (0..SearchKey::COUNT).find(|index| SearchKey::at(*index) == Some(wanted)).unwrap()
    }

    #[test]
    fn the_knob_goes_round_and_spells() {
        let mut letters = Letters::default();
        assert_eq!(SearchKey::at(letters.focus), Some(SearchKey::Letter('A')));
        assert_eq!(letters.press(), Typed::Changed);
        letters.turn(1);
        letters.press();
        letters.turn(-2);
        assert_eq!(SearchKey::at(letters.focus), Some(SearchKey::Erase));
        letters.turn(-3);
        assert_eq!(SearchKey::at(letters.focus), Some(SearchKey::Letter('9')));
        letters.press();
        assert_eq!(letters.text(), "AB9");
    }

    #[test]
    fn blanks_and_length_are_bounded_and_nothing_is_erased_from_nothing() {
        let mut letters = Letters::default();
        assert_eq!(letters.press_key(key(SearchKey::Erase)), Typed::Nothing);
        assert_eq!(letters.press_key(key(SearchKey::Space)), Typed::Nothing);
        assert_eq!(letters.press_key(key(SearchKey::Results)), Typed::Nothing);
        for _ in 0..LONGEST * 2 {
            letters.press_key(key(SearchKey::Letter('Z')));
        }
        assert_eq!(letters.text().len(), LONGEST);
        assert_eq!(letters.press_key(key(SearchKey::Erase)), Typed::Changed);
        letters.press_key(key(SearchKey::Space));
        assert_eq!(letters.press_key(key(SearchKey::Space)), Typed::Nothing);
        assert_eq!(letters.press_key(key(SearchKey::Results)), Typed::Results);
        assert_eq!(letters.press_key(SearchKey::COUNT), Typed::Nothing);
    }
}
