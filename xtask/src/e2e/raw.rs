//! Samples in files: raw 32-bit floats as ffmpeg writes them, and the WAV files that `render` writes.

use std::path::Path;

use anyhow::{Context, Result, bail};

/// Interleaved samples with their rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// Frames per second.
    pub rate: u32,
    /// Channels.
    pub channels: usize,
    /// Interleaved.
    pub samples: Vec<f32>,
}

impl Sound {
    /// Frames.
    pub fn frames(&self) -> usize {
        self.samples.len() / self.channels
    }

    /// Highest absolute sample.
    pub fn peak(&self) -> f32 {
        self.samples.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
    }
}

/// Little-endian floats.
pub fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

/// Reads a WAV file of 32-bit floats.
///
/// # Errors
/// If it cannot be read or holds anything else.
pub fn read_wav(path: &Path) -> Result<Sound> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse_wav(&bytes).with_context(|| format!("{} is not the WAV that was asked for", path.display()))
}

fn parse_wav(bytes: &[u8]) -> Result<Sound> {
    if bytes.len() < 12 || &bytes[..4] != b"RIFF" || &bytes[8..12] != b"WAVE" {
        bail!("no RIFF/WAVE header");
    }
    let mut rest = &bytes[12..];
    let mut format = None;
    while let Some((header, body)) = rest.split_at_checked(8) {
        let size = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        let chunk = &body[..size.min(body.len())];
        match &header[..4] {
            b"fmt " if chunk.len() >= 16 => {
                let short = |at: usize| u16::from_le_bytes([chunk[at], chunk[at + 1]]);
                // 3 is IEEE float; 0xfffe says it in the extension's first two bytes.
                let kind = if short(0) == 0xfffe && chunk.len() >= 26 { short(24) } else { short(0) };
                if kind != 3 || short(14) != 32 {
                    bail!("format {kind} with {} bits, not 32-bit float", short(14));
                }
                let rate = u32::from_le_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]);
                format = Some((rate, usize::from(short(2))));
            }
            b"data" => {
                let (rate, channels) = format.context("data before its format")?;
                return Ok(Sound { rate, channels, samples: floats(chunk) });
            }
            _ => {}
        }
        rest = body.get(size + size % 2..).unwrap_or_default();
    }
    bail!("no data chunk")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(kind: u16, samples: &[f32]) -> Vec<u8> {
        let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let mut bytes = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0".to_vec();
        bytes.extend(kind.to_le_bytes());
        bytes.extend(2_u16.to_le_bytes());
        bytes.extend(48_000_u32.to_le_bytes());
        bytes.extend([0; 6]);
        bytes.extend(32_u16.to_le_bytes());
        bytes.extend(b"data");
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn float_wavs_are_read_past_other_chunks() {
        let sound = parse_wav(&wav(3, &[0.5, -0.25])).unwrap();
        assert_eq!(sound, Sound { rate: 48_000, channels: 2, samples: vec![0.5, -0.25] });
        assert_eq!((sound.frames(), sound.peak()), (1, 0.5));
    }

    #[test]
    fn other_wavs_are_refused() {
        assert!(parse_wav(&wav(1, &[0.5])).is_err());
        assert!(parse_wav(b"RIFF").is_err());
    }
}
