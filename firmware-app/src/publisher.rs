//! What changed since the last frame, and whether it is worth a new one.

use std::sync::Arc;
use std::time::Duration;

use protocol::{Changed, Snapshot};

use crate::frame::Frame;
use crate::model::Model;
use crate::view;

/// A position that only runs is published at most this often.
pub(crate) const POSITION_INTERVAL: Duration = Duration::from_millis(250);
/// A position this far from where it would have run to has jumped.
const JUMP_S: f64 = 0.6;

/// Makes frames.
#[derive(Debug, Default)]
pub(crate) struct Publisher {
    last: Arc<Frame>,
    published_at: Duration,
    seq: u64,
}

impl Publisher {
    /// The next frame, if anything in it differs from the last.
    pub fn frame(&mut self, now: Duration, model: &Model) -> Option<Arc<Frame>> {
        let snapshot = view::snapshot(&model.state, &model.nav);
        let screen = view::screen(&model.state, &model.nav);
        let cover = model.state.cover.clone();
        let mut changed =
            if self.seq == 0 { Changed::ALL } else { Changed::between(&self.last.snapshot, &snapshot) };
        if screen != *self.last.screen {
            changed |= Changed::PAGE;
        }
        let is_same_cover = match (&cover, &self.last.cover) {
            (Some(new), Some(old)) => Arc::ptr_eq(new, old),
            (new, old) => new.is_none() && old.is_none(),
        };
        if !is_same_cover {
            changed |= Changed::NOW;
        }
        if changed == Changed::POSITION && !self.is_due(now, &snapshot) || changed.is_none() {
            return None;
        }
        self.seq += 1;
        self.published_at = now;
        let is_same_screen = screen == *self.last.screen;
        let screen = if is_same_screen { Arc::clone(&self.last.screen) } else { Arc::new(screen) };
        let snapshot = Arc::new(Snapshot { seq: self.seq, ..snapshot });
        self.last = Arc::new(Frame { snapshot, screen, cover, changed });
        Some(Arc::clone(&self.last))
    }

    /// The frame published last.
    pub fn last(&self) -> Arc<Frame> {
        Arc::clone(&self.last)
    }

    fn is_due(&self, now: Duration, snapshot: &Snapshot) -> bool {
        let ran = snapshot.transport.position_s - self.last.snapshot.transport.position_s;
        now >= self.published_at + POSITION_INTERVAL || !(0.0..JUMP_S).contains(&ran)
    }
}
