//! A running cpal stream: the callbacks on the device's thread, and what they share with the sink.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{BufferSize, Data, ErrorKind, StreamConfig, SupportedStreamConfig};

use super::choose::{buffer_frames, layout};
use crate::convert::Converter;
use crate::sync::lock;
use crate::{AudioError, AudioEvent, RenderFn};

/// Frames rendered at a time; a longer device block is rendered in pieces.
const PIECE_FRAMES: usize = 1024;

/// How to tell the owner.
pub(super) type Events = Box<dyn FnMut(AudioEvent) + Send>;

/// `render` while the stream runs. The device's thread only ever tries the lock, and it is free
/// except at the very moment of stopping.
type RenderSlot = Arc<Mutex<Option<RenderFn>>>;

/// A stream that plays; dropping it stops it.
pub(super) struct Playing {
    stream: cpal::Stream,
    render: RenderSlot,
}

impl Playing {
    /// Builds the stream, with the small buffer if the device takes it, and lets it play.
    pub(super) fn start(
        device: &cpal::Device,
        config: &SupportedStreamConfig,
        render: RenderFn,
        events: Events,
    ) -> Result<Self, AudioError> {
        let slot: RenderSlot = Arc::new(Mutex::new(Some(render)));
        let events = Arc::new(Mutex::new(events));
        let small = buffer_frames(config).map(BufferSize::Fixed);
        let mut last = AudioError::NoFormat("nothing was tried".into());
        for buffer_size in small.into_iter().chain([BufferSize::Default]) {
            let stream_config = StreamConfig { buffer_size, ..config.config() };
            match build(device, stream_config, config, &slot, &events) {
                Ok(stream) => {
                    stream.play().map_err(|error| audio_error(&error))?;
                    return Ok(Self { stream, render: slot });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        // From here on `render` is not called, whatever the back end does while it winds down.
        drop(lock(&self.render).take());
        if let Err(error) = self.stream.pause() {
            tracing::debug!(%error, "the stream could not be paused before it is closed");
        }
    }
}

fn build(
    device: &cpal::Device,
    stream_config: StreamConfig,
    config: &SupportedStreamConfig,
    slot: &RenderSlot,
    events: &Arc<Mutex<Events>>,
) -> Result<cpal::Stream, AudioError> {
    let layout = layout(config.sample_format())
        .ok_or_else(|| AudioError::NoFormat(config.sample_format().to_string()))?;
    let mut feeder = Feeder {
        slot: Arc::clone(slot),
        converter: Converter::new(layout),
        piece: vec![0.0; PIECE_FRAMES * usize::from(config.channels())],
    };
    let mut trouble =
        Trouble { slot: Arc::clone(slot), events: Arc::clone(events), is_lost: AtomicBool::new(false) };
    device
        .build_output_stream_raw(
            stream_config,
            config.sample_format(),
            move |data: &mut Data, _| feeder.fill(data.bytes_mut()),
            move |error| trouble.handle(&error),
            None,
        )
        .map_err(|error| audio_error(&error))
}

/// Fills the device's blocks.
struct Feeder {
    slot: RenderSlot,
    converter: Converter,
    piece: Vec<f32>,
}

impl Feeder {
    fn fill(&mut self, bytes: &mut [u8]) {
        let mut slot = self.slot.try_lock().ok();
        let mut render = slot.as_mut().and_then(|slot| slot.as_mut());
        let sample_bytes = self.converter.layout().bytes();
        for part in bytes.chunks_mut(self.piece.len() * sample_bytes) {
            let piece = &mut self.piece[..part.len() / sample_bytes];
            piece.fill(0.0);
            if let Some(render) = render.as_mut() {
                render(piece);
            }
            self.converter.convert(piece, part);
        }
    }
}

/// Reacts to what the back end reports.
struct Trouble {
    slot: RenderSlot,
    events: Arc<Mutex<Events>>,
    is_lost: AtomicBool,
}

impl Trouble {
    fn handle(&mut self, error: &cpal::Error) {
        match error.kind() {
            ErrorKind::Xrun => lock(&self.events)(AudioEvent::Xrun),
            ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => tracing::info!(%error, "sound goes on"),
            _ if self.is_lost.swap(true, Ordering::AcqRel) => {}
            _ => {
                // The contract says that the sink has stopped when it reports the loss.
                drop(lock(&self.slot).take());
                lock(&self.events)(AudioEvent::Lost(error.to_string()));
            }
        }
    }
}

/// The reaction a cpal error calls for.
pub(super) fn audio_error(error: &cpal::Error) -> AudioError {
    match error.kind() {
        ErrorKind::UnsupportedConfig | ErrorKind::UnsupportedOperation | ErrorKind::InvalidInput => {
            AudioError::NoFormat(error.to_string())
        }
        _ => AudioError::NoDevice(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::SampleLayout;

    fn feeder(render: Option<RenderFn>) -> Feeder {
        Feeder {
            slot: Arc::new(Mutex::new(render)),
            converter: Converter::new(SampleLayout::I16),
            piece: vec![0.0; PIECE_FRAMES * 2],
        }
    }

    #[test]
    fn a_long_block_is_rendered_in_whole_frames_without_a_gap() {
        let mut at = 0;
        let render: RenderFn = Box::new(move |block| {
            assert_eq!(block.len() % 2, 0);
            for sample in block {
                *sample = (at % 30_000) as f32 / 32_768.0;
                at += 1;
            }
        });
        let mut bytes = vec![0xFF; 5_000 * 2 * 2];
        feeder(Some(render)).fill(&mut bytes);
        let samples = bytes.chunks_exact(2).map(|b| i16::from_ne_bytes([b[0], b[1]]));
        assert!(samples.eq((0..10_000).map(|n| (n % 30_000) as i16)));
    }

    #[test]
    fn without_render_there_is_silence() {
        let mut bytes = vec![0xFF; 960];
        feeder(None).fill(&mut bytes);
        assert!(bytes.iter().all(|&b| b == 0));
    }

    #[test]
    fn loss_is_told_once_and_stops_the_rendering() {
        let slot: RenderSlot = Arc::new(Mutex::new(Some(Box::new(|_: &mut [f32]| {}))));
        let told = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&told);
        let events: Events = Box::new(move |event| lock(&sink).push(event));
        let mut trouble = Trouble {
            slot: Arc::clone(&slot),
            events: Arc::new(Mutex::new(events)),
            is_lost: AtomicBool::new(false),
        };
        trouble.handle(&cpal::Error::new(ErrorKind::RealtimeDenied));
        trouble.handle(&cpal::Error::new(ErrorKind::Xrun));
        assert!(lock(&slot).is_some());
        trouble.handle(&cpal::Error::with_message(ErrorKind::DeviceNotAvailable, "pulled out"));
        trouble.handle(&cpal::Error::new(ErrorKind::StreamInvalidated));
        assert!(lock(&slot).is_none());
        assert_eq!(*lock(&told), [AudioEvent::Xrun, AudioEvent::Lost("pulled out".into())]);
    }
}
