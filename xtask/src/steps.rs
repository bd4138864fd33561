//! Numbered steps on the terminal, each with the time it took.

use std::time::{Duration, Instant};

/// Announces the steps of a chore: `[2/7] Build …`.
pub struct Steps {
    total: usize,
    number: usize,
    began: Instant,
    step_began: Instant,
}

impl Steps {
    /// A chore of `total` steps.
    pub fn new(total: usize) -> Self {
        let now = Instant::now();
        Self { total, number: 0, began: now, step_began: now }
    }

    /// Announces the next step.
    pub fn next(&mut self, what: &str) {
        self.number += 1;
        self.step_began = Instant::now();
        println!("\n[{}/{}] {what}", self.number, self.total);
    }

    /// Says how the current step went.
    pub fn done(&self, outcome: &str) {
        println!("      {outcome} ({})", seconds(self.step_began.elapsed()));
    }

    /// Time since the first step.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

/// A duration for people: `3.4 s`, `2 min 05 s`.
pub fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_for_people() {
        assert_eq!(seconds(Duration::from_millis(3_440)), "3.4 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }
}
