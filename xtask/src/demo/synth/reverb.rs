//! A room (feedback delay network with a Householder matrix, Jot 1991) and an echo that changes sides.

use super::super::RATE;
use super::filter::OnePole;
use super::{Stereo, frames};

const LINES: usize = 8;
/// Mutually prime lengths in frames, 25 to 55 ms.
const LENGTHS: [usize; LINES] = [1103, 1279, 1433, 1601, 1787, 1973, 2179, 2411];

/// The room's answer to `send`: `decay_s` to −60 dB, darker than what went in.
pub fn room(send: &Stereo, decay_s: f32) -> Stereo {
    let mut out = Stereo::new(send.len());
    let mut lines: Vec<Vec<f32>> = LENGTHS.iter().map(|length| vec![0.0; *length]).collect();
    let mut damping = [OnePole::new(4200.0); LINES];
    let gains = LENGTHS.map(|length| 0.001_f32.powf(length as f32 / (decay_s * RATE as f32)));
    let wait = frames(0.018);
    let mut at = [0; LINES];
    for n in 0..send.len() {
        let (left, right) = if n >= wait { (send.left[n - wait], send.right[n - wait]) } else { (0.0, 0.0) };
        let mut taps = [0.0; LINES];
        for line in 0..LINES {
            taps[line] = damping[line].low(lines[line][at[line]]) * gains[line];
        }
        let mixed = taps.iter().sum::<f32>() * (2.0 / LINES as f32);
        for line in 0..LINES {
            let input = if line % 2 == 0 { left } else { right };
            lines[line][at[line]] = input + taps[line] - mixed;
            at[line] = (at[line] + 1) % LENGTHS[line];
        }
        out.left[n] = 0.5 * (taps[0] - taps[2] + taps[4] - taps[6]);
        out.right[n] = 0.5 * (taps[1] - taps[3] + taps[5] - taps[7]);
    }
    out
}

/// Echoes every `time_s`, left and right in turn, each softer and darker.
pub fn echo(send: &Stereo, time_s: f32) -> Stereo {
    const FEEDBACK: f32 = 0.62;
    let mut out = Stereo::new(send.len());
    let delay = frames(time_s);
    let mut dark = [OnePole::new(2800.0), OnePole::new(2800.0)];
    for n in delay..send.len() {
        let input = 0.5 * (send.left[n - delay] + send.right[n - delay]);
        out.left[n] = dark[0].low(input + FEEDBACK * out.right[n - delay]);
        out.right[n] = dark[1].low(FEEDBACK * out.left[n - delay]);
    }
    out
}
