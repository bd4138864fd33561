//! The command line: what can be asked for, and the help that says so.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use firmware_app::cloud::CloudArgs;
use firmware_app::mpd::MpdArgs;

use crate::help;

/// The car stereo in a window, or without one.
#[derive(Debug, Parser)]
#[command(
    name = "rusty-audio-sim",
    version,
    about = "Rusty Audio's car stereo on a desk: the same program with simulated knobs, keys and ignition.",
    after_help = help::SHORT,
    after_long_help = help::LONG,
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    /// Something else than running the stereo.
    #[command(subcommand)]
    pub task: Option<Task>,
    /// How to run it.
    #[command(flatten)]
    pub run: RunArgs,
}

/// What else there is.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Play files through the stereo's sound chain into a WAV file, as fast as it goes
    #[command(after_help = help::RENDER)]
    Render(RenderArgs),
    /// Bring an index of the music in a folder up to date
    #[command(after_help = help::SCAN)]
    Scan(ScanArgs),
    /// Search an index for artists, albums and tracks
    #[command(after_help = help::SEARCH)]
    Search(SearchArgs),
}

/// How to run the stereo.
#[derive(Args, Debug)]
pub struct RunArgs {
    /// A folder of music, shown as a medium; can be given more than once [default: your music folder]
    #[arg(long, value_name = "DIR")]
    pub music: Vec<PathBuf>,
    /// Where settings and the resume point are kept [default: rusty-audio-sim in your data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// No window
    #[arg(long)]
    pub headless: bool,
    /// Where the sound goes: device, null, virtual, wav:PATH or virtual-wav:PATH
    #[arg(long, default_value = "device")]
    pub sink: SinkChoice,
    /// End after this many seconds of the unit's clock
    #[arg(long, value_name = "N", value_parser = positive_seconds)]
    pub seconds: Option<Duration>,
    /// Do what this file says, then end
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Size of the unit's screen in pixels; in a window its shape stays 5:3
    #[arg(long, default_value = "800x480", value_name = "WxH")]
    pub size: ScreenSize,
    /// The web remote.
    #[command(flatten)]
    pub remote: RemoteArgs,
    /// A server for programs that speak the MPD protocol.
    #[command(flatten)]
    pub mpd: MpdArgs,
    /// The cloud.
    #[command(flatten)]
    pub cloud: CloudArgs,
}

/// Where phones and browsers can control the stereo.
#[derive(Args, Clone, Debug, Default)]
pub struct RemoteArgs {
    /// Address of the web remote; [::]:8080 lets phones on your network reach it [default: 127.0.0.1:8080 or
    /// the next free port; none on a virtual clock]
    #[arg(long = "remote", value_name = "ADDR", conflicts_with = "no_remote")]
    pub address: Option<SocketAddr>,
    /// No web remote
    #[arg(long)]
    pub no_remote: bool,
    /// Serve the web remote by https too, with a certificate of the unit's own
    #[arg(long = "remote-https", value_name = "ADDR", conflicts_with = "no_remote")]
    pub https: Option<SocketAddr>,
    /// Serve the web remote's files from this folder, not from inside the program
    #[arg(long = "remote-files", value_name = "DIR")]
    pub files: Option<PathBuf>,
    /// What remotes call this unit; its name on the network is made of it
    #[arg(long = "remote-name", value_name = "NAME", default_value = firmware_app::remote::DEFAULT_NAME)]
    pub name: String,
}

