//! The audio thread: render, convert, write, recover. From its first block to its end it does not
//! allocate, lock or log; what it has to say it leaves in atomics for another thread to read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::thread::Thread;

use alsa::pcm::{IO, PCM};

use super::alsa_pcm::Granted;
use super::realtime;
use crate::RenderFn;
use crate::convert::Converter;

/// How long one wait for the device may take, ms; also how late a stop can be noticed.
const WAIT_MS: u32 = 100;
/// Waits without any progress after which the device counts as lost: two seconds.
const STALLED_WAITS: u32 = 20;

/// Still running.
pub(super) const RUNNING: i32 = 0;
/// Ended because it was asked to; other values are the errno of the loss.
pub(super) const STOPPED: i32 = -1;

/// What the audio thread and the others share.
#[derive(Debug, Default)]
pub(super) struct Status {
    pub(super) stop: AtomicBool,
    pub(super) xruns: AtomicU64,
    pub(super) ended: AtomicI32,
}

/// Why writing ended early.
enum End {
    Stopped,
    Lost(i32),
}

/// Everything the audio thread is given.
pub(super) struct Work {
    pub(super) pcm: PCM,
    pub(super) granted: Granted,
    pub(super) render: RenderFn,
    pub(super) status: Arc<Status>,
    /// Woken when the device is lost.
    pub(super) watcher: Thread,
    pub(super) realtime_priority: Option<i32>,
}

/// Body of the audio thread; returns the PCM unless it is lost.
pub(super) fn run(mut work: Work) -> Option<PCM> {
    if let Some(priority) = work.realtime_priority
        && let Err(error) = realtime::promote(priority)
    {
        tracing::warn!(%error, priority, "no real-time priority for the audio thread: sound may break up under load");
    }
    let end = play(&work.pcm, &work.granted, &mut work.render, &work.status);
    // Discards what the device has not played; an error no longer matters.
    let _ = work.pcm.drop();
    let ended = match end {
        End::Stopped => STOPPED,
        End::Lost(errno) => errno.max(1),
    };
    work.status.ended.store(ended, Ordering::Release);
    work.watcher.unpark();
    (ended == STOPPED).then_some(work.pcm)
}

fn play(pcm: &PCM, granted: &Granted, render: &mut RenderFn, status: &Status) -> End {
    let mut block = vec![0.0_f32; granted.period_frames * usize::from(granted.format.channels)];
    let mut bytes = vec![0_u8; granted.period_frames * granted.frame_bytes()];
    let mut converter = Converter::new(granted.layout);
    if let Err(error) = pcm.prepare() {
        return End::Lost(error.errno());
    }
    let io = pcm.io_bytes();
    while !status.stop.load(Ordering::Acquire) {
        block.fill(0.0);
        render(&mut block);
        converter.convert(&block, &mut bytes);
        if let Err(end) = write(pcm, &io, &bytes, granted.frame_bytes(), status) {
            return end;
        }
    }
    End::Stopped
}

fn write(pcm: &PCM, io: &IO<'_, u8>, bytes: &[u8], frame_bytes: usize, status: &Status) -> Result<(), End> {
    let mut left = bytes;
    let mut idle_waits = 0;
    while !left.is_empty() {
        let problem = match io.writei(left) {
            Ok(0) => libc::EAGAIN,
            Ok(frames) => {
                left = left.get(frames * frame_bytes..).unwrap_or_default();
                idle_waits = 0;
                continue;
            }
            Err(error) => error.errno(),
        };
        if problem == libc::EAGAIN || problem == libc::EINTR {
            if status.stop.load(Ordering::Acquire) {
                return Err(End::Stopped);
            }
            match pcm.wait(Some(WAIT_MS)) {
                Ok(true) => {}
                Ok(false) => idle_waits += 1,
                Err(error) => recover(pcm, error.errno(), status)?,
            }
            if idle_waits > STALLED_WAITS {
                return Err(End::Lost(libc::ETIMEDOUT));
            }
        } else {
            recover(pcm, problem, status)?;
        }
    }
    Ok(())
}

/// After an underrun: prepare and count. After a suspend: resume, or prepare where the driver cannot.
/// Anything else is the loss of the device.
fn recover(pcm: &PCM, errno: i32, status: &Status) -> Result<(), End> {
    let prepared = match errno {
        libc::EPIPE => {
            status.xruns.fetch_add(1, Ordering::Relaxed);
            pcm.prepare()
        }
        libc::ESTRPIPE => match pcm.resume() {
            Ok(()) => Ok(()),
            Err(error) if error.errno() == libc::EAGAIN => {
                // Still suspended: `wait` would fail at once, so this is the one sleep in the loop.
                std::thread::sleep(std::time::Duration::from_millis(u64::from(WAIT_MS)));
                if status.stop.load(Ordering::Acquire) { Err(error) } else { Ok(()) }
            }
            Err(_) => pcm.prepare(),
        },
        libc::EINTR | libc::EAGAIN => Ok(()),
        lost => return Err(End::Lost(lost)),
    };
    prepared.map_err(|error| {
        if status.stop.load(Ordering::Acquire) { End::Stopped } else { End::Lost(error.errno()) }
    })
}
