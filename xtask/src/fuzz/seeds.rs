//! `cargo xtask fuzz seeds`: the binary seeds of the corpus, made anew by the usual encoders.
//!
//! A fiftieth of a second of a tone in every container, with every tag, and small pictures of every kind. Each
//! real file has two hostile cousins: cut short in its tags, and with its sizes blown up. The text seeds
//! (playlists, presets, commands, keymaps) were written by hand.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;

/// Ending and ffmpeg's options; picture says whether a cover goes in.
const TRACKS: [(&str, &str, bool, &[&str]); 14] = [
    ("id3v23", "mp3", true, &["-id3v2_version", "3", "-write_id3v1", "1", "-b:a", "32k"]),
    ("id3v24", "mp3", false, &["-id3v2_version", "4", "-b:a", "32k"]),
    ("ape", "mp3", false, &["-id3v2_version", "0", "-write_apetag", "1", "-b:a", "32k"]),
    ("vorbis", "ogg", false, &["-c:a", "libvorbis", "-q:a", "0"]),
    ("opus", "opus", false, &["-c:a", "libopus", "-b:a", "16k"]),
    ("flac", "flac", true, &[]),
    ("ogg", "oga", false, &["-c:a", "flac"]),
    ("aac", "m4a", true, &["-c:a", "aac", "-b:a", "32k"]),
    ("alac", "m4a", false, &["-c:a", "alac"]),
    ("info", "wav", false, &["-c:a", "pcm_s16le"]),
    ("id3", "wav", false, &["-c:a", "pcm_u8", "-write_id3v2", "1"]),
    ("aiff", "aiff", false, &["-write_id3v2", "1"]),
    ("adts", "aac", false, &["-c:a", "aac", "-b:a", "32k"]),
    ("caf", "caf", false, &["-c:a", "pcm_s16le"]),
];

const PICTURES: [(&str, &[&str]); 6] = [
    ("jpg", &["-q:v", "20"]),
    ("png", &[]),
    ("gif", &[]),
    ("bmp", &[]),
    ("webp", &["-quality", "20"]),
    ("webp", &["-lossless", "1"]),
];

const TAGS: [&str; 15] = [
    "title=Tänk på mig",
    "artist=A/B; C",
    "album_artist=Various Artists",
    "album=The Record",
    "track=3/12",
    "disc=1/2",
    "date=1999-12-31",
    "genre=(17)Rock",
    "composer=Bach",
    "compilation=1",
    "REPLAYGAIN_TRACK_GAIN=-6.48 dB",
    "REPLAYGAIN_ALBUM_GAIN=+1.2 dB",
    "R128_TRACK_GAIN=-256",
    "artist-sort=B, A",
    "comment=x",
];

/// Writes `fuzz/corpus/tags` and `fuzz/corpus/art`.
///
/// # Errors
/// If an encoder fails.
pub fn make() -> Result<()> {
    let corpus = process::root()?.join("fuzz/corpus");
    let (tags, art) = (corpus.join("tags"), corpus.join("art"));
    for folder in [&tags, &art] {
        std::fs::create_dir_all(folder)?;
    }
    let cover = art.join("0.jpg");
    for (number, (ending, options)) in PICTURES.iter().enumerate() {
        let path = art.join(format!("{number}.{ending}"));
        let mut ffmpeg = ffmpeg();
        ffmpeg.args(["-f", "lavfi", "-i", "testsrc=size=24x16:rate=1", "-frames:v", "1"]).args(*options);
        process::output(ffmpeg.args(["-bitexact"]).arg(&path))?;
        cousins(&path)?;
    }
    for (name, ending, pictured, options) in TRACKS {
        let path = tags.join(format!("{name}.{ending}"));
        let mut ffmpeg = ffmpeg();
        ffmpeg.args(["-f", "lavfi", "-i", "sine=frequency=440:duration=0.02:sample_rate=44100"]);
        if pictured {
            ffmpeg.arg("-i").arg(&cover).args(["-map", "0", "-map", "1", "-c:v", "copy"]);
            ffmpeg.args(["-disposition:v", "attached_pic"]);
        }
        for tag in TAGS {
            ffmpeg.args(["-metadata", tag]);
        }
        process::output(ffmpeg.args(options).args(["-bitexact"]).arg(&path))?;
        trim_padding(&path)?;
        cousins(&path)?;
    }
    Ok(())
}

fn ffmpeg() -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]);
    command
}

/// Thousands of zeros teach a fuzzer nothing: FLAC's padding block, the last of its metadata, goes.
fn trim_padding(path: &Path) -> Result<()> {
    if path.extension().is_some_and(|ending| ending == "flac") {
        let remove = ["--remove", "--block-type=PADDING", "--dont-use-padding"];
        process::output(Command::new("metaflac").args(remove).arg(path))?;
    }
    Ok(())
}

/// Two hostile ones: cut in the middle, and with sizes of 2 GB wherever a small big-endian size stands.
fn cousins(path: &Path) -> Result<()> {
    let bytes = std::fs::read(path)?;
    let named = |word: &str| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        path.with_extension(format!("{word}.{ending}"))
    };
    std::fs::write(named("cut"), &bytes[..bytes.len() / 2])?;
    let mut huge = bytes;
    // Every third, so that outer sizes sometimes stay right and the inner ones are reached.
    let sizes: Vec<usize> = (4..huge.len().saturating_sub(4))
        .filter(|at| huge[*at] == 0 && huge[at + 1] == 0)
        .step_by(3)
        .collect();
    for at in sizes {
        huge[at] = 0x7f;
        huge[at + 1] = 0xff;
    }
    std::fs::write(named("huge"), huge)?;
    Ok(())
}
