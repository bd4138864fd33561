//! A backlight whose level can be read: the simulator dims its bezel by it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::{Backlight, PartGone};

/// The part the stereo sets.
#[derive(Debug)]
pub struct SimBacklight {
    percent: Arc<AtomicU8>,
}

/// Reads what the stereo has set.
#[derive(Clone, Debug)]
pub struct BacklightHandle {
    percent: Arc<AtomicU8>,
}

impl SimBacklight {
    /// A reader and the light, which starts at 100 %.
    #[must_use]
    pub fn new() -> (BacklightHandle, Self) {
        let percent = Arc::new(AtomicU8::new(100));
        (BacklightHandle { percent: Arc::clone(&percent) }, Self { percent })
    }
}

impl Backlight for SimBacklight {
    fn set(&mut self, percent: u8) -> Result<(), PartGone> {
        self.percent.store(percent.min(100), Ordering::Relaxed);
        Ok(())
    }
}

impl BacklightHandle {
    /// 0 (dark) to 100.
    #[must_use]
    pub fn percent(&self) -> u8 {
        self.percent.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_can_be_read_and_stays_within_its_range() {
        let (eye, mut light) = SimBacklight::new();
        assert_eq!(eye.percent(), 100);
        assert_eq!(light.set(7), Ok(()));
        assert_eq!(eye.percent(), 7);
        assert_eq!(light.set(250), Ok(()));
        assert_eq!(eye.percent(), 100);
    }
}
