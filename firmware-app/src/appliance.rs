//! The board made of Linux's own drivers, and the stereo on it until the system says it is over.

mod ending;
mod glass;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use firmware_app::cloud::{Cloud, CloudArgs, CloudConfig, CloudOptions};
use firmware_app::mpd::{MpdArgs, MpdServer};
use firmware_app::remote::{DEFAULT_NAME, Remote, RemoteConfig};
use firmware_app::{App, AppConfig, AppHandle};
use hal::linux::{
    AlsaConfig, AlsaSink, EvdevIgnition, EvdevInput, IgnitionLine, Keymap, MountinfoMedia, Notifier,
    NotifyWatchdog, SysfsBacklight,
};
use hal::{
    AudioError, AudioEvent, AudioFormat, AudioOut, Backlight, Board, Ignition, MediaEvent, RealClock,
    RenderFn, Watchdog,
};

use self::ending::Ending;
use self::glass::GlassOptions;

/// Rusty Audio, the car stereo.
///
/// Plays from sticks, cards and folders through ALSA, driven by the knobs, keys and touch screens of
/// /dev/input. Draws on the display of /dev/dri whenever there is one, and plays without.
#[derive(Debug, clap::Parser)]
#[command(name = "rusty-audio", version)]
pub struct Options {
    /// Folder for settings, queue and place (state.db)
    #[arg(long, value_name = "DIR", default_value = "/var/lib/rusty-audio")]
    data: PathBuf,
    /// ALSA device: default, hw:CARD=NAME, plughw:0,0
    #[arg(long, value_name = "PCM", default_value = "default")]
    alsa: String,
    /// Frames in a period of the sound device: fewer answer sooner, more survive a busy computer
    #[arg(long, value_name = "FRAMES", default_value_t = 256, value_parser = clap::value_parser!(u32).range(16..=16384))]
    alsa_period: u32,
    /// Periods in the sound device's buffer
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(2..=64))]
    alsa_periods: u32,
    /// Folders below which media are mounted
    #[arg(long, value_name = "DIR", num_args = 1.., default_values = ["/media", "/run/media"])]
    media: Vec<PathBuf>,
    /// Folders of music that are always there, besides sticks and cards
    #[arg(long, value_name = "DIR", num_args = 1..)]
    music: Vec<PathBuf>,
    /// File that says which keys and axes mean what; the usual keyboard and knob codes if not given
    #[arg(long, value_name = "FILE")]
    keymap: Option<PathBuf>,
    /// Input code of the ignition line, KEY_… or SW_…; with ! before it the line is on when it reads 0
    #[arg(long, value_name = "CODE")]
    ignition: Option<String>,
    #[command(flatten)]
    glass: GlassOptions,
    /// Address of the web remote
    #[arg(long, value_name = "ADDR", default_value = "[::]:8080")]
    remote: SocketAddr,
    /// No web remote
    #[arg(long, conflicts_with_all = ["remote", "remote_https"])]
    no_remote: bool,
    /// Serve the web remote by https too, with a certificate of the unit's own
    #[arg(long, value_name = "ADDR")]
    remote_https: Option<SocketAddr>,
    /// What remotes call this unit; its name on the network is made of it
    #[arg(long, value_name = "NAME", default_value = DEFAULT_NAME)]
    remote_name: String,
    #[command(flatten)]
    mpd: MpdArgs,
    #[command(flatten)]
    cloud: CloudArgs,
}

/// Runs the stereo until it is asked to end (SIGTERM, SIGINT, SIGHUP), then saves.
///
/// # Errors
/// A part that must be there is not, or the stereo ended by itself.
pub fn run(options: Options) -> Result<()> {
    let ending = Ending::on_signals().context("signals cannot be handled")?;
    let media = options.music.iter().map(PathBuf::as_path).map(plugged).collect::<Result<Vec<_>>>()?;
    let mpd = options.mpd.resolve()?;
    let cloud = options.cloud.resolve()?;
    let config = AppConfig { media, ..AppConfig::new(&options.data) };
    let app = App::start(config, board(&options)?).context("the stereo cannot be started")?;
    let remote = remote(&options, &app);
    let cloud = cloud.and_then(|cloud| link(&options, cloud, &app));
    // What plays is worth more than who asks for it: without its server the unit still plays.
    let _mpd = mpd.and_then(|options| {
        MpdServer::start(app.clone(), &options)
            .inspect_err(|error| tracing::error!(%error, "no MPD server"))
            .ok()
    });
    let manager = Notifier::from_env();
    if let Some(manager) = &manager {
        manager.ready();
    }
    if !options.glass.draw(&app, &ending) {
        ending.wait_for(&app);
    }
    if !ending.is_asked() {
        bail!("the stereo has ended by itself");
    }
    tracing::info!("asked to end: saving");
    if let Some(manager) = &manager {
        manager.stopping();
    }
    drop(cloud);
    drop(remote);
    app.quit_and_join();
    Ok(())
}

