//! What becomes which file: five tracks, in as many formats as this machine can write.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::cover::{self, Light};
use super::synth::{self, Stereo};
use super::write::{Pcm, Tags, aiff, flac, wav};
use super::{RATE, pieces};
use crate::process;

/// The album's name, and its folder's.
pub const TITLE: &str = "Night Drive Home";
const ARTIST: &str = "Rusty Audio";
const YEAR: &str = "2026";

/// Which lossy encoders there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formats {
    mp3: bool,
    vorbis: bool,
}

impl Formats {
    /// Looks for `lame` and `oggenc`; without them those tracks are AIFF and WAV.
    pub fn of_this_machine() -> Self {
        Self { mp3: process::on_path("lame"), vorbis: process::on_path("oggenc") }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Flac,
    Wav,
    Aiff,
    Mp3,
    Vorbis,
}

struct Track {
    title: &'static str,
    genre: &'static str,
    light: &'static Light,
    format: Format,
    pcm: Pcm,
}

/// Composes, plays and writes the album into `folder`, which must not exist yet.
///
/// # Errors
/// If a file cannot be written or an encoder fails.
pub fn make(folder: &Path, formats: &Formats) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let tracks = play(formats)?;
    std::fs::write(folder.join("cover.png"), cover::png(&cover::COAST)?)?;
    let count = tracks.len();
    for (index, track) in tracks.into_iter().enumerate() {
        let tags = Tags {
            title: track.title.to_owned(),
            artist: ARTIST.to_owned(),
            album: TITLE.to_owned(),
            track: index + 1,
            tracks: count,
            genre: track.genre.to_owned(),
            year: YEAR.to_owned(),
        };
        write(folder, &track, &tags)
            .with_context(|| format!("cannot write the demo track \"{}\"", track.title))?;
    }
    Ok(())
}

/// Plays all pieces, side by side.
fn play(formats: &Formats) -> Result<Vec<Track>> {
    let pieces = [
        pieces::coast_road::piece,
        pieces::sodium_lights::piece,
        pieces::rain::piece,
        pieces::home_by_morning::piece,
    ];
    let played = std::thread::scope(|scope| {
        let threads = pieces.map(|piece| scope.spawn(move || synth::render(&piece())));
        threads.map(|thread| thread.join().ok())
    });
    let [Some(coast), Some(sodium), Some(rain), Some(home)] = played else {
        anyhow::bail!("a piece could not be played");
    };
    let cut = pieces::coast_road::piece().frame(pieces::coast_road::cut());
    let first = coast.part(0, cut);
    let second = coast.part(cut, coast.len());
    let mp3 = if formats.mp3 { Format::Mp3 } else { Format::Aiff };
    let vorbis = if formats.vorbis { Format::Vorbis } else { Format::Wav };
    let track = |title, genre, light, format, sound: &Stereo| Track {
        title,
        genre,
        light,
        format,
        pcm: to_16_bit(sound),
    };
    Ok(vec![
        track("Coast Road (Part One)", "Ambient", &cover::COAST, Format::Flac, &first),
        track("Coast Road (Part Two)", "Ambient", &cover::COAST, Format::Flac, &second),
        track("Sodium Lights", "Downtempo", &cover::NIGHT, mp3, &sodium),
        track("Rain on the Windscreen", "Acoustic", &cover::RAIN, vorbis, &rain),
        track("Home by Morning", "Electronic", &cover::DAWN, Format::Aiff, &home),
    ])
}

/// With triangular dither of one step, the same in every run.
fn to_16_bit(sound: &Stereo) -> Pcm {
    let mut state = 0x2545_f491_u32;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as f32 / 16_777_216.0
    };
    let mut convert = |channel: &[f32]| {
        let step = |sample: &f32| {
            let dithered = sample * 32_767.0 + random() - random();
            dithered.round().clamp(-32_768.0, 32_767.0) as i16
        };
        channel.iter().map(step).collect()
    };
    Pcm { rate: RATE, channels: [convert(&sound.left), convert(&sound.right)] }
}

fn write(folder: &Path, track: &Track, tags: &Tags) -> Result<()> {
    let cover = cover::png(track.light)?;
    let name = format!("{:02} {}", tags.track, track.title);
    let file = |ending: &str| folder.join(format!("{name}.{ending}"));
    match track.format {
        Format::Flac => {
            std::fs::write(file("flac"), flac::encode(&track.pcm, tags, &cover, cover::EDGE))?;
        }
        Format::Wav => std::fs::write(file("wav"), wav::encode(&track.pcm, tags))?,
        Format::Aiff => std::fs::write(file("aiff"), aiff::encode(&track.pcm, tags, &cover))?,
        Format::Mp3 => with_source(folder, track, tags, &cover, |wav, png| {
            let number = format!("{}/{}", tags.track, tags.tracks);
            let mut lame = Command::new("lame");
            lame.args(["--quiet", "-V", "2", "--add-id3v2", "--tt", &tags.title, "--ta", &tags.artist]);
            lame.args(["--tl", &tags.album, "--tn", &number, "--ty", &tags.year, "--tg", &tags.genre]);
            lame.arg("--ti").arg(png).arg(wav).arg(file("mp3"));
            lame
        })?,
        Format::Vorbis => with_source(folder, track, tags, &cover, |wav, _| {
            let mut oggenc = Command::new("oggenc");
            oggenc.args(["--quiet", "-q", "6", "--serial", "7", "-t", &tags.title, "-a", &tags.artist]);
            oggenc.args(["-l", &tags.album, "-N", &tags.track.to_string(), "-d", &tags.year]);
            oggenc.args(["-G", &tags.genre, "-o"]).arg(file("ogg")).arg(wav);
            oggenc
        })?,
    }
    Ok(())
}

/// Runs an encoder on a WAV of the track and its cover, which are removed again.
fn with_source(
    folder: &Path,
    track: &Track,
    tags: &Tags,
    cover: &[u8],
    encoder: impl FnOnce(&Path, &Path) -> Command,
) -> Result<()> {
    let (wav, png) = (folder.join(".source.wav"), folder.join(".source.png"));
    std::fs::write(&wav, wav::encode(&track.pcm, tags))?;
    std::fs::write(&png, cover)?;
    let said = process::output(&mut encoder(&wav, &png));
    std::fs::remove_file(wav)?;
    std::fs::remove_file(png)?;
    said.map(drop)
}
