//! One display that is drawn to: two buffers of the card that take turns.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use drm::buffer::{Buffer as _, DrmFourcc};
use drm::control::dumbbuffer::{DumbBuffer, DumbMapping};
use drm::control::{Device as ControlDevice, Event, PageFlipFlags, framebuffer, property};

use super::card::{Card, Route};
use super::pair::Pair;
use crate::{Rect, Rotation, ScreenError};

/// A flip that takes longer than this has been forgotten by the driver.
const FLIP_PATIENCE: Duration = Duration::from_secs(1);

/// Values of a connector's property DPMS (drm_mode.h).
const DPMS_ON: u64 = 0;
const DPMS_OFF: u64 = 3;

/// A buffer of the card.
struct Buffer {
    frame: framebuffer::Handle,
    memory: DumbMapping<'static>,
    pitch: usize,
}

/// The display.
pub(super) struct Output {
    // Unmapped before the card is closed, which frees the rest and makes the display dark.
    buffers: [Buffer; 2],
    card: Card,
    route: Route,
    dpms: Option<property::Handle>,
    pair: Pair,
    /// A flip is under way since then.
    flip: Option<Instant>,
    /// The display shows our mode; else the next picture sets it.
    is_set: bool,
    is_lit: bool,
}

impl Output {
    /// Prepares the display. What is on it stays until the first picture.
    ///
    /// # Errors
    /// [`ScreenError::Gone`] when the card has no memory for two pictures, or has been pulled.
    pub fn new(card: Card, route: Route, rotation: Rotation) -> Result<Self, ScreenError> {
        let (width, height) = route.mode.size();
        let panel = (u32::from(width), u32::from(height));
        let buffers = [buffer(&card, panel)?, buffer(&card, panel)?];
        let dpms = dpms_property(&card, &route);
        let pair = Pair::new(panel, rotation);
        Ok(Self { buffers, card, route, dpms, pair, flip: None, is_set: false, is_lit: true })
    }

    /// Of the picture, in pixels.
    pub fn size(&self) -> (u32, u32) {
        self.pair.size()
    }

    /// For the log.
    pub fn describe(&self) -> String {
        let ((width, height), refresh) = (self.route.mode.size(), self.route.mode.vrefresh());
        let pitch = self.buffers[0].pitch;
        format!("{} {width}x{height} at {refresh} Hz, {pitch} bytes a row", self.route.name)
    }

    /// Whether a picture would be shown now.
    pub fn is_ready(&self) -> bool {
        self.is_lit && self.flip.is_none()
    }

    /// When a flip that is under way has taken too long.
    pub fn deadline(&self) -> Option<Instant> {
        self.flip.map(|since| since + FLIP_PATIENCE)
    }

    /// As [`crate::Screen::present`].
    pub fn present(&mut self, picture: &[u32], dirty: &[Rect]) -> Result<usize, ScreenError> {
        let wanted = self.pair.pixels();
        if picture.len() != wanted {
            return Err(ScreenError::Size { got: picture.len(), wanted });
        }
        self.pair.changed(dirty);
        if !self.is_ready() {
            return Err(ScreenError::Busy);
        }
        let back = self.pair.back();
        let Buffer { frame, memory, pitch } = &mut self.buffers[back];
        let bytes = self.pair.fill(picture, memory, *pitch);
        let frame = *frame;
        let shown = if self.is_set { self.flip(frame) } else { self.set(frame) };
        if matches!(shown, Err(ScreenError::Busy)) {
            // A flip we no longer know of is under way: as long as any other, it may take its time.
            self.flip = Some(Instant::now());
        }
        shown?;
        self.pair.turned();
        Ok(bytes)
    }

    /// Sets the mode with this buffer on the glass, at once.
    #[allow(deprecated)]
    fn set(&mut self, frame: framebuffer::Handle) -> Result<(), ScreenError> {
        let Route { connector, crtc, mode, .. } = self.route;
        self.card.set_crtc(crtc, Some(frame), (0, 0), &[connector], Some(mode)).map_err(problem)?;
        // What was there before may have shown a pointer. Cards without one refuse, which is as good.
        let _ = self.card.set_cursor(crtc, None::<&DumbBuffer>);
        self.is_set = true;
        Ok(())
    }

