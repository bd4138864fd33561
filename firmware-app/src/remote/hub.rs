//! One pace for all: the stereo's frames, one per 16 ms, and each difference written once.
//!
//! Since every connection sees the same frames, those that keep up all need the same difference.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use protocol::Snapshot;
use protocol::remote::{UnitFrame, Update};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::frame::Frame;

/// Between two frames in the long run.
const PACE: Duration = Duration::from_millis(16);
/// How far ahead of it frames may be: what came of a command does not wait because the running position was
/// sent a moment before.
const AHEAD: Duration = Duration::from_millis(32);
/// Differences that are kept: the latest for those who keep up, a few for those who lag.
const KEPT: usize = 8;

type Written = (u64, u64, Option<Utf8Bytes>);

/// Paces frames and writes differences.
pub(crate) struct Hub {
    latest: watch::Sender<Arc<Frame>>,
    written: Mutex<VecDeque<Written>>,
}

impl Hub {
    pub fn new(now: Arc<Frame>) -> Self {
        Self { latest: watch::Sender::new(now), written: Mutex::new(VecDeque::with_capacity(KEPT)) }
    }

    /// The frames as connections see them.
    pub fn frames(&self) -> watch::Receiver<Arc<Frame>> {
        self.latest.subscribe()
    }

    /// Hands frames on until the stereo is gone (generic cell rate algorithm: three at once after a pause).
    pub async fn run(&self, mut frames: watch::Receiver<Arc<Frame>>) {
        let mut due = Instant::now();
        while frames.changed().await.is_ok() {
            tokio::time::sleep_until(due.checked_sub(AHEAD).unwrap_or(due)).await;
            let frame = Arc::clone(&frames.borrow_and_update());
            self.latest.send_replace(frame);
            due = due.max(Instant::now()) + PACE;
        }
    }

    /// The update that turns `old` into `new`, as text; `None` when only the number differs.
    pub fn update(&self, old: &Snapshot, new: &Snapshot) -> Option<Utf8Bytes> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, text)) =
            written.iter().rev().find(|(from, to, _)| (*from, *to) == (old.seq, new.seq))
        {
            return text.clone();
        }
        let update = Update::between(old, new).map(|update| text(&UnitFrame::Update(Box::new(update))));
        if written.len() == KEPT {
            written.pop_front();
        }
        written.push_back((old.seq, new.seq, update.clone()));
        update
    }
}

/// A frame as it travels.
pub(crate) fn text(frame: &UnitFrame) -> Utf8Bytes {
    match serde_json::to_string(frame) {
        Ok(text) => text.into(),
        Err(error) => {
            // Nothing in a frame can fail to be JSON; if it did, an unknown frame is passed over.
            tracing::error!(%error, "a frame cannot be written");
            Utf8Bytes::from_static("{\"type\":\"none\"}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(seq: u64, step: u8) -> Arc<Frame> {
        let mut snapshot = Snapshot { seq, ..Snapshot::default() };
        snapshot.volume.step = step;
        Arc::new(Frame { snapshot: Arc::new(snapshot), ..Frame::default() })
    }

    #[test]
    fn a_difference_is_written_once_and_old_ones_are_let_go() {
        let hub = Hub::new(Arc::default());
        let frames: Vec<_> = (0..20).map(|n| frame(n, n as u8)).collect();
        let first = hub.update(&frames[0].snapshot, &frames[1].snapshot).unwrap();
        let again = hub.update(&frames[0].snapshot, &frames[1].snapshot).unwrap();
        assert_eq!(first.as_ptr(), again.as_ptr(), "the same bytes, not equal ones");
        for pair in frames.windows(2) {
            assert!(hub.update(&pair[0].snapshot, &pair[1].snapshot).is_some());
        }
        assert_eq!(hub.written.lock().unwrap().len(), KEPT);
        let same = Snapshot { seq: 99, ..(*frames[3].snapshot).clone() };
        assert_eq!(hub.update(&frames[3].snapshot, &same), None);
    }

    #[test]
    fn frames_are_skipped_and_not_queued() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let (sender, frames) = watch::channel(frame(0, 0));
        let hub = Arc::new(Hub::new(frame(0, 0)));
        let mut seen = hub.frames();
        runtime.block_on(async {
            let pace = Arc::clone(&hub);
            let task = tokio::spawn(async move { pace.run(frames).await });
            let mut got = Vec::new();
            let since = Instant::now();
            for n in 1..=100_u64 {
                sender.send_replace(frame(n, 0));
                tokio::time::sleep(Duration::from_millis(1)).await;
                if seen.has_changed().unwrap() {
                    got.push(seen.borrow_and_update().snapshot.seq);
                }
            }
            let most = since.elapsed().as_millis() as usize / 16 + 4;
            assert!(got.len() <= most && got.len() >= 2, "{got:?}");
            assert!(got[0] <= 2, "the first comes at once: {got:?}");
            while seen.borrow_and_update().snapshot.seq != 100 {
                seen.changed().await.unwrap();
            }
            drop(sender);
            task.await.unwrap();
        });
    }
}