/// The web remote, unless it is not wanted. A car stereo without one plays all the same.
fn remote(options: &Options, app: &AppHandle) -> Option<Remote> {
    if options.no_remote {
        return None;
    }
    let config = RemoteConfig {
        https: options.remote_https,
        name: options.remote_name.clone(),
        ..RemoteConfig::new(options.remote)
    };
    Remote::start(app, config).inspect_err(|error| tracing::error!(%error, "no web remote")).ok()
}

/// The link to the cloud. Everything plays without it.
fn link(options: &Options, cloud: CloudOptions, app: &AppHandle) -> Option<Cloud> {
    // As the firmware calls the board; other computers have a name elsewhere or none.
    let of_board = ["/proc/device-tree/model", "/sys/class/dmi/id/product_name"];
    let model = of_board.iter().find_map(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let config = CloudConfig::new(cloud, options.remote_name.as_str(), model);
    Cloud::start(app, config).inspect_err(|error| tracing::error!(%error, "no link to the cloud")).ok()
}

fn plugged(path: &Path) -> Result<MediaEvent> {
    let path = path.canonicalize().with_context(|| format!("the folder {} is not there", path.display()))?;
    let name = path.file_name().map_or_else(|| "Music".into(), |name| name.to_string_lossy().into_owned());
    let id = hal::folder_id(&path);
    Ok(MediaEvent::Plugged { name, path, id })
}

fn board(options: &Options) -> Result<Board> {
    let alsa = AlsaConfig {
        device: options.alsa.clone(),
        period_frames: options.alsa_period,
        periods: options.alsa_periods,
        ..AlsaConfig::default()
    };
    let keymap = match &options.keymap {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Keymap::parse(&text).with_context(|| format!("the keymap {}", path.display()))?
        }
        None => Keymap::default(),
    };
    Ok(Board {
        audio: Box::new(LateSink::new(alsa)),
        sink_owns_time: false,
        clock: Arc::new(RealClock::new()),
        inputs: vec![Box::new(EvdevInput::open(keymap, true).context("no input devices")?)],
        ignition: options.ignition.as_deref().map(ignition).transpose()?,
        backlight: optional(SysfsBacklight::find().map(|light| Box::new(light) as Box<dyn Backlight>)),
        media: Box::new(MountinfoMedia::below(&options.media).context("media cannot be watched")?),
        watchdog: NotifyWatchdog::from_env().map(|dog| Box::new(dog) as Box<dyn Watchdog>),
    })
}

fn ignition(code: &str) -> Result<Box<dyn Ignition>> {
    let (name, inverted) = code.strip_prefix('!').map_or((code, false), |name| (name, true));
    let line = IgnitionLine { code: name.parse().context("the ignition line")?, inverted };
    Ok(Box::new(EvdevIgnition::open(line).context("the ignition line")?))
}

fn optional<T>(part: Result<T, hal::PartGone>) -> Option<T> {
    part.inspect_err(|gone| tracing::info!(%gone, "the board does without")).ok()
}

/// The board's sound device, which may appear long after this program has started: opened when it is
/// first started, and at every later try.
struct LateSink {
    config: AlsaConfig,
    sink: Option<AlsaSink>,
    /// What `render` has been promised to be asked for.
    format: AudioFormat,
}

impl LateSink {
    fn new(config: AlsaConfig) -> Self {
        let sink = AlsaSink::open(config.clone());
        let sink = sink.inspect_err(|error| tracing::warn!(%error, "waiting for the sound device")).ok();
        let format = sink.as_ref().map_or(AudioFormat { rate: 48_000, channels: 2 }, AudioOut::format);
        Self { config, sink, format }
    }
}

impl AudioOut for LateSink {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(
        &mut self,
        render: RenderFn,
        events: Box<dyn FnMut(AudioEvent) + Send>,
    ) -> Result<(), AudioError> {
        let sink = match self.sink.take() {
            Some(sink) => self.sink.insert(sink),
            None => self.sink.insert(AlsaSink::open(self.config.clone())?),
        };
        let format = sink.format();
        if format != self.format {
            // The next try makes its engine for what this device wants.
            self.format = format;
            return Err(AudioError::NoFormat("the device that appeared has another format".into()));
        }
        let started = sink.start(render, events);
        if started.is_err() {
            self.sink = None;
        }
        started
    }

    fn stop(&mut self) {
        if let Some(sink) = &mut self.sink {
            sink.stop();
        }
    }
}
