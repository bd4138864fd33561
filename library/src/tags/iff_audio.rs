//! The sound's parameters in WAV (`fmt `) and AIFF (`COMM`) chunks.
use super::stream::{Stream, seconds};
use crate::bytes::{be16, be32, be64, le16, le32};

/// What the chunks say of the sound.
#[derive(Debug, Default)]
pub(super) struct AudioChunks {
    pub(super) format: Option<Format>,
    /// Frames, by the `fact` chunk.
    pub(super) fact: Option<u32>,
    /// Bytes of sound in the file.
    pub(super) data: Option<u64>,
}

/// Format of the samples.
#[derive(Debug, PartialEq)]
pub(super) struct Format {
    rate: u32,
    bits: u32,
    /// Bytes of one frame: a sample of each channel.
    frame: u32,
    /// Frames, where the chunk itself states them.
    frames: Option<u32>,
}

impl AudioChunks {
    /// The stream; `None` if format or sound are missing.
    pub(super) fn into_stream(self, codec: &'static str) -> Option<Stream> {
        let format = self.format?;
        let stored = self.data? / u64::from(format.frame);
        let stated = format.frames.or(self.fact).map_or(stored, u64::from);
        Some(Stream {
            rate: Some(format.rate),
            bits: Some(format.bits),
            // A cut file holds less than it states.
            duration_s: seconds(stated.min(stored), format.rate),
            ..Stream::new(codec)
        })
    }
}

/// `WAVEFORMATEX` and `WAVEFORMATEXTENSIBLE` (Microsoft, mmreg.h): PCM, float, A-law and µ-law.
pub(super) fn wave_format(chunk: &[u8]) -> Option<Format> {
    const EXTENSIBLE: u16 = 0xfffe;
    let mut tag = le16(chunk, 0)?;
    if tag == EXTENSIBLE {
        tag = le16(chunk, 24)?;
    }
    if !matches!(tag, 1 | 3 | 6 | 7) {
        return None;
    }
    let (channels, bits) = (le16(chunk, 2)?, le16(chunk, 14)?);
    let format = Format {
        rate: le32(chunk, 4)?,
        bits: bits.into(),
        frame: le16(chunk, 12)?.max(channels).into(),
        frames: None,
    };
    (format.rate > 0 && channels > 0 && (8..=64).contains(&bits)).then_some(format)
}

/// The common chunk of AIFF 1.3 and AIFF-C.
pub(super) fn aiff_common(chunk: &[u8]) -> Option<Format> {
    let compression = chunk.get(18..22).unwrap_or(b"NONE");
    let known: [&[u8; 4]; 9] =
        [b"none", b"twos", b"sowt", b"fl32", b"fl64", b"in24", b"in32", b"23ni", b"raw "];
    // These state the bits of what they were made from, and store one byte.
    let is_companded = matches!(compression, b"alaw" | b"ALAW" | b"ulaw" | b"ULAW");
    let (channels, bits) = (u32::from(be16(chunk, 0)?), u32::from(be16(chunk, 6)?));
    if !(known.iter().any(|known| known.eq_ignore_ascii_case(compression)) || is_companded)
        || channels == 0
        || !(8..=64).contains(&bits)
    {
        return None;
    }
    Some(Format {
        rate: extended(be16(chunk, 8)?, be64(chunk, 10)?)?,
        bits,
        frame: if is_companded { channels } else { channels * bits.div_ceil(8) },
        frames: be32(chunk, 2),
    })
}

/// A sample rate as 80-bit floating point number (IEEE 754 extended), in whole hertz.
fn extended(exponent: u16, mantissa: u64) -> Option<u32> {
    let shift = (16_383_u32 + 63).checked_sub(u32::from(exponent & 0x7fff))?;
    let rate = u32::try_from(mantissa.checked_shr(shift)?).ok()?;
    (rate > 0 && exponent >> 15 == 0).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::extended;

    #[test]
    fn rates_as_extended_floats() {
        assert_eq!(extended(0x400e, 0xac44_0000_0000_0000), Some(44_100));
        assert_eq!(extended(0x4010, 0xbb80_0000_0000_0000), Some(192_000));
        for (exponent, mantissa) in [(0x7fff, 1 << 63), (0, 0), (0xc00e, u64::MAX), (0x403e, u64::MAX)] {
            assert_eq!(extended(exponent, mantissa), None);
        }
    }
}
