//! A screen in memory: a display that is plugged and pulled from outside, fingers, and what is on its glass.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::sync::lock;
use crate::{Rect, Screen, ScreenError, ScreenEvent, ScreenWaker, Touch};

/// The part the stereo draws on.
#[derive(Debug)]
pub struct SimScreen {
    shared: Arc<Shared>,
}

/// Plugs, touches and looks.
#[derive(Clone, Debug)]
pub struct ScreenHandle {
    shared: Arc<Shared>,
}

/// What is on the glass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glass {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// XRGB8888.
    pub pixels: Vec<u32>,
    /// Pictures shown so far.
    pub pictures: u64,
    /// Times somebody waited so far.
    pub waits: u64,
    /// Bytes copied so far.
    pub bytes: usize,
    /// The display is on.
    pub is_lit: bool,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    events: Vec<ScreenEvent>,
    is_woken: bool,
    is_plugged: bool,
    glass: Glass,
}

impl SimScreen {
    /// A hand and the screen, which has no display yet.
    #[must_use]
    pub fn new() -> (ScreenHandle, Self) {
        let shared = Arc::new(Shared::default());
        lock(&shared.state).glass.is_lit = true;
        (ScreenHandle { shared: Arc::clone(&shared) }, Self { shared })
    }
}

impl ScreenHandle {
    /// Plugs a display of this size, black.
    pub fn plug(&self, width: u32, height: u32) {
        self.change(|state| {
            state.is_plugged = true;
            (state.glass.width, state.glass.height) = (width, height);
            state.glass.pixels = vec![0; width as usize * height as usize];
            state.events.push(ScreenEvent::Appeared { width, height });
        });
    }

    /// Pulls it.
    pub fn pull(&self) {
        self.change(|state| {
            state.is_plugged = false;
            state.glass.pixels.clear();
            state.events.push(ScreenEvent::Gone);
        });
    }

    /// Touches the glass.
    pub fn touch(&self, touch: Touch) {
        self.change(|state| state.events.push(ScreenEvent::Touch(touch)));
    }

    /// What is on it now.
    #[must_use]
    pub fn glass(&self) -> Glass {
        lock(&self.shared.state).glass.clone()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.shared.state));
        self.shared.changed.notify_all();
    }
}

impl Screen for SimScreen {
    fn waker(&self) -> ScreenWaker {
        let shared = Arc::clone(&self.shared);
        Arc::new(move || {
            lock(&shared.state).is_woken = true;
            shared.changed.notify_all();
        })
    }

    fn wait(&mut self, longest: Duration) -> Vec<ScreenEvent> {
        let end = Instant::now().checked_add(longest);
        let mut state = lock(&self.shared.state);
        state.glass.waits += 1;
        while state.events.is_empty() && !state.is_woken {
            let rest = end.map_or(longest, |end| end.saturating_duration_since(Instant::now()));
            if rest.is_zero() {
                break;
            }
            let waited = self.shared.changed.wait_timeout(state, rest);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.is_woken = false;
        std::mem::take(&mut state.events)
    }

    fn is_ready(&self) -> bool {
        let state = lock(&self.shared.state);
        state.is_plugged && state.glass.is_lit
    }

    fn present(&mut self, picture: &[u32], dirty: &[Rect]) -> Result<usize, ScreenError> {
        let mut state = lock(&self.shared.state);
        let state = &mut *state;
        if !state.is_plugged {
            return Err(ScreenError::Absent("pulled".into()));
        }
        if !state.glass.is_lit {
            return Err(ScreenError::Busy);
        }
        let glass = &mut state.glass;
        if picture.len() != glass.pixels.len() {
            return Err(ScreenError::Size { got: picture.len(), wanted: glass.pixels.len() });
        }
        let mut bytes = 0;
        for rect in dirty {
            let rect = rect.intersection(Rect::new(0, 0, glass.width, glass.height));
            for y in rect.y..rect.bottom() {
                let row = (y * glass.width + rect.x) as usize..(y * glass.width + rect.right()) as usize;
                glass.pixels[row.clone()].copy_from_slice(&picture[row]);
            }
            bytes += rect.width as usize * rect.height as usize * size_of::<u32>();
        }
        glass.pictures += 1;
        glass.bytes += bytes;
        Ok(bytes)
    }

    fn set_lit(&mut self, lit: bool) {
        lock(&self.shared.state).glass.is_lit = lit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_reaches_the_glass() {
        let (hand, mut screen) = SimScreen::new();
        assert!(!screen.is_ready());
        assert!(matches!(screen.present(&[7; 6], &[]), Err(ScreenError::Absent(_))));
        hand.plug(3, 2);
        assert_eq!(screen.wait(Duration::ZERO), [ScreenEvent::Appeared { width: 3, height: 2 }]);
        assert!(matches!(screen.present(&[7; 6], &[Rect::new(1, 1, 9, 9)]), Ok(8)));
        assert_eq!(hand.glass().pixels, [0, 0, 0, 0, 7, 7]);
        assert!(matches!(screen.present(&[7; 5], &[]), Err(ScreenError::Size { got: 5, wanted: 6 })));
        screen.set_lit(false);
        assert!(!screen.is_ready() && matches!(screen.present(&[7; 6], &[]), Err(ScreenError::Busy)));
        hand.pull();
        assert_eq!(screen.wait(Duration::from_secs(9)), [ScreenEvent::Gone]);
    }

    #[test]
    fn a_wait_ends_when_somebody_wakes_it_and_not_before() {
        let (_, mut screen) = SimScreen::new();
        let waker = screen.waker();
        waker();
        assert!(screen.wait(Duration::from_secs(20)).is_empty());
        let began = Instant::now();
        assert!(screen.wait(Duration::from_millis(30)).is_empty());
        assert!(began.elapsed() >= Duration::from_millis(30));
    }
}
