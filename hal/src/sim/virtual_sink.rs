//! A sink that owns the time: it renders as fast as it can, but only as far as the clock may go.
//!
//! Stopping waits for a running `render`, never for the clock's hook: the app may be stopping the
//! sink from the very code the hook is waiting for. So the thread is not joined; it finds its
//! `render` taken away and ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::sim::pace::{block_frames, frames_to_duration};
use crate::sim::{VirtualClock, WavWriter};
use crate::sync::lock;
use crate::{AudioError, AudioEvent, AudioFormat, AudioOut, RenderFn};

/// Renders blocks of 10 ms in virtual time, and writes them to a file if given one.
#[derive(Debug)]
pub struct VirtualSink {
    format: AudioFormat,
    clock: Arc<VirtualClock>,
    writer: Option<Arc<Mutex<WavWriter>>>,
    run: Option<Arc<Run>>,
}

/// One start-to-stop, shared by the sink and its thread.
struct Run {
    clock: Arc<VirtualClock>,
    /// Taken away by `stop`; held while a block is rendered and the time advanced.
    render: Mutex<Option<RenderFn>>,
    stopped: AtomicBool,
    left: AtomicBool,
}

impl VirtualSink {
    /// A sink on this clock. The file, if any, must have the same format, or `start` refuses.
    #[must_use]
    pub fn new(format: AudioFormat, clock: Arc<VirtualClock>, writer: Option<WavWriter>) -> Self {
        let writer = writer.map(|writer| Arc::new(Mutex::new(writer)));
        Self { format, clock, writer, run: None }
    }
}

impl AudioOut for VirtualSink {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(
        &mut self,
        render: RenderFn,
        events: Box<dyn FnMut(AudioEvent) + Send>,
    ) -> Result<(), AudioError> {
        self.stop();
        if let Some(writer) = &self.writer
            && lock(writer).format() != self.format
        {
            return Err(AudioError::NoFormat("the sound file has another format than the sink".into()));
        }
        let run = Arc::new(Run {
            clock: Arc::clone(&self.clock),
            render: Mutex::new(Some(render)),
            stopped: AtomicBool::new(false),
            left: AtomicBool::new(false),
        });
        let epoch = self.clock.enter();
        let (format, writer, thread_run) = (self.format, self.writer.clone(), Arc::clone(&run));
        let spawned = thread::Builder::new()
            .name("virtual sink".into())
            .spawn(move || play(&thread_run, format, epoch, writer.as_deref(), events));
        if let Err(error) = spawned {
            run.leave();
            return Err(AudioError::NoDevice(error.to_string()));
        }
        self.run = Some(run);
        Ok(())
    }

    fn stop(&mut self) {
        if let Some(run) = self.run.take() {
            run.stopped.store(true, Ordering::Release);
            drop(lock(&run.render).take());
            run.leave();
        }
        if let Some(writer) = &self.writer
            && let Err(error) = lock(writer).flush()
        {
            tracing::warn!(%error, "the last second may be missing");
        }
    }
}

impl Drop for VirtualSink {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Run {
    /// Gives the time back, once.
    fn leave(&self) {
        if !self.left.swap(true, Ordering::AcqRel) {
            self.clock.leave();
        }
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("stopped", &self.stopped).finish_non_exhaustive()
    }
}

/// Gives the time back even when `render` panics, or those who wait would wait for ever.
struct LeaveOnDrop<'a>(&'a Run);

impl Drop for LeaveOnDrop<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

fn play(
    run: &Run,
    format: AudioFormat,
    epoch: Duration,
    writer: Option<&Mutex<WavWriter>>,
    mut events: Box<dyn FnMut(AudioEvent) + Send>,
) {
    let _leave = LeaveOnDrop(run);
    let frames = block_frames(format.rate);
    let mut block = vec![0.0; frames as usize * usize::from(format.channels)];
    let mut done: u64 = 0;
    while run.clock.wait_for_turn(|| run.stopped.load(Ordering::Acquire)) {
        let mut slot = lock(&run.render);
        let Some(render) = slot.as_mut() else { return };
        block.fill(0.0);
        render(&mut block);
        let written = writer.map_or(Ok(()), |writer| lock(writer).write(&block));
        done += u64::from(frames);
        let step = run.clock.advance_to(epoch + frames_to_duration(done, format.rate));
        drop(slot);
        step.settle();
        if let Err(error) = written {
            events(AudioEvent::Lost(error.to_string()));
            return;
        }
    }
}
