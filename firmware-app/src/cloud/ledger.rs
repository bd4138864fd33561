//! What of the unit's use waits to be told: counts of days, each under a number by which it counts once.

use protocol::cloud::{MAX_EVENTS, UsageKind};

use crate::cloud_desk::UsageLine;
use crate::letters::Numbers;
use crate::store::UsageRow;

/// Days after which what was never taken is forgotten.
const KEPT_DAYS: u32 = 30;
/// Most of one kind in one count.
const MOST: u32 = 86_400;
/// 2026-01-01. A clock that says less was never set, and what has no day is not counted.
const FIRST_DAY: u32 = 20_454;

/// The counts.
#[derive(Debug)]
pub(crate) struct Ledger {
    rows: Vec<UsageRow>,
    numbers: Numbers,
}

impl Ledger {
    pub fn new(rows: Vec<UsageRow>, numbers: Numbers) -> Self {
        Self { rows, numbers }
    }

    /// As it is stored.
    pub fn rows(&self) -> Vec<UsageRow> {
        self.rows.clone()
    }

    /// Adds to the count of a day.
    pub fn count(&mut self, day: u32, kind: UsageKind, amount: u32) {
        let mut left = if day < FIRST_DAY { 0 } else { amount };
        while left > 0 {
            let is_open =
                |row: &&mut UsageRow| row.day == day && row.kind == kind && !row.sealed && row.amount < MOST;
            match self.rows.iter_mut().find(is_open) {
                Some(row) => {
                    let more = left.min(MOST - row.amount);
                    row.amount += more;
                    left -= more;
                }
                None => {
                    let id = self.numbers.take();
                    self.rows.push(UsageRow { id, day, kind, amount: 0, sealed: false });
                }
            }
        }
    }

    /// Forgets what is too old; true if there was any.
    pub fn expire(&mut self, today: u32) -> bool {
        let before = self.rows.len();
        self.rows.retain(|row| row.day.saturating_add(KEPT_DAYS) >= today);
        self.rows.len() != before
    }

    /// What is to be sent next. It grows no more, so that what is sent twice is the same.
    pub fn seal(&mut self) -> Vec<UsageRow> {
        let next = self.rows.iter_mut().take(MAX_EVENTS);
        next.map(|row| {
            row.sealed = true;
            row.clone()
        })
        .collect()
    }

    /// The cloud has these.
    pub fn taken(&mut self, sent: &[UsageRow]) {
        self.rows.retain(|row| !sent.iter().any(|sent| sent.id == row.id));
    }

    /// Nobody wishes to know any more.
    pub fn forget(&mut self) {
        self.rows.clear();
    }

    /// For the page: one line for each day and kind, the newest day first.
    pub fn lines(&self) -> Vec<UsageLine> {
        let mut lines: Vec<UsageLine> = Vec::new();
        for row in &self.rows {
            let amount = u64::from(row.amount);
            match lines.iter_mut().find(|line| (line.day, line.kind) == (row.day, row.kind)) {
                Some(line) => line.amount += amount,
                None => lines.push(UsageLine { day: row.day, kind: row.kind, amount }),
            }
        }
        let place = |kind| UsageKind::ALL.iter().position(|known| *known == kind);
        lines.sort_by_key(|line| (std::cmp::Reverse(line.day), place(line.kind)));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u32 = 20_779;

    fn ledger() -> Ledger {
        Ledger::new(Vec::new(), Numbers::new([1; 32]))
    }

    #[test]
    fn what_was_sent_grows_no_more_and_goes_only_when_it_was_taken() {
        let mut ledger = ledger();
        ledger.count(DAY, UsageKind::PlayedSeconds, 60);
        ledger.count(DAY, UsageKind::PlayedSeconds, 30);
        let first = ledger.seal();
        assert_eq!((first.len(), first[0].amount, first[0].id.len()), (1, 90, 22));
        ledger.count(DAY, UsageKind::PlayedSeconds, 5);
        let again = ledger.seal();
        assert_eq!((again[0].clone(), again[1].amount), (first[0].clone(), 5), "sent again as it was");
        assert_ne!(again[0].id, again[1].id);
        assert_eq!(ledger.lines(), [UsageLine { day: DAY, kind: UsageKind::PlayedSeconds, amount: 95 }]);
        ledger.taken(&first);
        assert_eq!(ledger.rows().len(), 1);
        ledger.forget();
        assert_eq!(ledger.seal(), []);
    }

    #[test]
    fn a_count_has_a_largest_amount_a_batch_a_largest_number_and_everything_an_age() {
        let mut ledger = ledger();
        ledger.count(DAY, UsageKind::Underruns, MOST + 10);
        let amounts: Vec<u32> = ledger.rows().iter().map(|row| row.amount).collect();
        assert_eq!(amounts, [MOST, 10]);
        for _ in 0..600 {
            ledger.seal();
            ledger.count(DAY, UsageKind::Starts, 1);
        }
        assert_eq!(ledger.seal().len(), MAX_EVENTS);
        assert!(!ledger.expire(DAY + KEPT_DAYS));
        assert!(ledger.expire(DAY + KEPT_DAYS + 1));
        assert_eq!(ledger.rows(), []);
    }

    #[test]
    fn a_unit_without_the_date_counts_nothing() {
        let mut ledger = ledger();
        ledger.count(0, UsageKind::Starts, 1);
        ledger.count(FIRST_DAY - 1, UsageKind::Starts, 1);
        assert_eq!(ledger.rows(), []);
        ledger.count(FIRST_DAY, UsageKind::Starts, 1);
        assert_eq!(ledger.rows().len(), 1);
    }

    #[test]
    fn the_page_shows_the_newest_day_first() {
        let mut ledger = ledger();
        for (day, kind) in
            [(DAY, UsageKind::Underruns), (DAY + 1, UsageKind::Starts), (DAY, UsageKind::Starts)]
        {
            ledger.count(day, kind, 1);
        }
        let lines: Vec<(u32, UsageKind)> = ledger.lines().iter().map(|line| (line.day, line.kind)).collect();
        let wanted = [(DAY + 1, UsageKind::Starts), (DAY, UsageKind::Starts), (DAY, UsageKind::Underruns)];
        assert_eq!(lines, wanted);
    }
}
