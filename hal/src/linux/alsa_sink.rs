//! The sink directly on ALSA.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use alsa::pcm::PCM;

use super::alsa_pcm::{Granted, open};
use super::alsa_run::{RUNNING, STOPPED, Status, Work, run};
use super::{AlsaConfig, realtime};
use crate::{AudioError, AudioEvent, AudioFormat, AudioOut, RenderFn};

/// How often the watching thread looks at the xrun counter.
const WATCH: Duration = Duration::from_millis(50);

/// Sound through one ALSA PCM, on a SCHED_FIFO thread where the system grants it.
///
/// After [`AudioEvent::Lost`] a new start opens the device again, and fails with
/// [`AudioError::NoFormat`] should it now want another format.
pub struct AlsaSink {
    config: AlsaConfig,
    granted: Granted,
    /// Present while stopped, unless lost.
    pcm: Option<PCM>,
    running: Option<Running>,
}

struct Running {
    status: Arc<Status>,
    audio: JoinHandle<Option<PCM>>,
    watcher: thread::Thread,
}

impl AlsaSink {
    /// Opens the device and settles the format.
    ///
    /// # Errors
    /// [`AudioError::NoDevice`] when it is absent or in use; [`AudioError::NoFormat`] when it takes
    /// none of the layouts.
    pub fn open(config: AlsaConfig) -> Result<Self, AudioError> {
        let (pcm, granted) = open(&config)?;
        if config.lock_memory
            && let Err(error) = realtime::lock_memory()
        {
            tracing::info!(%error, "the memory is not locked");
        }
        Ok(Self { config, granted, pcm: Some(pcm), running: None })
    }

    /// The longest time between `render` and the loudspeaker, as far as ALSA knows.
    #[must_use]
    pub fn latency(&self) -> Duration {
        let frames = self.granted.buffer_frames as u64;
        Duration::from_nanos(frames * 1_000_000_000 / u64::from(self.granted.format.rate.max(1)))
    }

    /// The layout the device takes.
    #[must_use]
    pub fn layout(&self) -> crate::convert::SampleLayout {
        self.granted.layout
    }

    /// The open PCM, opened again after a loss.
    fn take_pcm(&mut self) -> Result<PCM, AudioError> {
        if let Some(pcm) = self.pcm.take() {
            return Ok(pcm);
        }
        let (pcm, granted) = open(&self.config)?;
        if granted.format != self.granted.format {
            return Err(AudioError::NoFormat(format!(
                "{} came back with another format",
                self.config.device
            )));
        }
        self.granted = granted;
        Ok(pcm)
    }
}

impl AudioOut for AlsaSink {
    fn format(&self) -> AudioFormat {
        self.granted.format
    }

    fn start(
        &mut self,
        render: RenderFn,
        events: Box<dyn FnMut(AudioEvent) + Send>,
    ) -> Result<(), AudioError> {
        self.stop();
        let failed = |error: io::Error| AudioError::NoDevice(error.to_string());
        let pcm = self.take_pcm()?;
        let status = Arc::new(Status::default());
        let watched = Arc::clone(&status);
        let watcher = thread::Builder::new()
            .name("alsa watch".into())
            .spawn(move || watch(&watched, events))
            .map_err(failed)?;
        let watcher = watcher.thread().clone();
        let work = Work {
            pcm,
            granted: self.granted,
            render,
            status: Arc::clone(&status),
            watcher: watcher.clone(),
            realtime_priority: self.config.realtime_priority,
        };
        let audio = thread::Builder::new().name("alsa".into()).spawn(move || run(work)).map_err(|error| {
            status.ended.store(STOPPED, Ordering::Release);
            failed(error)
        })?;
        self.running = Some(Running { status, audio, watcher });
        Ok(())
    }

    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.status.stop.store(true, Ordering::Release);
            // A panic of `render` has been reported by the panic hook; the PCM went with it.
            self.pcm = running.audio.join().unwrap_or_default();
            // Ended also after a panic, or the watching thread would live on. It is not joined: its
            // owner may be waiting for us while an event waits for its owner.
            let _ =
                running.status.ended.compare_exchange(RUNNING, STOPPED, Ordering::AcqRel, Ordering::Acquire);
            running.watcher.unpark();
        }
    }
}

impl Drop for AlsaSink {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Turns the counters into events, off the audio thread.
fn watch(status: &Status, mut events: Box<dyn FnMut(AudioEvent) + Send>) {
    let mut told = 0;
    loop {
        thread::park_timeout(WATCH);
        let ended = status.ended.load(Ordering::Acquire);
        if ended == STOPPED {
            return;
        }
        let xruns = status.xruns.load(Ordering::Relaxed);
        for _ in told..xruns {
            events(AudioEvent::Xrun);
        }
        told = xruns;
        if ended != RUNNING {
            events(AudioEvent::Lost(io::Error::from_raw_os_error(ended).to_string()));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn counters_become_events_and_the_loss_is_the_last() {
        let status = Arc::new(Status::default());
        status.xruns.store(2, Ordering::Relaxed);
        status.ended.store(libc::ENODEV, Ordering::Release);
        let (tell, told) = mpsc::channel();
        watch(&status, Box::new(move |event| drop(tell.send(event))));
        let events: Vec<AudioEvent> = told.iter().collect();
        assert_eq!(events[..2], [AudioEvent::Xrun, AudioEvent::Xrun]);
        assert!(
            matches!(&events[2..], [AudioEvent::Lost(text)] if text.contains("No such device")),
            "{events:?}"
        );
    }

    #[test]
    fn a_device_that_is_not_there_is_named() {
        let config = AlsaConfig { device: "hw:CARD=NotHere".into(), ..AlsaConfig::default() };
        let error = AlsaSink::open(config).err();
        assert!(matches!(&error, Some(AudioError::NoDevice(text)) if text.contains("NotHere")), "{error:?}");
        let nul = AlsaConfig { device: "a\0b".into(), ..AlsaConfig::default() };
        assert!(matches!(AlsaSink::open(nul), Err(AudioError::NoDevice(_))));
    }
}
