//! A soft singing voice: few partials, late vibrato, a breath of noise.

use super::super::RATE;
use super::super::score::Note;
use super::filter::OnePole;
use super::noise::Noise;
use super::{Stereo, frames, pan};

const TAU: f32 = std::f32::consts::TAU;

/// One note.
pub fn play(note: &Note, at: usize, length: usize, out: &mut Stereo) {
    let step = note.frequency() / RATE as f32;
    let release = frames(0.22);
    let mut breath = Noise::new(at as u32);
    let mut breath_filter = OnePole::new(2.5 * note.frequency());
    let (left, right) = pan(0.12);
    let mut phase = 0.0_f32;
    for n in 0..length + release {
        let t = n as f32 / RATE as f32;
        let vibrato_depth = 0.0045 * ((t - 0.25) / 0.5).clamp(0.0, 1.0);
        phase = (phase + step * (1.0 + vibrato_depth * (TAU * 5.1 * t).sin())).fract();
        let mut envelope = 1.0 - (-t / 0.05).exp();
        if n > length {
            let left = 1.0 - (n - length) as f32 / release as f32;
            envelope *= left * left;
        }
        let angle = TAU * phase;
        let bright = 0.12 + 0.16 * note.velocity;
        let tone = angle.sin() + bright * (2.0 * angle).sin() + 0.5 * bright * (3.0 * angle).sin();
        let air = 0.05 * breath_filter.low(breath.sample());
        let sample = 0.15 * note.velocity * envelope * (tone + air);
        out.add(at + n, sample * left, sample * right);
    }
}
