//! An electric piano by frequency modulation (Chowning 1973): a mellow body and a short tine.

use super::super::RATE;
use super::super::score::Note;
use super::{Stereo, frames, pan};

const TAU: f32 = std::f32::consts::TAU;

/// One note.
pub fn play(note: &Note, at: usize, length: usize, out: &mut Stereo) {
    let step = note.frequency() / RATE as f32;
    let release = frames(0.18);
    let ring = 1.9 - (note.pitch - 50.0).clamp(0.0, 40.0) * 0.025;
    let (mut body, mut tine) = (0.0_f32, 0.0_f32);
    for n in 0..length + release {
        let t = n as f32 / RATE as f32;
        let mut envelope = (-t / ring).exp() * (t / 0.004).min(1.0);
        if n > length {
            envelope *= 1.0 - (n - length) as f32 / release as f32;
        }
        let depth = (0.35 + 1.1 * note.velocity) * (-t / 0.45).exp();
        let strike = 0.22 * note.velocity * (-t / 0.05).exp();
        body = (body + step).fract();
        // Ratio 13 lies near a real tine; above 9 kHz it would only hiss.
        let ratio = if step * 13.0 * RATE as f32 > 9000.0 { 7.0 } else { 13.0 };
        tine = (tine + step * ratio).fract();
        let modulator = (TAU * body).sin();
        let sample = (TAU * body + depth * modulator).sin() + strike * (TAU * tine).sin();
        let level = 0.17 * note.velocity * envelope;
        let (left, right) = pan(0.35 * (TAU * 3.1 * (t + at as f32 / RATE as f32)).sin());
        out.add(at + n, sample * level * left, sample * level * right);
    }
}
