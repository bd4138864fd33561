//! One piece cut in two and encoded as two files must play as if it had never been cut.

use std::path::Path;

use anyhow::{Context, Result};

use super::encode::{self, Codec};
use super::raw::{self, Sound};
use super::{compare, real_music, sim};
use crate::process;
use crate::test::Tally;

const CODECS: [Codec; 8] = [
    Codec::Flac(16),
    Codec::Wav(16),
    Codec::Alac(16),
    Codec::Mp3Cbr,
    Codec::Mp3Vbr,
    Codec::AacMp4,
    Codec::Vorbis,
    Codec::Opus,
];
/// Length of the piece, and where the cut is looked for.
const LENGTH_S: usize = 40;
const CUT_S: f64 = 17.3;

/// All formats that can be gapless.
///
/// # Errors
/// If the pieces cannot be made.
pub fn check(tally: &mut Tally) -> Result<()> {
    let folder = real_music::folder()?.join("gapless");
    std::fs::create_dir_all(&folder)?;
    for rate in [44_100, 48_000] {
        let whole = folder.join(format!("whole-{rate}.wav"));
        encode::convert(&real_music::piece(1)?, &whole, 2, rate, 16)?;
    }
    for codec in CODECS {
        let outcome = check_codec(codec, &folder);
        tally.check(&format!("{codec:?}"), outcome.unwrap_or_else(|error| Err(format!("{error:#}"))));
    }
    Ok(())
}

fn check_codec(codec: Codec, folder: &Path) -> Result<Result<String, String>> {
    // Opus knows 48 kHz only; anything else would be resampled by the encoder.
    let rate = if codec == Codec::Opus { 48_000 } else { 44_100 };
    let original = original(&folder.join(format!("whole-{rate}.wav")), rate)?;
    let joint = loud_frame(&original).context("the piece is silent where it should be cut")?;
    let parts = [(0, joint), (joint, original.frames())];
    let mut files = Vec::new();
    for (number, (from, to)) in parts.into_iter().enumerate() {
        let wav = folder.join(format!("part-{number}.wav"));
        write_wav(&wav, &original, from, to)?;
        let file = folder.join(format!("{codec:?}-{number}.{}", codec.ending()).replace(['(', ')'], ""));
        codec.encode(&wav, &file)?;
        files.push(file);
    }
    let output = folder.join("rendered.wav");
    let inputs: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    // Lossy decodes may exceed full scale a little, where the limiter would act.
    let quiet = ["--volume", "-6"];
    let mut got = sim::render(&inputs, &output, if codec.is_lossless() { &[] } else { &quiet })?;
    if codec.is_lossless() {
        return Ok(compare::exact(&got, &original));
    }
    let gain = 10_f32.powf(6.0 / 20.0);
    got.samples.iter_mut().for_each(|sample| *sample *= gain);
    Ok(compare::seamless(&got, &original, joint))
}

fn original(path: &Path, rate: u32) -> Result<Sound> {
    let mut ffmpeg = std::process::Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(path).args(["-f", "f32le", "-"]);
    let mut samples = raw::floats(&process::output(&mut ffmpeg)?);
    samples.truncate(LENGTH_S * rate as usize * 2);
    Ok(Sound { rate, channels: 2, samples })
}

/// A frame near the cut where both channels are far from zero, so that a lost or doubled frame is heard.
fn loud_frame(sound: &Sound) -> Option<usize> {
    let from = (CUT_S * f64::from(sound.rate)) as usize;
    (from..sound.frames() - sound.rate as usize)
        .find(|frame| sound.samples[frame * 2].abs() > 0.08 && sound.samples[frame * 2 + 1].abs() > 0.08)
}

/// Frames `from..to` as 16-bit WAV; the samples came from 16 bits and go back exactly.
fn write_wav(path: &Path, sound: &Sound, from: usize, to: usize) -> Result<()> {
    let samples = &sound.samples[from * 2..to * 2];
    let data: Vec<u8> =
        samples.iter().flat_map(|sample| ((sample * 32_768.0).round() as i16).to_le_bytes()).collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((data.len() as u32 + 36).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    bytes.extend(sound.rate.to_le_bytes());
    bytes.extend((sound.rate * 4).to_le_bytes());
    bytes.extend(b"\x04\0\x10\0data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
