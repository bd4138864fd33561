//! Any sound device on a cable that can be pulled: it is then lost, and refuses to start until it is back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::sync::lock;
use crate::{AudioError, AudioEvent, AudioFormat, AudioOut, RenderFn};

type Report = Box<dyn FnMut(AudioEvent) + Send>;

/// The device.
pub struct LooseSink {
    sink: Box<dyn AudioOut>,
    cable: SoundCable,
}

/// Its cable; cheap to clone.
#[derive(Clone, Default)]
pub struct SoundCable {
    is_out: Arc<AtomicBool>,
    report: Arc<Mutex<Option<Report>>>,
}

impl LooseSink {
    /// The cable, in, and the device at its end.
    #[must_use]
    pub fn new(sink: Box<dyn AudioOut>) -> (SoundCable, Self) {
        let cable = SoundCable::default();
        (cable.clone(), Self { sink, cable })
    }
}

impl SoundCable {
    /// Pulls the device, as a sound card that is unplugged; nothing if it is out.
    pub fn pull(&self) {
        if self.is_out.swap(true, Ordering::AcqRel) {
            return;
        }
        if let Some(mut report) = lock(&self.report).take() {
            report(AudioEvent::Lost("the cable was pulled".to_owned()));
        }
    }

    /// Puts it back: it can be started again.
    pub fn put_back(&self) {
        self.is_out.store(false, Ordering::Release);
    }

    /// Whether the device is there.
    #[must_use]
    pub fn is_in(&self) -> bool {
        !self.is_out.load(Ordering::Acquire)
    }
}

impl AudioOut for LooseSink {
    fn format(&self) -> AudioFormat {
        self.sink.format()
    }

    fn start(&mut self, render: RenderFn, events: Report) -> Result<(), AudioError> {
        if !self.cable.is_in() {
            return Err(AudioError::NoDevice("its cable is pulled".to_owned()));
        }
        *lock(&self.cable.report) = Some(events);
        let report = Arc::clone(&self.cable.report);
        let hand_on = move |event| {
            // Not waited for: a device reports from its audio thread.
            if let Ok(mut report) = report.try_lock()
                && let Some(report) = report.as_mut()
            {
                report(event);
            }
        };
        self.sink.start(render, Box::new(hand_on))
    }

    fn stop(&mut self) {
        self.sink.stop();
        lock(&self.cable.report).take();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::sim::NullSink;

    #[test]
    fn a_pulled_device_is_lost_once_and_starts_again_when_it_is_back() {
        let format = AudioFormat { rate: 48_000, channels: 2 };
        let (cable, mut sink) = LooseSink::new(Box::new(NullSink::new(format)));
        assert_eq!(sink.format(), format);
        let (sender, events) = mpsc::channel();
        let start = |sink: &mut LooseSink| {
            let sender = sender.clone();
            sink.start(Box::new(|block| block.fill(0.0)), Box::new(move |event| drop(sender.send(event))))
        };
        start(&mut sink).unwrap();
        cable.pull();
        cable.pull();
        assert!(matches!(events.try_iter().collect::<Vec<_>>()[..], [AudioEvent::Lost(_)]));
        sink.stop();
        assert!(matches!(start(&mut sink), Err(AudioError::NoDevice(_))) && !cable.is_in());
        cable.put_back();
        start(&mut sink).unwrap();
        sink.stop();
        cable.pull();
        assert_eq!(events.try_iter().count(), 0, "a device that does not run reports nothing");
    }
}
