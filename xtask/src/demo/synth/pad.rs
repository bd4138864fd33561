//! Warm chords: four detuned saws, two a side, behind a slowly opening low pass.

use super::super::RATE;
use super::super::score::Note;
use super::filter::TwoPole;
use super::{Stereo, frames};

const ATTACK_S: f32 = 0.7;
const RELEASE_S: f32 = 1.6;

/// A saw without audible aliases (PolyBLEP).
struct Saw {
    phase: f32,
    step: f32,
}

impl Saw {
    fn new(frequency: f32, cents: f32, phase: f32) -> Self {
        Self { phase, step: frequency * (cents / 1200.0).exp2() / RATE as f32 }
    }

    fn sample(&mut self) -> f32 {
        self.phase += self.step;
        if self.phase >= 1.0 {
            self.phase -= 1.0;
        }
        let mut value = 2.0 * self.phase - 1.0;
        if self.phase < self.step {
            let t = self.phase / self.step;
            value -= t + t - t * t - 1.0;
        } else if self.phase > 1.0 - self.step {
            let t = (self.phase - 1.0) / self.step;
            value -= t * t + t + t + 1.0;
        }
        value
    }
}

/// One note of a chord.
pub fn play(note: &Note, at: usize, length: usize, out: &mut Stereo) {
    let frequency = note.frequency();
    // Spread the phases by pitch, so that a chord does not start as one pulse.
    let phase = |n: f32| (note.pitch * 0.37 + n * 0.29).fract();
    let mut left = [Saw::new(frequency, -6.5, phase(0.0)), Saw::new(frequency, 3.0, phase(1.0))];
    let mut right = [Saw::new(frequency, 6.5, phase(2.0)), Saw::new(frequency, -3.0, phase(3.0))];
    let mut filters = [TwoPole::default(), TwoPole::default()];
    let attack = frames(ATTACK_S);
    let release = frames(RELEASE_S);
    let level = 0.06 * note.velocity;
    for n in 0..length + release {
        if n % 32 == 0 {
            let t = n as f32 / RATE as f32;
            let opening = 1.0 - (-t / 1.3).exp();
            let sway = 1.0 + 0.12 * (t * 1.7 + note.pitch).sin();
            let corner = (420.0 + 1300.0 * opening * note.velocity) * sway;
            filters.iter_mut().for_each(|filter| filter.set(corner, 0.8));
        }
        let mut envelope = (n as f32 / attack as f32).min(1.0);
        if n > length {
            envelope *= 1.0 - (n - length) as f32 / release as f32;
        }
        envelope = envelope * envelope * (3.0 - 2.0 * envelope);
        let l: f32 = left.iter_mut().map(Saw::sample).sum();
        let r: f32 = right.iter_mut().map(Saw::sample).sum();
        out.add(at + n, filters[0].step(l).0 * envelope * level, filters[1].step(r).0 * envelope * level);
    }
}
