//! The running stereo as scripts and windows hold it: somewhere to send events, snapshots to read.

use std::sync::Arc;
use std::time::Duration;

use firmware_app::event::Event;
use firmware_app::frame::Frame;
use firmware_app::protocol::Command;
use firmware_app::AppHandle;
use hal::sim::VirtualClock;
use hal::Clock;
use serde_json::Value;

/// The stereo and its clock; cheap to clone.
#[derive(Clone)]
pub struct Unit {
    app: Arc<AppHandle>,
    clock: Arc<dyn Clock>,
}

impl Unit {
    /// Holds a started stereo. A virtual clock then moves only in steps the stereo has handled, so that
    /// it takes its decisions at the same moments however fast the computer is.
    pub fn new(app: AppHandle, clock: Arc<dyn Clock>, virtual_clock: Option<&VirtualClock>) -> Self {
        let app = Arc::new(app);
        if let Some(virtual_clock) = virtual_clock {
            let stereo = Arc::downgrade(&app);
            virtual_clock.on_advance(Box::new(move |_now| {
                if let Some(stereo) = stereo.upgrade() {
                    stereo.post(Event::Tick);
                    stereo.sync();
                }
            }));
        }
        Self { app, clock }
    }

    /// Time as the stereo lives it.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Lets this much of the stereo's time pass.
    pub fn wait_until(&self, until: Duration) {
        self.clock.wait_until(until);
        self.app.sync();
    }

    /// Sends an event and waits until it is handled.
    pub fn send(&self, event: Event) {
        self.app.post(event);
        self.app.sync();
    }

    /// Sends a command and waits until it is handled.
    pub fn command(&self, command: Command) {
        self.send(Event::Command(command));
    }

    /// What is published now.
    pub fn frame(&self) -> Frame {
        self.app.frame()
    }

    /// What is published now, as scripts see it.
    pub fn snapshot(&self) -> Value {
        self.app.sync();
        serde_json::to_value(&*self.frame().snapshot).unwrap_or(Value::Null)
    }

    /// The stereo itself.
    pub fn app(&self) -> &AppHandle {
        &self.app
    }
}
