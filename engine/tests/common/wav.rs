//! A small WAV writer and reader (RIFF, Microsoft's WAVE_FORMAT_PCM and WAVE_FORMAT_IEEE_FLOAT).
use std::path::{Path, PathBuf};

/// Bytes of a 32-bit float stereo file.
pub fn float_bytes(rate: u32, samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    bytes(rate, 3, 32, 2, &data)
}

/// Bytes of a 16-bit stereo file.
pub fn pcm16_bytes(rate: u32, samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    bytes(rate, 1, 16, 2, &data)
}

fn bytes(rate: u32, format: u16, bits: u16, channels: u16, data: &[u8]) -> Vec<u8> {
    let align = channels * bits / 8;
    let mut out = Vec::with_capacity(data.len() + 44);
    out.extend(b"RIFF");
    out.extend((36 + data.len() as u32).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    out.extend(format.to_le_bytes());
    out.extend(channels.to_le_bytes());
    out.extend(rate.to_le_bytes());
    out.extend((rate * u32::from(align)).to_le_bytes());
    out.extend(align.to_le_bytes());
    out.extend(bits.to_le_bytes());
    out.extend(b"data");
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out
}

/// Writes a 32-bit float stereo file.
pub fn write(folder: &Path, name: &str, rate: u32, samples: &[f32]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, float_bytes(rate, samples)).unwrap();
    path
}
