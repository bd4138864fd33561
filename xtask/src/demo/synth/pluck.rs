//! A plucked string (Karplus and Strong 1983, with the tuning of Jaffe and Smith 1983).

use super::super::RATE;
use super::super::score::Note;
use super::filter::OnePole;
use super::noise::Noise;
use super::{Stereo, frames, pan};

const LONGEST_S: f32 = 3.2;
const DAMP_S: f32 = 0.25;

/// One note; it rings on a little after its length and is then damped.
pub fn play(note: &Note, at: usize, length: usize, out: &mut Stereo) {
    let period = RATE as f32 / note.frequency();
    // The averaging of two samples delays by half a sample; the rest is left to interpolation.
    let whole = (period - 0.5).floor();
    let fraction = period - 0.5 - whole;
    let size = whole as usize + 1;
    let mut string = excitation(note, size);
    // Higher strings lose more each turn, so that all ring about as long.
    let ring_s = 2.6 - (note.pitch - 48.0).clamp(0.0, 40.0) * 0.03;
    let loss = 0.001_f32.powf(period / (ring_s * RATE as f32));
    let (pan_left, pan_right) = pan((note.pitch - 66.0) / 40.0);
    let mut body = OnePole::new(5200.0);
    let damp = frames(DAMP_S);
    let end = (length + damp).min(frames(LONGEST_S));
    let mut previous = 0.0;
    let mut at_string = 0;
    for n in 0..end {
        let here = string[at_string];
        let next = string[(at_string + 1) % size];
        let delayed = next + fraction * (here - next);
        string[at_string] = loss * 0.5 * (delayed + previous);
        previous = delayed;
        at_string = (at_string + 1) % size;
        let fade = if n > end - damp { (end - n) as f32 / damp as f32 } else { 1.0 };
        let sample = body.low(here) * fade * 0.5 * note.velocity;
        out.add(at + n, sample * pan_left, sample * pan_right);
    }
}

/// What the finger gives the string: noise, softer for a softer touch, without a mean.
fn excitation(note: &Note, size: usize) -> Vec<f32> {
    let mut noise = Noise::new((note.pitch * 10.0) as u32 + (note.start * 64.0) as u32 * 7919);
    let mut soften = OnePole::new(900.0 + 5200.0 * note.velocity);
    let mut string: Vec<f32> = (0..size).map(|_| soften.low(noise.sample())).collect();
    // Plucked at a fifth of its length: a comb takes out every fifth partial.
    let pick = size / 5;
    let plain = string.clone();
    for n in 0..size {
        string[n] -= 0.8 * plain[(n + size - pick) % size];
    }
    let mean = string.iter().sum::<f32>() / size as f32;
    let power = string.iter().map(|s| (s - mean) * (s - mean)).sum::<f32>() / size as f32;
    let scale = 0.32 / power.sqrt().max(1e-6);
    string.iter_mut().for_each(|s| *s = (*s - mean) * scale);
    string
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_in_tune() {
        for midi in [45.0, 57.0, 69.0, 76.0] {
            let note = Note { start: 0.0, length: 1.0, pitch: midi, velocity: 0.8 };
            let mut out = Stereo::new(RATE as usize);
            play(&note, 0, RATE as usize, &mut out);
            let heard = strongest(&out.left[4000..40_000], note.frequency());
            let cents = 1200.0 * (heard / note.frequency()).log2();
            assert!(cents.abs() < 6.0, "{midi}: {heard} Hz is {cents} cents off");
        }
    }

    /// Frequency within a semitone of `near` that correlates best.
    fn strongest(samples: &[f32], near: f32) -> f32 {
        let power = |hz: f32| {
            let step = std::f64::consts::TAU * f64::from(hz) / f64::from(RATE);
            let (mut re, mut im) = (0.0, 0.0);
            for (n, sample) in samples.iter().enumerate() {
                re += f64::from(*sample) * (step * n as f64).cos();
                im += f64::from(*sample) * (step * n as f64).sin();
            }
            re * re + im * im
        };
        (-50..=50)
            .map(|cents| near * (cents as f32 / 1200.0).exp2())
            .max_by(|a, b| power(*a).total_cmp(&power(*b)))
            .unwrap()
    }
}
