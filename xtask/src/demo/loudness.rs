//! Integrated loudness after ITU-R BS.1770-4: K-weighting, 400 ms blocks, two gates.

use super::synth::Stereo;

/// A biquad in direct form 1.
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    x: [f64; 2],
    y: [f64; 2],
}

impl Biquad {
    fn step(&mut self, input: f64) -> f64 {
        let output = self.b[0] * input + self.b[1] * self.x[0] + self.b[2] * self.x[1]
            - self.a[0] * self.y[0]
            - self.a[1] * self.y[1];
        self.x = [input, self.x[0]];
        self.y = [output, self.y[0]];
        output
    }
}

/// The standard's two filters, recomputed for any rate from their analogue parameters.
fn k_weighting(rate: f64) -> [Biquad; 2] {
    let (gain_db, q, corner) = (3.999_843_853_973_347, 0.707_175_236_955_419_6, 1_681.974_450_955_533);
    let k = (std::f64::consts::PI * corner / rate).tan();
    let vh = 10_f64.powf(gain_db / 20.0);
    let vb = vh.powf(0.499_666_774_154_541_6);
    let a0 = 1.0 + k / q + k * k;
    let shelf = Biquad {
        b: [(vh + vb * k / q + k * k) / a0, 2.0 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0],
        a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
        x: [0.0; 2],
        y: [0.0; 2],
    };
    let (q, corner) = (0.500_327_037_323_877_3, 38.135_470_876_024_44);
    let k = (std::f64::consts::PI * corner / rate).tan();
    let a0 = 1.0 + k / q + k * k;
    let high = Biquad {
        b: [1.0, -2.0, 1.0],
        a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
        x: [0.0; 2],
        y: [0.0; 2],
    };
    [shelf, high]
}

/// Loudness of the whole in LUFS; −70 for silence.
pub fn integrated(sound: &Stereo, rate: u32) -> f64 {
    let hop = rate as usize / 10;
    let mut hops = vec![0.0; sound.len() / hop];
    for channel in [&sound.left, &sound.right] {
        let [mut shelf, mut high] = k_weighting(f64::from(rate));
        for (index, sample) in channel.iter().enumerate() {
            let weighted = high.step(shelf.step(f64::from(*sample)));
            if let Some(sum) = hops.get_mut(index / hop) {
                *sum += weighted * weighted;
            }
        }
    }
    // Blocks of four hops overlap by three.
    let blocks: Vec<f64> = hops.windows(4).map(|four| four.iter().sum::<f64>() / (4 * hop) as f64).collect();
    let loudness = |power: f64| -0.691 + 10.0 * power.log10();
    let mean_above = |gate: f64| {
        let loud: Vec<f64> = blocks.iter().copied().filter(|power| loudness(*power) > gate).collect();
        if loud.is_empty() { None } else { Some(loud.iter().sum::<f64>() / loud.len() as f64) }
    };
    let Some(first) = mean_above(-70.0) else { return -70.0 };
    mean_above(loudness(first) - 10.0).map_or(-70.0, loudness)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EBU Tech 3341, case 1: a stereo 1 kHz sine at −23 dBFS reads −23 LUFS.
    #[test]
    fn a_reference_tone_reads_its_level() {
        for rate in [44_100, 48_000] {
            let level = 10_f32.powf(-23.0 / 20.0);
            let tone: Vec<f32> = (0..rate * 5)
                .map(|n| level * (std::f32::consts::TAU * 1000.0 * (n % rate) as f32 / rate as f32).sin())
                .collect();
            let heard = integrated(&Stereo { left: tone.clone(), right: tone }, rate);
            assert!((heard + 23.0).abs() < 0.1, "{rate}: {heard}");
        }
    }

    #[test]
    fn silence_is_the_floor() {
        assert_eq!(integrated(&Stereo::new(48_000), 48_000), -70.0);
    }
}
