//! From the chain's 32-bit float to what a device takes, with dither where it matters.
//!
//! To 16 bits and fewer goes triangular dither of two steps peak to peak (Lipshitz, Wannamaker and
//! Vanderkooy, "Quantization and Dither: A Theoretical Survey", JAES 40(5), 1992): it makes the mean
//! and the power of the error independent of the signal. A signal that lies on the device's grid
//! already, such as digital silence or 16-bit music at full volume, needs none and passes bit for
//! bit: the dither starts with the first sample off the grid and ends after a run on it.

/// How a device stores a sample, in native byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SampleLayout {
    /// Signed, 8 bits.
    I8,
    /// Offset binary, 8 bits.
    U8,
    /// Signed, 16 bits.
    I16,
    /// Offset binary, 16 bits.
    U16,
    /// Signed, 24 bits in three bytes.
    I24Packed,
    /// Signed, 24 bits in the lower part of four bytes, sign extended.
    I24,
    /// Offset binary, 24 bits in the lower part of four bytes.
    U24,
    /// Signed, 32 bits.
    I32,
    /// Offset binary, 32 bits.
    U32,
    /// Float, passed as it is: ±1 is full scale, beyond is the device's affair.
    F32,
    /// Float of double width, likewise.
    F64,
}

impl SampleLayout {
    /// Bytes a sample takes.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I24Packed => 3,
            Self::I24 | Self::U24 | Self::I32 | Self::U32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

/// Samples on the grid after which the dither ends: 43 ms of stereo at 48 kHz.
const ON_GRID_RUN: u32 = 4096;

/// Triangular dither with its own generator; allocation-free and deterministic.
#[derive(Clone, Debug)]
pub struct Dither {
    state: u64,
    on_grid: u32,
}

impl Dither {
    /// Silent until the first sample off the grid.
    #[must_use]
    pub fn new() -> Self {
        Self { state: 0x9E37_79B9_7F4A_7C15, on_grid: ON_GRID_RUN }
    }

    /// Two independent uniform values in 0..1, summed and centred: triangular in −1..1 steps.
    fn triangular(&mut self) -> f64 {
        // xorshift64 (Marsaglia, "Xorshift RNGs", 2003); the two halves are used as two values.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let half = 1.0 / f64::from(u32::MAX);
        f64::from((self.state >> 32) as u32) * half + f64::from(self.state as u32) * half - 1.0
    }

    /// The dither for a value in steps of the grid.
    fn next(&mut self, steps: f64) -> f64 {
        if steps == steps.round_ties_even() {
            self.on_grid = self.on_grid.saturating_add(1);
        } else {
            self.on_grid = 0;
        }
        if self.on_grid >= ON_GRID_RUN { 0.0 } else { self.triangular() }
    }
}

impl Default for Dither {
    fn default() -> Self {
        Self::new()
    }
}

/// Rounds a sample to `bits` (2 to 32) signed, ties to even, and saturates; not-a-number is silence.
/// `dither` is in steps of the result.
#[must_use]
pub fn quantise(sample: f32, bits: u32, dither: f64) -> i32 {
    let scale = f64::from(2_u32.pow(bits - 1));
    let value = f64::from(sample).mul_add(scale, dither).round_ties_even();
    // A cast saturates at 32 bits by itself and maps not-a-number to zero.
    value.clamp(-scale, scale - 1.0) as i32
}

/// Turns blocks of float samples into a device's bytes. Runs on the audio thread.
#[derive(Clone, Debug)]
pub struct Converter {
    layout: SampleLayout,
    dither: Dither,
}

impl Converter {
    /// A converter for a device.
    #[must_use]
    pub fn new(layout: SampleLayout) -> Self {
        Self { layout, dither: Dither::new() }
    }

    /// The device's layout.
    #[must_use]
    pub fn layout(&self) -> SampleLayout {
        self.layout
    }

    /// Converts as many samples as both sides hold.
    pub fn convert(&mut self, from: &[f32], to: &mut [u8]) {
        match self.layout {
            SampleLayout::I8 => self.dithered(from, to, 8, |v| (v as i8).to_ne_bytes()),
            SampleLayout::U8 => self.dithered(from, to, 8, |v| ((v + 0x80) as u8).to_ne_bytes()),
            SampleLayout::I16 => self.dithered(from, to, 16, |v| (v as i16).to_ne_bytes()),
            SampleLayout::U16 => self.dithered(from, to, 16, |v| ((v + 0x8000) as u16).to_ne_bytes()),
            SampleLayout::I24Packed => each(from, to, |x| packed(quantise(x, 24, 0.0))),
            SampleLayout::I24 => each(from, to, |x| quantise(x, 24, 0.0).to_ne_bytes()),
            SampleLayout::U24 => each(from, to, |x| (quantise(x, 24, 0.0) + 0x80_0000).to_ne_bytes()),
            SampleLayout::I32 => each(from, to, |x| quantise(x, 32, 0.0).to_ne_bytes()),
            SampleLayout::U32 => {
                each(from, to, |x| (quantise(x, 32, 0.0) as u32 ^ 0x8000_0000).to_ne_bytes())
            }
            SampleLayout::F32 => each(from, to, f32::to_ne_bytes),
            SampleLayout::F64 => each(from, to, |x| f64::from(x).to_ne_bytes()),
        }
    }

