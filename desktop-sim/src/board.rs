//! A simulated board: folders for media, channels for knobs and ignition, and the sink that was asked for.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use hal::desktop::{CpalSink, DesktopHost};
use hal::sim::{
    ChannelIgnition, ChannelInput, IgnitionHandle, InputHandle, LooseSink, MediaHandle, NullSink, RealClock,
    SimBacklight, SimMedia, SoundCable, VirtualClock, VirtualSink, WavSink, WavWriter,
};
use hal::{AudioFormat, AudioOut, Board, Clock, MediaEvent};

use crate::cli::SinkChoice;

/// What sinks without a device play.
const FORMAT: AudioFormat = AudioFormat { rate: 48_000, channels: 2 };

/// Whose sound device is opened.
const HOST: DesktopHost =
    if cfg!(all(windows, feature = "asio")) { DesktopHost::Asio } else { DesktopHost::System };

/// A board and what is outside of it.
pub struct SimBoard {
    /// For the stereo.
    pub board: Board,
    /// On its knobs and its key.
    pub hands: Hands,
    /// Plugs and yanks media; kept, or the stereo would take its media part for broken.
    pub slots: MediaHandle,
    /// What is plugged in from the start.
    pub plugged: Vec<MediaEvent>,
    /// The board's clock.
    pub clock: Arc<dyn Clock>,
    /// The same, if it is virtual.
    pub virtual_clock: Option<Arc<VirtualClock>>,
}

/// What the window does to the board; kept even without one, or the stereo would take those parts for
/// broken.
pub struct Hands {
    /// Turns and presses.
    pub knobs: InputHandle,
    /// Turns the ignition key.
    pub ignition: IgnitionHandle,
    /// Pulls the sound device.
    pub sound: SoundCable,
}

/// Builds the board, its media served through links in `links`. Without a sound device it has a silent one in real time, and says so.
///
/// # Errors
/// The sound file or the folder for links cannot be created.
pub fn build(sink: &SinkChoice, music: Vec<PathBuf>, links: PathBuf) -> Result<SimBoard> {
    let virtual_clock = sink.is_virtual().then(VirtualClock::new);
    let clock: Arc<dyn Clock> = match &virtual_clock {
        Some(clock) => Arc::clone(clock) as Arc<dyn Clock>,
        None => Arc::new(RealClock::new()),
    };
    let (hand, knobs) = ChannelInput::new();
    let (ignition, line) = ChannelIgnition::new();
    let (_, light) = SimBacklight::new();
    let (slots, media) = SimMedia::with_links(links, music).context("media cannot be served")?;
    let (sound, audio) = LooseSink::new(open(sink, virtual_clock.as_ref())?);
    let board = Board {
        audio: Box::new(audio),
        sink_owns_time: virtual_clock.is_some(),
        clock: Arc::clone(&clock),
        inputs: vec![Box::new(knobs)],
        ignition: Some(Box::new(line)),
        backlight: Some(Box::new(light)),
        media: Box::new(media),
        watchdog: None,
    };
    let hands = Hands { knobs: hand, ignition, sound };
    let plugged = slots.plugged();
    Ok(SimBoard { board, hands, slots, plugged, clock, virtual_clock })
}

fn open(sink: &SinkChoice, clock: Option<&Arc<VirtualClock>>) -> Result<Box<dyn AudioOut>> {
    let on_virtual_clock = |writer| {
        let clock = clock.map_or_else(VirtualClock::new, Arc::clone);
        Box::new(VirtualSink::new(FORMAT, clock, writer))
    };
    Ok(match sink {
        SinkChoice::Null => Box::new(NullSink::new(FORMAT)),
        SinkChoice::Wav(path) => Box::new(WavSink::new(path, FORMAT)?),
        SinkChoice::Virtual => on_virtual_clock(None),
        SinkChoice::VirtualWav(path) => on_virtual_clock(Some(WavWriter::create(path, FORMAT)?)),
        SinkChoice::Device => match CpalSink::open(HOST, None) {
            Ok(device) => Box::new(device),
            Err(error) => {
                crate::note(&format!(
                    "{error}\nThe stereo runs silently; --sink wav:PATH writes what it plays."
                ));
                Box::new(NullSink::new(FORMAT))
            }
        },
    })
}
