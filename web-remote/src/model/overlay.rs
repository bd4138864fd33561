//! What the person asked for, shown until the unit has said what came of it.
//!
//! While a control is held its own value is shown. Afterwards it stays until the last command sent for it is
//! answered: `done` follows the update that shows its effect, so dropping it never jumps back.

/// A value shown ahead of the unit's.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlay<T> {
    shown: Option<T>,
    held: bool,
    last: Option<u64>,
}

impl<T> Default for Overlay<T> {
    fn default() -> Self {
        Self { shown: None, held: false, last: None }
    }
}

impl<T: Clone> Overlay<T> {
    /// The person wants this.
    pub fn show(&mut self, value: T) {
        self.shown = Some(value);
    }

    /// The control is being dragged, or has been let go.
    pub fn hold(&mut self, held: bool) {
        self.held = held;
        self.settle();
    }

    /// A command for it has been sent.
    pub fn sent(&mut self, id: u64) {
        self.last = Some(id);
    }

    /// A command was answered; true when that changes what is shown.
    pub fn answered(&mut self, id: u64) -> bool {
        if self.last != Some(id) {
            return false;
        }
        self.last = None;
        self.settle();
        true
    }

    /// The connection is gone, and with it every answer.
    pub fn drop_all(&mut self) {
        *self = Self::default();
    }

    /// What is to be shown: the person's value, else the unit's.
    pub fn over(&self, unit: T) -> T {
        self.shown.clone().unwrap_or(unit)
    }

    fn settle(&mut self) {
        if !self.held && self.last.is_none() {
            self.shown = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_never_shows_the_units_older_values() {
        let mut volume = Overlay::default();
        volume.hold(true);
        volume.show(20);
        volume.sent(1);
        volume.show(21);
        volume.sent(2);
        assert!(!volume.answered(1));
        assert_eq!(volume.over(20), 21);
        volume.hold(false);
        assert_eq!(volume.over(20), 21, "the last command is still on its way");
        assert!(volume.answered(2));
        assert_eq!(volume.over(19), 19, "the unit decides");
    }

    #[test]
    fn while_it_is_held_an_answer_does_not_move_it() {
        let mut volume = Overlay::default();
        volume.hold(true);
        volume.show(30);
        volume.sent(1);
        volume.answered(1);
        assert_eq!(volume.over(12), 30);
        volume.hold(false);
        assert_eq!(volume.over(12), 12);
    }

    #[test]
    fn a_lost_connection_shows_the_units_value_again() {
        let mut volume = Overlay::default();
        volume.show(30);
        volume.sent(1);
        volume.drop_all();
        assert_eq!(volume.over(12), 12);
        assert!(!volume.answered(1));
    }
}
