//! A decoded packet to interleaved stereo f32.
//!
//! Integers become floats by an exact power of two (16 bits: 1/32768, 24 bits: 1/8388608), so that lossless
//! sources of up to 24 bits are bit-exact; 32 bits are rounded once.
use std::ops::Range;

use symphonia::core::audio::sample::{Sample, i24, u24};
use symphonia::core::audio::{Audio, AudioBuffer, GenericAudioBufferRef};

use super::downmix::Downmix;

/// Beyond 120 dB over full scale a float is damage, not music; it becomes 0 as non-finite ones do.
const SANE: f32 = 1.0e6;

/// A sample as f32 with full scale 1, always finite.
pub(super) trait Unit: Sample {
    /// Converts.
    fn unit(self) -> f32;
}

macro_rules! unit {
    ($type:ty, $s:ident, $value:expr) => {
        impl Unit for $type {
            #[inline(always)]
            fn unit(self) -> f32 {
                let $s = self;
                $value
            }
        }
    };
}

#[inline(always)]
fn sane(x: f32) -> f32 {
    // Written so that NaN fails the comparison.
    if x.abs() <= SANE { x } else { 0.0 }
}

unit!(i8, s, f32::from(s) / 128.0);
unit!(u8, s, (f32::from(s) - 128.0) / 128.0);
unit!(i16, s, f32::from(s) / 32_768.0);
unit!(u16, s, (f32::from(s) - 32_768.0) / 32_768.0);
unit!(i24, s, s.inner() as f32 / 8_388_608.0);
unit!(u24, s, (s.inner() as f32 - 8_388_608.0) / 8_388_608.0);
unit!(i32, s, s as f32 / 2_147_483_648.0);
unit!(u32, s, (f64::from(s) - 2_147_483_648.0) as f32 / 2_147_483_648.0);
unit!(f32, s, sane(s));
unit!(f64, s, sane(s as f32));

/// Appends `range` of the frames of `buffer` to `out`.
pub(super) fn append(
    buffer: &GenericAudioBufferRef<'_>,
    range: Range<usize>,
    mix: &Downmix,
    out: &mut Vec<f32>,
) {
    match buffer {
        GenericAudioBufferRef::U8(b) => planes(b, range, mix, out),
        GenericAudioBufferRef::U16(b) => planes(b, range, mix, out),
        GenericAudioBufferRef::U24(b) => planes(b, range, mix, out),
        GenericAudioBufferRef::U32(b) => planes(b, range, mix, out),
        GenericAudioBufferRef::S8(b) => planes(b, range, mix, out),
        GenericAudioBufferRef::S16(b) => planes(b, range, mix, out),
        GenericAudioBufferRef::S24(b) => planes(b, range, mix, out),
        GenericAudioBufferRef::S32(b) => planes(b, range, mix, out),
        GenericAudioBufferRef::F32(b) => planes(b, range, mix, out),
        GenericAudioBufferRef::F64(b) => planes(b, range, mix, out),
    }
}

fn planes<S: Unit>(buffer: &AudioBuffer<S>, range: Range<usize>, mix: &Downmix, out: &mut Vec<f32>) {
    let plane = |i: usize| buffer.plane(i).and_then(|p| p.get(range.clone())).unwrap_or_default();
    match mix {
        Downmix::Mono => out.extend(plane(0).iter().flat_map(|s| [s.unit(); 2])),
        Downmix::Stereo => interleave(plane(0), plane(1), out),
        Downmix::Matrix(gains) => {
            let start = out.len();
            out.resize(start + 2 * range.len(), 0.0);
            for (i, [left, right]) in gains.iter().enumerate() {
                for (frame, s) in out[start..].chunks_exact_mut(2).zip(plane(i)) {
                    let x = s.unit();
                    frame[0] += left * x;
                    frame[1] += right * x;
                }
            }
        }
    }
}

fn interleave<S: Unit>(left: &[S], right: &[S], out: &mut Vec<f32>) {
    let start = out.len();
    out.resize(start + 2 * left.len(), 0.0);
    let (frames, _) = out[start..].as_chunks_mut::<2>();
    for ((frame, l), r) in frames.iter_mut().zip(left).zip(right) {
        *frame = [l.unit(), r.unit()];
    }
}
