//! The sink over cpal. Device and stream live on one thread of their own, because on some systems a
//! stream may not change threads; the sink talks to it by messages.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use cpal::SupportedStreamConfig;
use cpal::traits::{DeviceTrait, HostTrait};

use super::choose::choose;
use super::stream::{Events, Playing, audio_error};
use crate::{AudioError, AudioEvent, AudioFormat, AudioOut, RenderFn};

/// Which of the system's sound interfaces is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DesktopHost {
    /// The system's own: ALSA, WASAPI or CoreAudio.
    #[default]
    System,
    /// ASIO, on Windows in builds with the feature `asio`.
    Asio,
}

impl DesktopHost {
    fn open(self) -> Result<cpal::Host, AudioError> {
        match self {
            Self::System => Ok(cpal::default_host()),
            #[cfg(all(windows, feature = "asio"))]
            Self::Asio => cpal::host_from_id(cpal::HostId::Asio).map_err(|error| audio_error(&error)),
            #[cfg(not(all(windows, feature = "asio")))]
            Self::Asio => Err(AudioError::NoDevice("this build has no ASIO".into())),
        }
    }
}

/// Names of the output devices, as [`CpalSink::open`] takes them.
///
/// # Errors
/// The sound interface cannot be asked.
pub fn output_devices(host: DesktopHost) -> Result<Vec<String>, AudioError> {
    let devices = host.open()?.output_devices().map_err(|error| audio_error(&error))?;
    Ok(devices.map(|device| name(&device)).collect())
}

enum Order {
    Start(RenderFn, Events, Sender<Result<(), AudioError>>),
    Stop(Sender<()>),
}

/// Sound through cpal.
///
/// After [`AudioEvent::Lost`] a new start looks the device up again and keeps the format; when the
/// device is gone for good, open another sink.
#[derive(Debug)]
pub struct CpalSink {
    format: AudioFormat,
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl CpalSink {
    /// Opens a device by its name, or the system's default one, and settles the format.
    ///
    /// # Errors
    /// [`AudioError::NoDevice`] without a device (of that name); [`AudioError::NoFormat`] when it
    /// offers nothing that can be played.
    pub fn open(host: DesktopHost, device: Option<&str>) -> Result<Self, AudioError> {
        let (orders, received) = mpsc::channel();
        let (tell, opened) = mpsc::channel();
        let device = device.map(str::to_owned);
        let thread = thread::Builder::new()
            .name("cpal".into())
            .spawn(move || serve(host, device.as_deref(), &tell, &received))
            .map_err(|error| AudioError::NoDevice(error.to_string()))?;
        let format = opened.recv().map_err(|_| gone())??;
        Ok(Self { format, orders: Some(orders), thread: Some(thread) })
    }

    fn order<T>(&self, make: impl FnOnce(Sender<T>) -> Order) -> Option<T> {
        let (reply, answer) = mpsc::channel();
        self.orders.as_ref()?.send(make(reply)).ok()?;
        answer.recv().ok()
    }
}

impl AudioOut for CpalSink {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(
        &mut self,
        render: RenderFn,
        events: Box<dyn FnMut(AudioEvent) + Send>,
    ) -> Result<(), AudioError> {
        self.order(|reply| Order::Start(render, events, reply)).unwrap_or_else(|| Err(gone()))
    }

    fn stop(&mut self) {
        self.order(Order::Stop);
    }
}

impl Drop for CpalSink {
    fn drop(&mut self) {
        // Closing the channel ends the thread, which drops the stream.
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn gone() -> AudioError {
    AudioError::NoDevice("the sound thread has ended".into())
}

fn serve(
    host: DesktopHost,
    name: Option<&str>,
    tell: &Sender<Result<AudioFormat, AudioError>>,
    orders: &Receiver<Order>,
) {
    let config = match find(host, name).and_then(|device| configure(&device)) {
        Ok(config) => config,
        Err(error) => {
            let _ = tell.send(Err(error));
            return;
        }
    };
    let _ = tell.send(Ok(AudioFormat { rate: config.sample_rate(), channels: config.channels() }));
    let mut playing: Option<Playing> = None;
    while let Ok(order) = orders.recv() {
        drop(playing.take());
        match order {
            Order::Stop(reply) => {
                let _ = reply.send(());
            }
            Order::Start(render, events, reply) => {
                let started =
                    find(host, name).and_then(|device| Playing::start(&device, &config, render, events));
                let _ = reply.send(started.map(|stream| playing = Some(stream)));
            }
        }
    }
}

fn find(host: DesktopHost, wanted: Option<&str>) -> Result<cpal::Device, AudioError> {
    let host = host.open()?;
    let Some(wanted) = wanted else {
        return host.default_output_device().ok_or_else(|| AudioError::NoDevice("there is none".into()));
    };
    let devices = host.output_devices().map_err(|error| audio_error(&error))?;
    let mut named: Vec<cpal::Device> =
        devices.filter(|device| name(device) == wanted || id(device) == wanted).collect();
    named.pop().ok_or_else(|| AudioError::NoDevice(format!("there is none called {wanted}")))
}

fn configure(device: &cpal::Device) -> Result<SupportedStreamConfig, AudioError> {
    let offers: Vec<_> = device.supported_output_configs().map_err(|error| audio_error(&error))?.collect();
    let default = device.default_output_config().ok();
    choose(&offers, default.as_ref()).or(default).ok_or_else(|| AudioError::NoFormat(name(device)))
}

fn name(device: &cpal::Device) -> String {
    device.description().map_or_else(|_| device.to_string(), |description| description.name().to_owned())
}

fn id(device: &cpal::Device) -> String {
    device.id().map(|id| id.id().to_owned()).unwrap_or_default()
}
