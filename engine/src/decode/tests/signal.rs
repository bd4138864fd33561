//! Music-like test signals, and WAV files of them written byte by byte.
use std::f64::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};

/// How samples are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    U8,
    S16,
    S24,
    S32,
    F32,
    F64,
}

impl Format {
    fn bits(self) -> u16 {
        match self {
            Self::U8 => 8,
            Self::S16 => 16,
            Self::S24 => 24,
            Self::S32 | Self::F32 => 32,
            Self::F64 => 64,
        }
    }
}

/// Interleaved: chords that move, a decaying pluck and a little noise; every channel is different.
pub fn music(rate: u32, channels: usize, frames: usize) -> Vec<f64> {
    let mut noise = 0x2545_f491_4f6c_dd1d_u64;
    let mut out = Vec::with_capacity(frames * channels);
    for n in 0..frames {
        let t = n as f64 / f64::from(rate);
        for c in 0..channels {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            let base = 110.0 * (1.0 + c as f64 * 0.26);
            let chord: f64 = [1.0, 1.5, 2.52, 4.03].iter().map(|k| (TAU * base * k * t).sin()).sum();
            let pluck = (-(t % 0.5) * 9.0).exp() * (TAU * base * 7.1 * (t % 0.5)).sin();
            let hiss = (noise >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
            out.push(0.11 * chord + 0.2 * pluck + 0.002 * hiss);
        }
    }
    out
}

/// Writes samples as WAV; with `mask` as WAVE_FORMAT_EXTENSIBLE.
pub fn wav(
    path: &Path,
    rate: u32,
    channels: u16,
    format: Format,
    mask: Option<u32>,
    samples: &[f64],
) -> PathBuf {
    let width = format.bits() / 8;
    let mut data = Vec::with_capacity(samples.len() * usize::from(width));
    samples.iter().for_each(|x| encode(*x, format, &mut data));
    let float = matches!(format, Format::F32 | Format::F64);
    let tag: u16 = if float { 3 } else { 1 };
    let mut head = Vec::new();
    head.extend(if mask.is_some() { 0xfffe } else { tag }.to_le_bytes());
    head.extend(channels.to_le_bytes());
    head.extend(rate.to_le_bytes());
    head.extend((rate * u32::from(channels * width)).to_le_bytes());
    head.extend((channels * width).to_le_bytes());
    head.extend(format.bits().to_le_bytes());
    if let Some(mask) = mask {
        head.extend(22u16.to_le_bytes());
        head.extend(format.bits().to_le_bytes());
        head.extend(mask.to_le_bytes());
        head.extend(tag.to_le_bytes());
        head.extend([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
    }
    let mut file = b"RIFF".to_vec();
    file.extend(((4 + 8 + head.len() + 8 + data.len()) as u32).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend((head.len() as u32).to_le_bytes());
    file.extend(head);
    file.extend(b"data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    fs::write(path, file).unwrap();
    path.to_owned()
}

fn encode(x: f64, format: Format, data: &mut Vec<u8>) {
    match format {
        Format::U8 => data.push(((x * 128.0).round() + 128.0) as u8),
        Format::S16 => data.extend(((x * 32_768.0).round() as i16).to_le_bytes()),
        Format::S24 => data.extend(&((x * 8_388_608.0).round() as i32).to_le_bytes()[..3]),
        Format::S32 => data.extend(((x * 2_147_483_648.0).round() as i32).to_le_bytes()),
        Format::F32 => data.extend((x as f32).to_le_bytes()),
        Format::F64 => data.extend(x.to_le_bytes()),
    }
}

/// What exact conversion of the written samples gives.
pub fn expected(samples: &[f64], format: Format) -> Vec<f32> {
    let quantise = |x: f64, scale: f64| ((x * scale).round() / scale) as f32;
    let convert = |x: &f64| match format {
        Format::U8 => quantise(*x, 128.0),
        Format::S16 => quantise(*x, 32_768.0),
        Format::S24 => quantise(*x, 8_388_608.0),
        Format::S32 => ((x * 2_147_483_648.0).round() as i32) as f32 / 2_147_483_648.0,
        Format::F32 | Format::F64 => *x as f32,
    };
    samples.iter().map(convert).collect()
}

/// Mono to both sides; stereo as it is.
pub fn to_stereo(samples: &[f32], channels: usize) -> Vec<f32> {
    match channels {
        1 => samples.iter().flat_map(|x| [*x; 2]).collect(),
        _ => samples.to_vec(),
    }
}
