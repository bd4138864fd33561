//! The running stereo as scripts and windows hold it: somewhere to send events, snapshots to read.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use firmware_app::AppHandle;
use firmware_app::event::Event;
use firmware_app::frame::Frame;
use firmware_app::protocol::Command;
use hal::Clock;
use hal::sim::{MediaHandle, VirtualClock};
use serde_json::Value;

/// Virtual time that passes at most before the stereo is asked what it makes of it.
const TICK: Duration = Duration::from_millis(40);
/// Real time without news after which the background is taken to be at rest.
const QUIET: Duration = Duration::from_millis(40);
/// Longest wait for that.
const LONGEST_SETTLE: Duration = Duration::from_secs(2);
/// Real time for writes to reach the disk.
const DISK: Duration = Duration::from_millis(300);
/// Longest wait for the stereo to handle what it was sent; it takes milliseconds unless it hangs.
const LONGEST_SYNC: Duration = Duration::from_secs(30);

/// The stereo and its clock; cheap to clone.
#[derive(Clone)]
pub struct Unit {
    app: AppHandle,
    slots: MediaHandle,
    clock: Arc<dyn Clock>,
    is_virtual: bool,
}

impl Unit {
    /// Holds a started stereo. A virtual clock then moves only in steps the stereo has handled, so that
    /// it takes its decisions at the same moments however fast the computer is.
    pub fn new(
        app: AppHandle,
        slots: MediaHandle,
        clock: Arc<dyn Clock>,
        virtual_clock: Option<&Arc<VirtualClock>>,
    ) -> Self {
        if let Some(virtual_clock) = virtual_clock {
            let stereo = app.clone();
            let mut due = Duration::ZERO;
            virtual_clock.on_advance(Box::new(move |now| {
                if now >= due {
                    due = now + TICK;
                    stereo.post(Event::Tick);
                    stereo.sync(LONGEST_SYNC);
                }
            }));
        }
        Self { app, slots, clock, is_virtual: virtual_clock.is_some() }
    }

    /// The stereo itself.
    pub fn app(&self) -> &AppHandle {
        &self.app
    }

    /// Time as the stereo lives it.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// What is published now.
    pub fn frame(&self) -> Arc<Frame> {
        self.app.frame()
    }

    /// What is published once everything sent before is handled, as scripts see it.
    pub fn snapshot(&self) -> Value {
        self.sync();
        serde_json::to_value(&*self.frame().snapshot).unwrap_or(Value::Null)
    }

    /// Sends an event and waits until it is handled.
    pub fn send(&self, event: Event) {
        self.app.post(event);
        self.sync();
    }

    /// Sends a command and waits until it is handled.
    pub fn command(&self, command: Command) {
        self.send(Event::Command(command));
    }

    /// The slots for media.
    pub fn slots(&self) -> &MediaHandle {
        &self.slots
    }

    /// Plugs a folder in as a medium, under its own name unless it is given one; one that is plugged in
    /// already stays as it is. The stereo may not yet have handled it.
    ///
    /// # Errors
    /// The name is taken or is none, or there is no such folder; in words.
    pub fn plug(&self, name: Option<&str>, folder: &Path) -> Result<(), String> {
        if !folder.is_dir() {
            return Err(format!("{}: there is no such folder", folder.display()));
        }
        let own = match name {
            Some(name) => name.to_owned(),
            None => match self.slots.name_for(folder) {
                (true, _) => return Ok(()),
                (false, own) => own,
            },
        };
        let event = self.slots.insert(&own, folder).map_err(|error| error.to_string())?;
        self.app.post(Event::Media(event));
        Ok(())
    }

    /// Pulls a medium out. The stereo may not yet have handled it.
    ///
    /// # Errors
    /// There is none of that name; in words.
    pub fn yank(&self, name: &str) -> Result<(), String> {
        let event =
            self.slots.remove(name).ok_or_else(|| format!("no medium called {name} is plugged in"))?;
        self.app.post(Event::Media(event));
        Ok(())
    }

    /// Lets the stereo's time pass up to this moment. On a virtual clock what is read in the background is
    /// waited for first: it takes real time, and none of the stereo's.
    pub fn wait_until(&self, until: Duration) {
        self.settle();
        self.clock.wait_until(until);
        self.sync();
    }

    /// On a virtual clock: waits until the stereo has published nothing new for a moment of real time.
    pub fn settle(&self) {
        if !self.is_virtual {
            return;
        }
        let since = Instant::now();
        let (mut seen, mut quiet_since) = (self.seq(), since);
        while quiet_since.elapsed() < QUIET && since.elapsed() < LONGEST_SETTLE {
            thread::sleep(QUIET / 8);
            let seq = self.seq();
            if seq != seen {
                (seen, quiet_since) = (seq, Instant::now());
            }
        }
    }

    /// On a virtual clock: lets writes under way reach the disk. Minutes of the stereo's time may have
    /// passed in the last few milliseconds, and the disk does not live in that time.
    pub fn settle_disk(&self) {
        if self.is_virtual {
            self.settle();
            thread::sleep(DISK);
        }
    }

    /// Saves and stops.
    pub fn quit(&self) {
        self.app.quit_and_join();
    }

    fn seq(&self) -> u64 {
        self.sync();
        self.frame().snapshot.seq
    }

    /// Waits until everything sent before is handled.
    pub fn sync(&self) {
        if !self.app.sync(LONGEST_SYNC) && self.app.is_running() {
            tracing::warn!("the stereo has not answered for {} s", LONGEST_SYNC.as_secs());
        }
    }
}