    fn dithered<const N: usize>(&mut self, from: &[f32], to: &mut [u8], bits: u32, pack: fn(i32) -> [u8; N]) {
        let scale = f64::from(2_u32.pow(bits - 1));
        each(from, to, |sample| pack(quantise(sample, bits, self.dither.next(f64::from(sample) * scale))));
    }
}

fn each<const N: usize>(from: &[f32], to: &mut [u8], mut pack: impl FnMut(f32) -> [u8; N]) {
    for (&sample, bytes) in from.iter().zip(to.chunks_exact_mut(N)) {
        bytes.copy_from_slice(&pack(sample));
    }
}

/// The three significant bytes of a 24-bit value.
fn packed(value: i32) -> [u8; 3] {
    let [a, b, c, d] = value.to_ne_bytes();
    if cfg!(target_endian = "little") { [a, b, c] } else { [b, c, d] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_i16(samples: &[f32]) -> Vec<i16> {
        let mut bytes = vec![0xAA; samples.len() * 2];
        Converter::new(SampleLayout::I16).convert(samples, &mut bytes);
        bytes.chunks_exact(2).map(|b| i16::from_ne_bytes([b[0], b[1]])).collect()
    }

    #[test]
    fn rounding_is_exact_and_saturates() {
        let step = 1.0 / 32_768.0;
        for (sample, expected) in [
            (0.0, 0),
            (0.49 * step, 0),
            (0.5 * step, 0),
            (1.5 * step, 2),
            (-0.51 * step, -1),
            (-2.5 * step, -2),
            (1.0, 32_767),
            (1e9, 32_767),
            (-1.0, -32_768),
            (f32::NEG_INFINITY, -32_768),
            (f32::NAN, 0),
        ] {
            assert_eq!(quantise(sample, 16, 0.0), expected, "{sample}");
        }
        assert_eq!(quantise(1.0, 32, 0.0), i32::MAX);
        assert_eq!(quantise(-1.0, 32, 0.0), i32::MIN);
        assert_eq!(quantise(1.0, 24, 0.0), 0x7F_FFFF);
    }

    #[test]
    fn every_float_of_24_bits_survives_24_and_32_bits() {
        for n in (-0x80_0000..0x80_0000).step_by(997) {
            let sample = n as f32 / 8_388_608.0;
            assert_eq!(quantise(sample, 24, 0.0), n);
            assert_eq!(quantise(sample, 32, 0.0), n << 8);
        }
    }

    #[test]
    fn what_lies_on_the_grid_passes_bit_for_bit() {
        let all: Vec<f32> = (-32_768..32_768).map(|n| n as f32 / 32_768.0).collect();
        assert!(to_i16(&all).into_iter().eq(i16::MIN..=i16::MAX));
    }

    #[test]
    fn silence_stays_silent_and_becomes_so_again() {
        assert!(to_i16(&[0.0; 10_000]).iter().all(|&v| v == 0));
        let mut samples = vec![0.0; 20_000];
        samples[5_000..6_000].fill(1e-5);
        let out = to_i16(&samples);
        assert!(out[..5_000].iter().all(|&v| v == 0));
        assert!(out[5_000..6_000].iter().any(|&v| v != 0));
        assert!(out[6_000 + ON_GRID_RUN as usize..].iter().all(|&v| v == 0));
    }

    #[test]
    fn dither_is_unbiased_with_constant_noise_power() {
        // After Lipshitz et al.: the mean error is zero and its power a quarter of a step squared,
        // whatever the signal's place between two steps. Tolerances are five standard errors.
        let count = 400_000;
        for offset in [0.1_f64, 0.25, 0.5, 0.77] {
            let sample = ((100.0 + offset) / 32_768.0) as f32;
            let exact = f64::from(sample) * 32_768.0;
            let errors: Vec<f64> =
                to_i16(&vec![sample; count]).iter().map(|&v| f64::from(v) - exact).collect();
            let mean = errors.iter().sum::<f64>() / count as f64;
            let power = errors.iter().map(|e| e * e).sum::<f64>() / count as f64;
            assert!(mean.abs() < 0.004, "{offset}: mean {mean}");
            assert!((power - 0.25).abs() < 0.004, "{offset}: power {power}");
            assert!(errors.iter().all(|e| e.abs() <= 1.5));
        }
    }

    #[test]
    fn dither_does_not_wrap_at_full_scale() {
        let out = to_i16(&[0.999_999; 10_000]);
        assert!(out.iter().all(|&v| v >= 32_765));
        let out = to_i16(&[-0.999_999; 10_000]);
        assert!(out.iter().all(|&v| v <= -32_766));
    }

    #[test]
    fn layouts_hold_the_same_sample() {
        let cases: [(SampleLayout, &[u8]); 11] = [
            (SampleLayout::I8, &(-64_i8).to_ne_bytes()),
            (SampleLayout::U8, &64_u8.to_ne_bytes()),
            (SampleLayout::I16, &(-0x4000_i16).to_ne_bytes()),
            (SampleLayout::U16, &0x4000_u16.to_ne_bytes()),
            (SampleLayout::I24Packed, &packed(-0x40_0000)),
            (SampleLayout::I24, &(-0x40_0000_i32).to_ne_bytes()),
            (SampleLayout::U24, &0x40_0000_i32.to_ne_bytes()),
            (SampleLayout::I32, &(-0x4000_0000_i32).to_ne_bytes()),
            (SampleLayout::U32, &0x4000_0000_u32.to_ne_bytes()),
            (SampleLayout::F32, &(-0.5_f32).to_ne_bytes()),
            (SampleLayout::F64, &(-0.5_f64).to_ne_bytes()),
        ];
        for (layout, expected) in cases {
            let mut bytes = vec![0; layout.bytes()];
            Converter::new(layout).convert(&[-0.5], &mut bytes);
            assert_eq!(bytes, expected, "{layout:?}");
        }
    }
}
