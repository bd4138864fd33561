//! A round bass: a sine with a little of its octave, gently driven.

use super::super::RATE;
use super::super::score::Note;
use super::{Stereo, frames};

/// One note, in the middle.
pub fn play(note: &Note, at: usize, length: usize, out: &mut Stereo) {
    let step = note.frequency() / RATE as f32;
    let release = frames(0.09);
    let mut phase = 0.0_f32;
    for n in 0..length + release {
        let t = n as f32 / RATE as f32;
        let mut envelope = (t / 0.008).min(1.0) * (0.55 + 0.45 * (-t / 0.35).exp());
        if n > length {
            envelope *= 1.0 - (n - length) as f32 / release as f32;
        }
        phase = (phase + step).fract();
        let angle = std::f32::consts::TAU * phase;
        let bright = 0.22 + 0.25 * (-t / 0.12).exp();
        let sample = (1.5 * (angle.sin() + bright * (2.0 * angle).sin())).tanh();
        let level = 0.3 * note.velocity * envelope * sample;
        out.add(at + n, level, level);
    }
}