/// What to render, and how.
#[derive(Args, Debug)]
pub struct RenderArgs {
    /// Files to play, in this order, without a gap
    #[arg(required = true, num_args = 1.., value_name = "IN")]
    pub inputs: Vec<PathBuf>,
    /// The WAV file to write: 32-bit float, stereo
    #[arg(required = true, value_name = "OUT.wav")]
    pub output: PathBuf,
    /// Output rate [default: that of the first file]
    #[arg(long, value_name = "HZ", value_parser = clap::value_parser!(u32).range(8_000..=192_000))]
    pub rate: Option<u32>,
    /// Sound preset (JSON); flat if not given
    #[arg(long, value_name = "FILE.json")]
    pub preset: Option<PathBuf>,
    /// Level: 0 is full, -100 is silence
    #[arg(long, value_name = "DB", default_value_t = 0.0, allow_negative_numbers = true, value_parser = level)]
    pub volume: f32,
    /// Start here in the first file
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    pub seek: f64,
    /// Stop after this much output
    #[arg(long, value_name = "N", value_parser = positive)]
    pub seconds: Option<f64>,
    /// Print what was done as JSON
    #[arg(long)]
    pub stats: bool,
}

/// What to scan, and where the index is.
#[derive(Args, Debug)]
pub struct ScanArgs {
    /// The folder of music
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The index [default: scan.db in the folder for the simulator's data]
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Processes that read tags [default: as the machine allows]
    #[arg(long, value_name = "N", value_parser = workers)]
    pub workers: Option<usize>,
    /// Print what was done as JSON
    #[arg(long)]
    pub stats: bool,
}

/// What to search, and where.
#[derive(Args, Debug)]
pub struct SearchArgs {
    /// The index
    #[arg(value_name = "DB")]
    pub db: PathBuf,
    /// Words, or parts of them, in any field
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub text: String,
    /// Most results of each kind
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub limit: u8,
    /// Print times too; the search is repeated for them
    #[arg(long)]
    pub stats: bool,
    /// How often it is repeated for the times
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub repeat: u32,
}

/// Where the sound goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SinkChoice {
    /// The computer's sound device.
    Device,
    /// Nowhere, in real time.
    Null,
    /// Nowhere, on a clock that runs as fast as the computer can.
    Virtual,
    /// A file, in real time.
    Wav(PathBuf),
    /// A file, on the fast clock.
    VirtualWav(PathBuf),
}

impl SinkChoice {
    /// Whether the clock is virtual.
    pub fn is_virtual(&self) -> bool {
        matches!(self, Self::Virtual | Self::VirtualWav(_))
    }
}

impl FromStr for SinkChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "device" => Ok(Self::Device),
            None if text == "null" => Ok(Self::Null),
            None if text == "virtual" => Ok(Self::Virtual),
            Some(("wav", path)) if !path.is_empty() => Ok(Self::Wav(path.into())),
            Some(("virtual-wav", path)) if !path.is_empty() => Ok(Self::VirtualWav(path.into())),
            _ => Err("it is one of device, null, virtual, wav:PATH, virtual-wav:PATH".to_owned()),
        }
    }
}

/// Size of the unit's screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenSize {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

impl FromStr for ScreenSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = |text: &str, range: std::ops::RangeInclusive<u32>| {
            text.parse::<u32>().ok().filter(|pixels| range.contains(pixels))
        };
        text.split_once('x')
            .and_then(|(width, height)| {
                Some(Self { width: fits(width, 320..=3840)?, height: fits(height, 240..=2160)? })
            })
            .ok_or_else(|| "write WIDTHxHEIGHT, from 320x240 to 3840x2160, such as 800x480".to_owned())
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| (0.0..=1e7).contains(seconds))
        .ok_or_else(|| "write seconds, such as 90 or 12.5".to_owned())
}

fn positive(text: &str) -> Result<f64, String> {
    seconds(text).and_then(|n| if n > 0.0 { Ok(n) } else { Err("it must be more than 0".to_owned()) })
}

fn positive_seconds(text: &str) -> Result<Duration, String> {
    positive(text).and_then(|n| Duration::try_from_secs_f64(n).map_err(|error| error.to_string()))
}

fn workers(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| (1..=16).contains(n)).ok_or_else(|| "it is a number from 1 to 16".to_owned())
}

