//! Real music in every format through `render`, against the reference decoder of the same file.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::encode::{self, Codec};
use super::raw::{self, Sound};
use super::{compare, real_music, sim};
use crate::process;
use crate::test::Tally;

/// Difference allowed to lossy formats, RMS of full scale: decoders round differently.
const LOSSY_RMS: f64 = 1e-4;

struct Case {
    codec: Codec,
    rate: u32,
    channels: usize,
}

const fn stereo(codec: Codec, rate: u32) -> Case {
    Case { codec, rate, channels: 2 }
}

const fn mono(codec: Codec, rate: u32) -> Case {
    Case { codec, rate, channels: 1 }
}

const CASES: [Case; 22] = [
    stereo(Codec::Flac(16), 44_100),
    stereo(Codec::Flac(24), 44_100),
    stereo(Codec::Flac(16), 48_000),
    stereo(Codec::Flac(24), 48_000),
    stereo(Codec::Flac(24), 96_000),
    mono(Codec::Flac(16), 44_100),
    stereo(Codec::Wav(16), 44_100),
    stereo(Codec::Wav(24), 96_000),
    stereo(Codec::WavFloat, 48_000),
    stereo(Codec::Aiff(16), 44_100),
    stereo(Codec::Aiff(24), 48_000),
    stereo(Codec::Alac(16), 44_100),
    stereo(Codec::Alac(24), 48_000),
    stereo(Codec::Mp3Cbr, 44_100),
    stereo(Codec::Mp3Vbr, 44_100),
    stereo(Codec::Mp3Vbr, 48_000),
    mono(Codec::Mp3Vbr, 44_100),
    stereo(Codec::AacMp4, 44_100),
    stereo(Codec::AacMp4, 48_000),
    stereo(Codec::AacAdts, 44_100),
    stereo(Codec::Vorbis, 44_100),
    stereo(Codec::Opus, 48_000),
];

/// All formats.
///
/// # Errors
/// If an encoder or the simulator cannot be run at all.
pub fn check(tally: &mut Tally) -> Result<()> {
    let folder = real_music::folder()?.join("formats");
    std::fs::create_dir_all(&folder)?;
    for case in &CASES {
        let name = format!("{:?}, {} Hz, {} channels", case.codec, case.rate, case.channels);
        let outcome = check_case(case, &folder);
        tally.check(&name, outcome.unwrap_or_else(|error| Err(format!("{error:#}"))));
    }
    Ok(())
}

fn check_case(case: &Case, folder: &Path) -> Result<Result<String, String>> {
    let source = source(case, folder)?;
    let stem = format!("{:?}-{}-{}", case.codec, case.rate, case.channels).replace(['(', ')'], "");
    let file = folder.join(format!("{stem}.{}", case.codec.ending()));
    case.codec.encode(&source, &file)?;
    let mut want = reference(case, &file)?;
    if case.codec != Codec::AacAdts {
        // Every container but the bare stream states its exact length.
        let stated = decode(&source, case)?.frames();
        if want.frames() < stated {
            return Ok(Err(format!("the reference decoder gives {} of {stated} frames", want.frames())));
        }
        want.samples.truncate(stated * want.channels);
    }
    let want = to_stereo(want);
    let output = folder.join("rendered.wav");
    // A lossy decode may exceed full scale, where the limiter would act.
    let loud = want.peak() > 1.0;
    let got = sim::render(&[&file], &output, if loud { &["--volume", "-6"] } else { &[] })?;
    std::fs::remove_file(&output)?;
    if case.codec.is_lossless() {
        return Ok(compare::exact(&got, &want));
    }
    let gain = if loud { 10_f32.powf(-6.0 / 20.0) } else { 1.0 };
    let mut want = want;
    want.samples.iter_mut().for_each(|sample| *sample *= gain);
    Ok(compare::close(&got, &want, LOSSY_RMS))
}

/// The piece at the case's rate, width and channels; made once.
fn source(case: &Case, folder: &Path) -> Result<PathBuf> {
    let bits = case.codec.source_bits();
    let path = folder.join(format!("source-{}-{}-{bits}.wav", case.rate, case.channels));
    let piece = real_music::piece(0)?;
    let is_fresh = path.metadata().and_then(|made| Ok(made.modified()? >= piece.metadata()?.modified()?));
    if !is_fresh.unwrap_or(false) {
        encode::convert(&piece, &path, case.channels, case.rate, bits)?;
    }
    Ok(path)
}

/// What the reference decoder makes of the file: ffmpeg, and libopus's own tool for Opus.
fn reference(case: &Case, file: &Path) -> Result<Sound> {
    if case.codec == Codec::Opus {
        let decoded = file.with_extension("opusdec.wav");
        let mut opusdec = Command::new("opusdec");
        opusdec.args(["--quiet", "--force-wav", "--float", "--rate", "48000"]).arg(file).arg(&decoded);
        process::output(&mut opusdec)?;
        return raw::read_wav(&decoded);
    }
    decode(file, case)
}

fn decode(file: &Path, case: &Case) -> Result<Sound> {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(file).args(["-map", "0:a:0", "-f", "f32le", "-"]);
    let samples = raw::floats(&process::output(&mut ffmpeg)?);
    Ok(Sound { rate: case.rate, channels: case.channels, samples })
}

/// The stereo plays mono on both sides at the same level.
fn to_stereo(sound: Sound) -> Sound {
    if sound.channels == 2 {
        return sound;
    }
    let samples = sound.samples.iter().flat_map(|sample| [*sample, *sample]).collect();
    Sound { channels: 2, samples, ..sound }
}
