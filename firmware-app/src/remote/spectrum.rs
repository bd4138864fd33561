//! One look at the spectrum for everybody who watches, 15 times a second, while music plays and somebody
//! does.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use protocol::TransportState;
use protocol::remote::{SPECTRUM_BANDS, UnitFrame};
use tokio::sync::{Notify, watch};
use tokio::time::MissedTickBehavior;

use super::hub;
use crate::app::AppHandle;
use crate::frame::Frame;

/// Between two looks.
const EVERY: Duration = Duration::from_nanos(1_000_000_000 / 15);

/// Sends spectrum frames to those who watch.
#[derive(Default)]
pub(crate) struct Spectrum {
    frames: watch::Sender<Utf8Bytes>,
    somebody: Notify,
}

impl Spectrum {
    /// Frames from now on, until it is dropped.
    pub fn watch(&self) -> watch::Receiver<Utf8Bytes> {
        let mut frames = self.frames.subscribe();
        frames.mark_unchanged();
        self.somebody.notify_one();
        frames
    }

    /// Looks as long as the server runs.
    pub async fn run(&self, app: &AppHandle, unit: watch::Receiver<Arc<Frame>>) {
        loop {
            self.somebody.notified().await;
            let mut ticks = tokio::time::interval(EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut was_playing = false;
            while self.frames.receiver_count() > 0 {
                ticks.tick().await;
                let is_playing = unit.borrow().snapshot.transport.state == TransportState::Playing;
                if is_playing {
                    self.frames.send_replace(frame(&app.spectrum().0));
                } else if was_playing {
                    self.frames.send_replace(frame(&[0.0; SPECTRUM_BANDS]));
                }
                was_playing = is_playing;
            }
        }
    }
}

fn frame(bands: &[f32]) -> Utf8Bytes {
    // In range by the clamp.
    let bands = bands.iter().map(|band| (band.clamp(0.0, 1.0) * 255.0).round() as u8).collect();
    hub::text(&UnitFrame::Spectrum { bands })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_bytes() {
        let text = frame(&[0.0, 0.5, 1.0, 2.0, -1.0, f32::NAN]);
        assert_eq!(text.as_str(), r#"{"type":"spectrum","bands":[0,128,255,255,0,0]}"#);
    }
}
