//! The focus of a list: moved by the knob, faster when it is turned fast through a long list, and
//! dragged by a finger.

use std::time::Duration;

use crate::screen::VISIBLE_ROWS;

/// Turns closer together than this count as one movement of the hand.
const FAST: Duration = Duration::from_millis(80);
/// Lists up to this length are never accelerated: every detent counts.
const SHORT: usize = 30;
/// Fast turns before the focus starts to run.
const RUN_UP: u32 = 4;
/// Rows kept on each side of the middle one.
const AROUND: usize = 32;

/// A focus in a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListFocus {
    focus: usize,
    /// First visible row as a finger left it; `None` while the knob leads.
    scroll: Option<usize>,
    turned_at: Duration,
    forward: bool,
    streak: u32,
}

impl ListFocus {
    pub fn focus(&self) -> usize {
        self.focus
    }

    pub fn focus_on(&mut self, index: usize) {
        self.focus = index;
        self.scroll = None;
        self.streak = 0;
    }

    /// The knob's spin has carried the focus here; it goes on spinning.
    pub fn run_to(&mut self, index: usize) {
        self.focus = index;
        self.scroll = None;
    }

    /// Every row stands so many places further on.
    pub fn shift(&mut self, by: i64) {
        self.focus = shifted(self.focus, by);
        self.scroll = self.scroll.map(|first| shifted(first, by));
    }

    /// Fast turns in a row, in the same direction.
    pub fn streak(&self) -> u32 {
        self.streak
    }

    pub fn clamp(&mut self, total: usize) {
        self.focus = self.focus.min(total.saturating_sub(1));
        self.scroll = self.scroll.map(|first| first.min(total.saturating_sub(1)));
    }

    /// Moves by detents; stays within the list.
    pub fn turn(&mut self, now: Duration, detents: i32, total: usize) {
        if let Some(first) = self.scroll.take() {
            // The focus was left behind by the finger: it comes to where the eyes are.
            self.focus = self.focus.clamp(first, first + VISIBLE_ROWS - 1);
        }
        let forward = detents > 0;
        let goes_on = forward == self.forward && now.saturating_sub(self.turned_at) < FAST;
        self.streak = if goes_on { self.streak.saturating_add(1) } else { 0 };
        (self.turned_at, self.forward) = (now, forward);
        let speed =
            if total <= SHORT || self.streak < RUN_UP { 1 } else { 1 + (self.streak - RUN_UP + 2) / 2 };
        let steps = detents.unsigned_abs().saturating_mul(speed.min(8));
        let steps = usize::try_from(steps).unwrap_or(usize::MAX);
        let focus = if forward { self.focus.saturating_add(steps) } else { self.focus.saturating_sub(steps) };
        self.focus = focus.min(total.saturating_sub(1));
    }

    /// A finger has dragged the list.
    pub fn scroll_to(&mut self, first: usize, total: usize) {
        self.scroll = Some(first.min(total.saturating_sub(1)));
        self.streak = 0;
    }

    /// The rows that may be on the screen now.
    pub fn in_sight(&self, total: usize) -> std::ops::Range<usize> {
        let (from, to) = match self.scroll {
            Some(first) => (first, first.saturating_add(VISIBLE_ROWS)),
            None => (self.focus.saturating_sub(VISIBLE_ROWS - 1), self.focus.saturating_add(VISIBLE_ROWS)),
        };
        from.min(total)..to.min(total)
    }

    /// The rows worth showing: those around the focus, or around where the finger is.
    pub fn window(&self, total: usize) -> std::ops::Range<usize> {
        let middle = self.scroll.unwrap_or(self.focus).min(total);
        middle.saturating_sub(AROUND)..total.min(middle.saturating_add(AROUND + 1))
    }
}

fn shifted(index: usize, by: i64) -> usize {
    let to = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(by);
    usize::try_from(to).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn slow_turns_and_short_lists_count_every_detent() {
        let mut list = ListFocus::default();
        for n in 1..=20 {
            list.turn(200 * MS * n, 1, 1000);
        }
        assert_eq!(list.focus(), 20);
        let mut list = ListFocus::default();
        for n in 1..=20 {
            list.turn(10 * MS * n, 1, 25);
        }
        assert_eq!(list.focus(), 20);
    }

    #[test]
    fn fast_turns_run_through_long_lists_and_a_turn_back_is_one_step() {
        let mut list = ListFocus::default();
        for n in 1..=20 {
            list.turn(20 * MS * n, 1, 1000);
        }
        let reached = list.focus();
        assert!((60..200).contains(&reached), "{reached}");
        list.turn(20 * MS * 21, -1, 1000);
        assert_eq!(list.focus(), reached - 1);
        list.turn(9000 * MS, i32::MIN, 1000);
        assert_eq!(list.focus(), 0);
        list.turn(9001 * MS, i32::MAX, 0);
        assert_eq!(list.focus(), 0);
    }

    #[test]
    fn the_rows_in_sight_hold_the_focus_or_what_the_finger_uncovered() {
        let mut list = ListFocus::default();
        assert_eq!(list.in_sight(3), 0..3);
        list.focus_on(500);
        assert_eq!(list.in_sight(1000), 495..506);
        list.scroll_to(990, 1000);
        assert_eq!(list.in_sight(1000), 990..996);
        assert_eq!(list.in_sight(0), 0..0);
    }

    #[test]
    fn the_window_follows_the_focus_or_the_finger() {
        let mut list = ListFocus::default();
        list.focus_on(500);
        assert_eq!(list.window(1000), 468..533);
        list.scroll_to(0, 1000);
        assert_eq!(list.window(1000), 0..33);
        list.turn(MS, 1, 1000);
        assert_eq!(list.focus(), VISIBLE_ROWS, "from the last row in sight to the next");
        assert_eq!(list.window(3), 0..3);
    }
}