fn level(text: &str) -> Result<f32, String> {
    text.parse::<f32>()
        .ok()
        .filter(|level| (-100.0..=0.0).contains(level))
        .ok_or_else(|| "a level lies between -100 and 0 dB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn cli(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn everything_has_a_default() {
        let run = cli("sim").unwrap().run;
        assert_eq!(run.sink, SinkChoice::Device);
        assert_eq!(run.size, ScreenSize { width: 800, height: 480 });
        assert!(run.music.is_empty() && run.data.is_none() && !run.headless && run.seconds.is_none());
    }

    #[test]
    fn the_remote_has_an_address_or_is_off() {
        let remote = |line| cli(line).unwrap().run.remote;
        assert_eq!(remote("sim").address, None);
        assert_eq!(remote("sim").name, "Rusty Audio");
        assert_eq!(remote("sim --remote [::]:8080").address, Some("[::]:8080".parse().unwrap()));
        assert!(remote("sim --no-remote").no_remote);
        for line in ["sim --remote 8080", "sim --no-remote --remote 127.0.0.1:80", "sim --remote-https x"] {
            assert!(cli(line).is_err(), "{line}");
        }
    }

    #[test]
    fn sinks_and_sizes_are_read() {
        for (text, sink) in [
            ("null", SinkChoice::Null),
            ("virtual", SinkChoice::Virtual),
            ("wav:a.wav", SinkChoice::Wav("a.wav".into())),
            (r"wav:C:\a.wav", SinkChoice::Wav(r"C:\a.wav".into())),
            ("virtual-wav:a.wav", SinkChoice::VirtualWav("a.wav".into())),
        ] {
            assert_eq!(text.parse(), Ok(sink));
        }
        for text in ["", "wav", "wav:", "speaker", "null:x"] {
            assert!(text.parse::<SinkChoice>().is_err(), "{text}");
        }
        assert_eq!("1280x720".parse(), Ok(ScreenSize { width: 1280, height: 720 }));
        for text in ["", "800", "800x", "1x1", "99999x480", "800X480", "-800x480"] {
            assert!(text.parse::<ScreenSize>().is_err(), "{text}");
        }
    }

    #[test]
    fn render_takes_the_last_file_as_its_output() {
        let Some(Task::Render(args)) =
            cli("sim render a.flac b.flac o.wav --volume -6 --stats").unwrap().task
        else {
            panic!("not render");
        };
        assert_eq!(args.inputs, [PathBuf::from("a.flac"), PathBuf::from("b.flac")]);
        assert_eq!((args.output, args.volume, args.stats), (PathBuf::from("o.wav"), -6.0, true));
    }

    #[test]
    fn scan_takes_a_folder() {
        let Some(Task::Scan(args)) = cli("sim scan music --db a.db --workers 2 --stats").unwrap().task else {
            panic!("not scan");
        };
        assert_eq!((args.folder, args.db), ("music".into(), Some("a.db".into())));
        assert_eq!((args.workers, args.stats), (Some(2), true));
    }

    #[test]
    fn search_takes_an_index_and_a_text() {
        let Some(Task::Search(args)) = cli("sim search a.db -love --stats --repeat 3").unwrap().task else {
            panic!("not search");
        };
        assert_eq!((args.db, args.text.as_str()), ("a.db".into(), "-love"));
        assert_eq!((args.limit, args.stats, args.repeat), (50, true, 3));
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [
            "sim render a.flac",
            "sim render",
            "sim render a b --volume 3",
            "sim render a b --rate 1",
            "sim render a b --seconds 0",
            "sim render a b --seek -1",
            "sim --seconds -3",
            "sim --seconds NaN",
            "sim --size 3",
            "sim --sink tape",
            "sim extra",
            "sim scan",
            "sim scan a --workers 0",
            "sim search a.db",
            "sim search a.db x --limit 0",
            "sim search a.db x --repeat 0",
            "sim --mpd-password-file x",
            "sim --cloud-ca x",
        ] {
            assert!(cli(line).is_err(), "{line}");
        }
    }
}