    /// Puts this buffer on the glass with the next frame.
    fn flip(&mut self, frame: framebuffer::Handle) -> Result<(), ScreenError> {
        match self.card.page_flip(self.route.crtc, frame, PageFlipFlags::EVENT, None) {
            Ok(()) => {
                self.flip = Some(Instant::now());
                Ok(())
            }
            // The mode was taken away behind our back, or the driver cannot flip.
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => self.set(frame),
            Err(error) => Err(problem(error)),
        }
    }

    /// The card has something to say: the flip is done. False if it is the card's last word.
    pub fn hear(&mut self) -> bool {
        match self.card.receive_events() {
            Ok(mut events) => {
                if events.any(|event| matches!(event, Event::PageFlip(_))) {
                    self.flip = None;
                }
                true
            }
            Err(error) => matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted),
        }
    }

    /// Gives up a flip whose end the driver has not told: the next picture sets the mode anew.
    pub fn time_passed(&mut self, now: Instant) {
        if self.deadline().is_some_and(|at| at <= now) {
            tracing::warn!("the display has not said that it shows the picture");
            self.flip = None;
            self.is_set = false;
        }
    }

    /// Something was plugged: whether the display is still the one it was. A cable that was out for a moment may
    /// need the mode again.
    pub fn is_still_there(&mut self) -> bool {
        let is_there = self.card.still_has(&self.route);
        if is_there && self.is_set && self.is_lit && self.flip.is_none() {
            let frame = self.buffers[self.pair.back() ^ 1].frame;
            self.is_set = false;
            return self.set(frame).is_ok();
        }
        is_there
    }

    /// As [`crate::Screen::set_lit`].
    pub fn set_lit(&mut self, lit: bool) {
        if self.is_lit == lit {
            return;
        }
        self.is_lit = lit;
        if let Some(dpms) = self.dpms {
            let value = if lit { DPMS_ON } else { DPMS_OFF };
            if let Err(error) = self.card.set_property(self.route.connector, dpms, value) {
                tracing::debug!(%error, lit, "the display keeps its power");
            }
        }
        // A dark display forgets its flip.
        self.flip = None;
        self.is_set = false;
    }
}

impl AsFd for Output {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.card.as_fd()
    }
}

fn buffer(card: &Card, size: (u32, u32)) -> Result<Buffer, ScreenError> {
    let dumb = card.create_dumb_buffer(size, DrmFourcc::Xrgb8888, 32).map_err(ScreenError::Gone)?;
    // The mapping borrows the description although it needs nothing of it; these few bytes for each display that
    // is plugged in buy a mapping that can be kept beside its card.
    let dumb = Box::leak(Box::new(dumb));
    let frame = card.add_framebuffer(dumb, 24, 32).map_err(problem)?;
    let pitch = dumb.pitch() as usize;
    let memory = card.map_dumb_buffer(dumb).map_err(ScreenError::Gone)?;
    Ok(Buffer { frame, memory, pitch })
}

fn dpms_property(card: &Card, route: &Route) -> Option<property::Handle> {
    let set = card.get_properties(route.connector).ok()?;
    let (handles, _) = set.as_props_and_values();
    let is_dpms = |handle: &&property::Handle| {
        card.get_property(**handle).is_ok_and(|info| info.name().to_bytes() == b"DPMS")
    };
    handles.iter().find(is_dpms).copied()
}

/// What the kernel's refusal means for us.
pub(super) fn problem(error: io::Error) -> ScreenError {
    match error.raw_os_error() {
        Some(libc::EBUSY | libc::EAGAIN | libc::EINTR) => ScreenError::Busy,
        Some(libc::EACCES | libc::EPERM) => ScreenError::Taken(error),
        _ => ScreenError::Gone(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_apart() {
        let of = |code| problem(io::Error::from_raw_os_error(code));
        assert!(matches!(of(libc::EBUSY), ScreenError::Busy));
        assert!(matches!(of(libc::EACCES), ScreenError::Taken(_)));
        assert!(matches!(of(libc::EPERM), ScreenError::Taken(_)));
        for code in [libc::ENODEV, libc::EIO, libc::ENOSPC, libc::ENOENT] {
            assert!(matches!(of(code), ScreenError::Gone(_)), "{code}");
        }
    }
}
