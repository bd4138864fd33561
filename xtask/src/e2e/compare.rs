//! Comparing what came out with what should have: exactly, by the power of the difference, around a joint.

use super::raw::Sound;

/// Same length, same bits.
///
/// # Errors
/// Where and how they differ first.
pub fn exact(got: &Sound, want: &Sound) -> Result<String, String> {
    same_shape(got, want)?;
    let pairs = got.samples.iter().zip(&want.samples);
    if let Some((at, (a, b))) = pairs.enumerate().find(|(_, (a, b))| a.to_bits() != b.to_bits() && a != b) {
        let frame = at / got.channels;
        let different = got.samples.iter().zip(&want.samples).filter(|(a, b)| a != b).count();
        return Err(format!(
            "{different} of {} samples differ, the first in frame {frame}: {a} instead of {b}",
            got.samples.len()
        ));
    }
    Ok(format!("{} frames bit for bit", got.frames()))
}

/// Same length, and a difference of at most `limit` RMS (full scale is 1).
///
/// # Errors
/// What differs.
pub fn close(got: &Sound, want: &Sound, limit: f64) -> Result<String, String> {
    same_shape(got, want)?;
    let rms = rms_difference(&got.samples, &want.samples);
    if rms <= limit {
        Ok(format!("{} frames, difference {rms:.1e} RMS", got.frames()))
    } else {
        Err(format!("the difference is {rms:.2e} RMS, more than {limit:.0e}{}", shifted(got, want)))
    }
}

fn same_shape(got: &Sound, want: &Sound) -> Result<(), String> {
    if (got.rate, got.channels) != (want.rate, want.channels) {
        return Err(format!(
            "{} Hz with {} channels instead of {} Hz with {}",
            got.rate, got.channels, want.rate, want.channels
        ));
    }
    if got.frames() != want.frames() {
        return Err(format!("{} frames instead of {}{}", got.frames(), want.frames(), shifted(got, want)));
    }
    Ok(())
}

/// Root mean square of the difference.
pub fn rms_difference(a: &[f32], b: &[f32]) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    (sum / a.len().min(b.len()).max(1) as f64).sqrt()
}

/// Root mean square.
pub fn rms(samples: &[f32]) -> f64 {
    let sum: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
    (sum / samples.len().max(1) as f64).sqrt()
}

/// For the error message: the shift in frames at which both agree best, if that explains anything.
fn shifted(got: &Sound, want: &Sound) -> String {
    let step = got.channels;
    let middle = got.frames().min(want.frames()) / 2;
    let length = 2048.min(middle);
    let window = |sound: &Sound, from: usize| sound.samples[from * step..(from + length) * step].to_vec();
    if want.channels != step || length == 0 {
        return String::new();
    }
    let from = middle - length;
    let here = window(got, from);
    let reach = 4096.min(from);
    let best = (0..=2 * reach)
        .filter(|shift| from + shift + length <= want.frames() + reach && from + shift >= reach)
        .filter(|shift| from + shift - reach + length <= want.frames())
        .map(|shift| (rms_difference(&here, &window(want, from + shift - reach)), shift))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((difference, shift)) if shift != reach => format!(
            " (shifted by {} frames the middle agrees to {difference:.1e} RMS)",
            shift as i64 - reach as i64
        ),
        _ => String::new(),
    }
}

/// What a joint at frame `joint` does to the sound, against the undivided original.
///
/// Two measures. A gap: the level in 5 ms windows around the joint falls no more than 3 dB under the
/// original's. A click: the highest second difference within 64 frames of the joint is no more than twice the
/// highest of the original within 50 ms around it.
///
/// # Errors
/// What is heard.
pub fn seamless(got: &Sound, original: &Sound, joint: usize) -> Result<String, String> {
    same_shape(got, original)?;
    let step = got.channels;
    let frames = |ms: usize| got.rate as usize * ms / 1000;
    let part = |sound: &Sound, from: usize, to: usize| sound.samples[from * step..to * step].to_vec();
    let window = frames(5);
    let mut lowest = f64::INFINITY;
    for from in (joint - 2 * window..joint + window).step_by(window / 4) {
        let (ours, theirs) =
            (rms(&part(got, from, from + window)), rms(&part(original, from, from + window)));
        lowest = lowest.min(20.0 * (ours / theirs.max(1e-9)).log10());
    }
    let near = bend(&part(got, joint - 64, joint + 64), step);
    let usual = bend(&part(original, joint - frames(50), joint + frames(50)), step);
    if lowest < -3.0 {
        return Err(format!("a gap: the level falls {:.1} dB under the original", -lowest));
    }
    if near > 2.0 * usual {
        return Err(format!("a click: the wave bends by {near:.4} at the joint, {usual:.4} around it"));
    }
    Ok(format!("level {lowest:+.1} dB at the lowest, bend {:.2} of the usual", near / usual.max(1e-9)))
}

/// Highest second difference of any channel.
fn bend(samples: &[f32], step: usize) -> f32 {
    samples.windows(2 * step + 1).map(|w| (w[0] - 2.0 * w[step] + w[2 * step]).abs()).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(frames: usize) -> Sound {
        let sample = |n: usize| 0.5 * (0.05 * (n / 2) as f32).sin();
        Sound { rate: 48_000, channels: 2, samples: (0..frames * 2).map(sample).collect() }
    }

    #[test]
    fn one_bit_is_found() {
        let want = tone(5000);
        let mut got = want.clone();
        assert!(exact(&got, &want).is_ok());
        got.samples[4001] = f32::from_bits(got.samples[4001].to_bits() ^ 1);
        assert!(exact(&got, &want).unwrap_err().contains("frame 2000"));
        assert!(close(&got, &want, 1e-4).is_ok());
    }

    #[test]
    fn a_missing_frame_is_found_and_a_shift_is_named() {
        let want = tone(20_000);
        let mut got = want.clone();
        got.samples.drain(..2);
        assert!(exact(&got, &want).unwrap_err().starts_with("19999 frames instead of 20000"));
        got.samples.extend([0.0, 0.0]);
        let error = close(&got, &want, 1e-4).unwrap_err();
        assert!(error.contains("shifted by 1 frames"), "{error}");
    }

    #[test]
    fn a_gap_and_a_click_are_heard() {
        let want = tone(20_000);
        assert!(seamless(&want, &want, 10_000).is_ok());
        let mut gap = want.clone();
        gap.samples[20_000..20_600].fill(0.0);
        assert!(seamless(&gap, &want, 10_000).is_err());
        let mut click = want.clone();
        click.samples[20_000..].iter_mut().for_each(|sample| *sample = -*sample);
        click.samples[20_000] += 0.02;
        assert!(seamless(&click, &want, 10_000).unwrap_err().starts_with("a click"));
    }
}
