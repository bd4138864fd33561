//! Real encoders, as people use them.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;

/// A format to be checked and the encoder that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// The reference encoder, at this many bits.
    Flac(u32),
    /// RIFF, integer samples.
    Wav(u32),
    /// RIFF, 32-bit float.
    WavFloat,
    /// AIFF.
    Aiff(u32),
    /// Apple Lossless in MP4.
    Alac(u32),
    /// LAME at a constant rate.
    Mp3Cbr,
    /// LAME at a variable rate.
    Mp3Vbr,
    /// AAC-LC in MP4.
    AacMp4,
    /// AAC-LC as a bare stream.
    AacAdts,
    /// Ogg Vorbis by the reference encoder.
    Vorbis,
    /// Ogg Opus by the reference encoder.
    Opus,
}

impl Codec {
    /// Ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Flac(_) => "flac",
            Self::Wav(_) | Self::WavFloat => "wav",
            Self::Aiff(_) => "aiff",
            Self::Alac(_) | Self::AacMp4 => "m4a",
            Self::Mp3Cbr | Self::Mp3Vbr => "mp3",
            Self::AacAdts => "aac",
            Self::Vorbis => "ogg",
            Self::Opus => "opus",
        }
    }

    /// Whether what comes out must be what went in.
    pub fn is_lossless(self) -> bool {
        matches!(self, Self::Flac(_) | Self::Wav(_) | Self::WavFloat | Self::Aiff(_) | Self::Alac(_))
    }

    /// Bits that the source must have for this codec.
    pub fn source_bits(self) -> u32 {
        match self {
            Self::Flac(bits) | Self::Wav(bits) | Self::Aiff(bits) | Self::Alac(bits) => bits,
            _ => 16,
        }
    }

    /// Encodes the WAV file `from` into `to`.
    ///
    /// # Errors
    /// If the encoder fails.
    pub fn encode(self, from: &Path, to: &Path) -> Result<()> {
        let mut command = match self {
            Self::Flac(_) => tool("flac", &["--silent", "--force", "-8", "-o"], to, from),
            Self::Vorbis => tool("oggenc", &["--quiet", "-q", "5", "-o"], to, from),
            Self::Mp3Cbr => tool_in_out("lame", &["--quiet", "--cbr", "-b", "192"], from, to),
            Self::Mp3Vbr => tool_in_out("lame", &["--quiet", "-V", "2"], from, to),
            Self::Opus => tool_in_out("opusenc", &["--quiet", "--bitrate", "128"], from, to),
            Self::Wav(bits) | Self::Aiff(bits) => {
                let order = if matches!(self, Self::Wav(_)) { "le" } else { "be" };
                ffmpeg(from, &["-c:a", &format!("pcm_s{bits}{order}")], to)
            }
            Self::WavFloat => ffmpeg(from, &["-c:a", "pcm_f32le"], to),
            Self::Alac(16) => ffmpeg(from, &["-c:a", "alac", "-sample_fmt", "s16p"], to),
            Self::Alac(_) => ffmpeg(from, &["-c:a", "alac", "-sample_fmt", "s32p"], to),
            // Perceptual noise is made up by each decoder in its own way and cannot be compared.
            Self::AacMp4 | Self::AacAdts => {
                ffmpeg(from, &["-c:a", "aac", "-b:a", "192k", "-aac_pns", "0"], to)
            }
        };
        process::output(&mut command).map(drop)
    }
}

fn tool(program: &str, args: &[&str], to: &Path, from: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(args).arg(to).arg(from);
    command
}

fn tool_in_out(program: &str, args: &[&str], from: &Path, to: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(args).arg(from).arg(to);
    command
}

fn ffmpeg(from: &Path, args: &[&str], to: &Path) -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-i"]).arg(from).args(args).args(["-bitexact"]).arg(to);
    command
}

/// Makes a WAV of `channels`, `rate` and `bits` from another one.
///
/// # Errors
/// If ffmpeg fails.
pub fn convert(from: &Path, to: &Path, channels: usize, rate: u32, bits: u32) -> Result<()> {
    let format = format!("pcm_s{bits}le");
    let (channels, rate) = (channels.to_string(), rate.to_string());
    process::output(&mut ffmpeg(from, &["-ac", &channels, "-ar", &rate, "-c:a", &format], to)).map(drop)
}
