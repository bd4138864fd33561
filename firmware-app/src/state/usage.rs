//! What of the unit's use is counted, if its owner wishes: how much, never what.

use std::time::Duration;

use protocol::cloud::UsageKind;

use super::State;

/// What was counted is handed on this long after the first of it.
const HANDED_ON: Duration = Duration::from_secs(60);

/// Counts since they were handed on last.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    played_s: f64,
    /// In the order of [`UsageKind::ALL`], without the seconds.
    counts: [u32; UsageKind::ALL.len()],
    /// As the engine counts them since its start.
    underruns: u64,
    due: Option<Duration>,
}

impl Usage {
    pub fn deadline(&self) -> Option<Duration> {
        self.due
    }

    /// Nobody wishes to know.
    pub fn forget(&mut self) {
        *self = Self { underruns: self.underruns, ..Self::default() };
    }

    /// What is to be handed on now.
    pub fn due(&mut self, now: Duration) -> Option<Vec<(UsageKind, u32)>> {
        if self.due.is_none_or(|due| due > now) {
            return None;
        }
        let whole_s = self.played_s.floor();
        self.played_s -= whole_s;
        let mut counts = std::mem::take(&mut self.counts);
        // Within a minute or two: it fits.
        counts[0] = whole_s as u32;
        self.due = None;
        let counts = UsageKind::ALL.into_iter().zip(counts).filter(|(_, amount)| *amount > 0);
        Some(counts.collect::<Vec<_>>()).filter(|counts| !counts.is_empty())
    }
}

impl State {
    /// One more of something that is counted.
    pub fn count_use(&mut self, now: Duration, kind: UsageKind) {
        if !self.cloud.tells_usage {
            return;
        }
        if let Some(at) = UsageKind::ALL.iter().position(|known| *known == kind) {
            self.usage.counts[at] = self.usage.counts[at].saturating_add(1);
            self.usage.due.get_or_insert(now + HANDED_ON);
        }
    }

    /// Music was heard for so long.
    pub(super) fn count_played(&mut self, seconds: f64) {
        if self.cloud.tells_usage {
            self.usage.played_s += seconds;
        }
    }

    /// How often the sound ran dry since its device was started.
    pub fn underruns_are(&mut self, now: Duration, total: u64) {
        let before = std::mem::replace(&mut self.usage.underruns, total);
        // After a new start of the device it begins again at zero.
        let more = total.checked_sub(before).unwrap_or(total);
        for _ in 0..more.min(1000) {
            self.count_use(now, UsageKind::Underruns);
        }
        if self.usage.played_s >= 1.0 {
            self.usage.due.get_or_insert(now + HANDED_ON);
        }
    }
}
