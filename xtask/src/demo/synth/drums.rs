//! Soft drums.

use super::super::RATE;
use super::super::score::Note;
use super::filter::{OnePole, TwoPole};
use super::noise::Noise;
use super::{Stereo, frames, pan};

const TAU: f32 = std::f32::consts::TAU;

/// A falling sine with a soft knock.
pub fn kick(note: &Note, at: usize, out: &mut Stereo) {
    let mut phase = 0.0_f32;
    let length = frames(0.42);
    for n in 0..length {
        let t = n as f32 / RATE as f32;
        let frequency = 46.0 + 95.0 * (-t / 0.028).exp();
        phase = (phase + frequency / RATE as f32).fract();
        let fade = 1.0 - n as f32 / length as f32;
        let envelope = (t / 0.002).min(1.0) * (-t / 0.16).exp() * fade;
        let sample = (1.6 * (TAU * phase).sin() * envelope).tanh() * 0.42 * note.velocity;
        out.add(at + n, sample, sample);
    }
}

/// Noise around 1.9 kHz over a low skin.
pub fn snare(note: &Note, at: usize, out: &mut Stereo) {
    let mut noise = Noise::new(at as u32 ^ 0x51a7e);
    let mut band = TwoPole::default();
    band.set(1900.0, 0.9);
    let mut phase = 0.0_f32;
    let length = frames(0.3);
    for n in 0..length {
        let t = n as f32 / RATE as f32;
        phase = (phase + (178.0 + 40.0 * (-t / 0.02).exp()) / RATE as f32).fract();
        let fade = 1.0 - n as f32 / length as f32;
        let rattle = band.step(noise.sample()).1 * (-t / 0.085).exp();
        let skin = (TAU * phase).sin() * (-t / 0.06).exp();
        let sample = (0.34 * rattle + 0.17 * skin) * (t / 0.0015).min(1.0) * fade * note.velocity;
        out.add(at + n, sample * 0.95, sample * 1.05);
    }
}

/// Bright noise, very short.
pub fn hat(note: &Note, at: usize, out: &mut Stereo) {
    metal(note, at, out, 0.032, 7600.0, 0.28);
}

/// Noise that swells before it falls.
pub fn shaker(note: &Note, at: usize, out: &mut Stereo) {
    let mut noise = Noise::new(at as u32 ^ 0xa11ce);
    let mut high = OnePole::new(5200.0);
    let (left, right) = pan(-0.4);
    let length = frames(0.11);
    for n in 0..length {
        let t = n as f32 / length as f32;
        let envelope = (t / 0.35).min(1.0) * (1.0 - t) * (1.0 - t);
        let sample = high.high(noise.sample()) * envelope * 0.11 * note.velocity;
        out.add(at + n, sample * left, sample * right);
    }
}

fn metal(note: &Note, at: usize, out: &mut Stereo, decay_s: f32, corner: f32, position: f32) {
    let mut noise = Noise::new(at as u32 ^ 0xc0ffee);
    let mut high = [OnePole::new(corner), OnePole::new(corner)];
    let (left, right) = pan(position);
    let length = frames(decay_s * 6.0);
    for n in 0..length {
        let t = n as f32 / RATE as f32;
        let fade = 1.0 - n as f32 / length as f32;
        let bright = high[0].high(noise.sample());
        let sample = high[1].high(bright) * (-t / decay_s).exp() * fade * 0.15 * note.velocity;
        out.add(at + n, sample * left, sample * right);
    }
}
