//! The parametric equaliser: up to 31 bands with live edits.
//!
//! A change of gain, or a small one of frequency or Q, moves the band's coefficients along the ramp.
//! A larger move would sweep through filters nobody asked for, so the old filter goes down to 0 dB in
//! one slot while the new one comes up from 0 dB in another. A filter at 0 dB has its zeros on its poles:
//! it passes the signal and only lets its own memory ring out. There its poles and zeros are drawn
//! inwards together, which nothing but that ringing hears, so that it ends soon whatever the Q. When
//! it has died away the slot is dropped, and with no slot left the stage leaves every bit as it is.
use super::biquad::{Coeffs, Frame, State};
use crate::params::{Band, BandSetting, MAX_BANDS};

/// Bands and the outgoing filters of edits that ring out.
const SLOTS: usize = 64;
/// A filter at 0 dB is dropped when what it holds is below this (−140 dBFS).
const RUNG_OUT: f64 = 1e-7;
/// The longest time constant of that ringing, seconds.
const RING_S: f64 = 0.020;

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The band it serves; `None` on the way out.
    band: Option<usize>,
    design: Band,
    neutral: Coeffs,
    from: Coeffs,
    to: Coeffs,
    state: State,
}

/// The stage.
#[derive(Debug)]
pub(crate) struct Equaliser {
    /// The first `used` are in use.
    slots: [Option<Slot>; SLOTS],
    used: usize,
    /// How far inwards the poles of a filter on its way out are drawn.
    shrink: f64,
}

impl Equaliser {
    /// Set to `bands` at once, for an output of `rate` Hz.
    pub fn new(bands: &[Option<BandSetting>; MAX_BANDS], rate: u32) -> Self {
        let shrink = (-1.0 / (f64::from(rate) * RING_S)).exp();
        let mut eq = Self { slots: [None; SLOTS], used: 0, shrink };
        eq.retarget(bands);
        eq.settle();
        eq
    }

    /// Whether there is nothing to run.
    pub fn is_idle(&self) -> bool {
        self.used == 0
    }

    /// Whether `bands` can be taken now: there may be too many filters still ringing out.
    pub fn has_room(&self) -> bool {
        self.used + MAX_BANDS <= SLOTS
    }

    /// Sets off towards `bands`; the ramp must be at rest and there must be room.
    pub fn retarget(&mut self, bands: &[Option<BandSetting>; MAX_BANDS]) {
        let mut served = [false; MAX_BANDS];
        for slot in self.slots.iter_mut().flatten() {
            let Some(band) = slot.band else { continue };
            match bands.get(band).copied().flatten() {
                Some(wanted) if is_near(&slot.design, &wanted.design) => {
                    slot.design = wanted.design;
                    slot.neutral = wanted.neutral;
                    slot.to = wanted.coeffs;
                    if let Some(served) = served.get_mut(band) {
                        *served = true;
                    }
                }
                _ => {
                    slot.band = None;
                    slot.to = slot.neutral;
                }
            }
        }
        for (band, (wanted, served)) in bands.iter().zip(served).enumerate() {
            if let (Some(wanted), false) = (wanted, served) {
                self.add(band, wanted);
            }
        }
    }

    fn add(&mut self, band: usize, wanted: &BandSetting) {
        if let Some(free) = self.slots.get_mut(self.used) {
            *free = Some(Slot {
                band: Some(band),
                design: wanted.design,
                neutral: wanted.neutral,
                from: wanted.neutral,
                to: wanted.coeffs,
                state: State::default(),
            });
            self.used += 1;
        }
    }

    /// The ramp has ended: what it led to is where the next one starts.
    pub fn settle(&mut self) {
        for slot in self.slots.iter_mut().flatten() {
            if slot.band.is_none() && slot.to == slot.neutral {
                slot.to = slot.neutral.shrunk(self.shrink);
            }
            slot.from = slot.to;
        }
    }

    /// Filters `block` in place at the settled coefficients.
    pub fn run(&mut self, block: &mut [Frame]) {
        let used = self.slots.get_mut(..self.used).unwrap_or_default();
        for pair in used.chunks_mut(2) {
            match pair {
                [Some(one), Some(two)] => {
                    State::run_pair([&mut one.state, &mut two.state], [&one.to, &two.to], block);
                }
                [Some(one)] => one.state.run(&one.to, block),
                _ => {}
            }
        }
        self.drop_rung_out();
    }

    /// Filters `block` in place on the way to the new coefficients.
    pub fn run_ramp(&mut self, weights: &[f64], block: &mut [Frame]) {
        for slot in self.slots.iter_mut().flatten() {
            if slot.from == slot.to {
                slot.state.run(&slot.to, block);
            } else {
                slot.state.run_between(&slot.from, &slot.to, weights, block);
            }
        }
    }

    fn drop_rung_out(&mut self) {
        let mut at = 0;
        while at < self.used {
            let gone = self
                .slots
                .get(at)
                .and_then(Option::as_ref)
                .is_none_or(|slot| slot.band.is_none() && slot.state.magnitude() < RUNG_OUT);
            if gone {
                if let Some(rest) = self.slots.get_mut(at..self.used) {
                    // In order: a filter that changed places would find another signal than its memory's.
                    rest.rotate_left(1);
                }
                self.used -= 1;
                if let Some(free) = self.slots.get_mut(self.used) {
                    *free = None;
                }
            } else {
                at += 1;
            }
        }
    }
}

/// Whether the straight way between the two filters stays between them: same shape, frequency within a
/// third of an octave, Q within a factor of 1.5.
fn is_near(a: &Band, b: &Band) -> bool {
    let within = |a: f32, b: f32, factor: f32| a <= b * factor && b <= a * factor;
    a.shape == b.shape && within(a.frequency, b.frequency, 1.26) && within(a.q, b.q, 1.5)
}
