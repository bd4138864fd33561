//! A remote that comes by the cloud: which of its frames count, and how it is served.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use protocol::cloud::MAX_UNIT_MESSAGE;
use protocol::remote::{UnitIdentity, capability};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::app::AppHandle;
use crate::remote::{CAPABILITIES, Host, Hub, Line, Said, Spectrum};

/// The head of a message.
const HEAD: usize = 1024;

/// The relay's clock, as the unit knows it: what the relay said, and the time since. The unit's own clock may
/// be wrong; how quickly it runs is not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RelayClock {
    said_ms: u64,
    at: Instant,
}

impl RelayClock {
    pub fn new(said_ms: u64, at: Instant) -> Self {
        Self { said_ms, at }
    }

    pub fn now_ms(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.at);
        self.said_ms.saturating_add(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// What is to become of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fine,
    /// It is too late for it.
    Late,
    /// It was here before, or comes out of its turn.
    Again,
}

/// Lets each frame of a remote count once, in its turn and in time.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    last: Option<u64>,
}

impl Gate {
    pub fn judge(&mut self, seq: u64, until_ms: u64, now_ms: u64) -> Verdict {
        if self.last.is_some_and(|last| seq <= last) {
            return Verdict::Again;
        }
        self.last = Some(seq);
        if now_ms > until_ms { Verdict::Late } else { Verdict::Fine }
    }
}

/// A frame of a remote, with what the relay says about it.
#[derive(Debug)]
pub(crate) struct Inbound {
    pub seq: u64,
    pub until_ms: u64,
    pub text: Utf8Bytes,
}

/// What goes to the relay.
#[derive(Debug)]
pub(crate) enum Outbound {
    Frame { phone: u64, text: Utf8Bytes },
    Close { phone: u64 },
}

/// A remote's connection by way of the relay.
pub(crate) struct RelayedLine {
    pub phone: u64,
    pub inbound: mpsc::Receiver<Inbound>,
    pub outbound: mpsc::Sender<Outbound>,
    pub clock: RelayClock,
    pub gate: Gate,
}

impl Line for RelayedLine {
    const IS_RELAYED: bool = true;

    async fn hear(&mut self) -> Said {
        let Some(Inbound { seq, until_ms, text }) = self.inbound.recv().await else { return Said::Gone };
        // Judged when it is taken, not when it came: it may have waited behind others.
        match self.gate.judge(seq, until_ms, self.clock.now_ms(Instant::now())) {
            Verdict::Fine => Said::Text(text),
            Verdict::Late => Said::Late(text),
            Verdict::Again => Said::Again(text),
        }
    }

    async fn say(&mut self, text: Utf8Bytes) -> bool {
        if text.len() + HEAD > MAX_UNIT_MESSAGE {
            tracing::warn!(bytes = text.len(), "a frame is too long for the cloud");
            return false;
        }
        self.outbound.send(Outbound::Frame { phone: self.phone, text }).await.is_ok()
    }

    async fn ask(&mut self) -> bool {
        true
    }

    async fn end(&mut self) {
        let _ = self.outbound.send(Outbound::Close { phone: self.phone }).await;
    }
}

/// What serves remotes that come by the cloud.
pub(crate) struct RelayHost {
    app: AppHandle,
    hub: Hub,
    id: String,
    name: Mutex<String>,
}

impl RelayHost {
    pub fn new(app: AppHandle, id: String, name: String) -> Arc<Self> {
        let now = Arc::clone(&app.frames().borrow());
        Arc::new(Self { app, hub: Hub::new(now), id, name: Mutex::new(name) })
    }

    pub fn set_name(&self, name: String) {
        *self.name.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }
}

impl Host for RelayHost {
    fn app(&self) -> &AppHandle {
        &self.app
    }

    fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Fifteen frames a second are for a network of one's own.
    fn spectrum(&self) -> Option<&Spectrum> {
        None
    }

    fn identity(&self) -> UnitIdentity {
        UnitIdentity {
            id: self.id.clone(),
            name: self.name.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            lan: self.app.ways().lan,
            cloud: None,
        }
    }

    /// Pictures are fetched by requests of their own, which the relay does not carry.
    fn capabilities(&self) -> Vec<&'static str> {
        let is_here = |name: &&str| ![capability::SPECTRUM, capability::ART].contains(name);
        CAPABILITIES.iter().copied().filter(is_here).collect()
    }

    /// The relay lets the owner in and nobody else.
    fn is_known(&self, _member: u64) -> bool {
        true
    }

    fn seen(&self, _member: u64) {}
}

/// For how long a remote may let its frames wait.
pub(crate) const WAITS: usize = 128;
/// Frames to the relay that may wait; who writes more waits itself, and skips states.
pub(crate) const TO_RELAY: usize = 4;
/// The relay takes a frame within.
pub(crate) const WRITE_WITHIN: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_counts_once_in_its_turn_and_in_time() {
        let mut gate = Gate::default();
        assert_eq!(gate.judge(5, 1000, 900), Verdict::Fine);
        assert_eq!(gate.judge(5, 1000, 900), Verdict::Again, "replayed");
        assert_eq!(gate.judge(4, 1000, 900), Verdict::Again, "out of its turn");
        assert_eq!(gate.judge(6, 1000, 1000), Verdict::Fine, "the last moment");
        assert_eq!(gate.judge(7, 1000, 1001), Verdict::Late);
        assert_eq!(gate.judge(7, 2000, 1001), Verdict::Again, "a late one does not come back either");
        assert_eq!(gate.judge(u64::MAX, 2000, 1001), Verdict::Fine);
        assert_eq!(gate.judge(0, 2000, 1001), Verdict::Again);
    }

    #[test]
    fn the_relays_clock_runs_on_by_the_units_own_time() {
        let at = Instant::now();
        let clock = RelayClock::new(1_700_000_000_000, at);
        assert_eq!(clock.now_ms(at), 1_700_000_000_000);
        assert_eq!(clock.now_ms(at + Duration::from_millis(2500)), 1_700_000_002_500);
        assert_eq!(RelayClock::new(u64::MAX, at).now_ms(at + Duration::from_secs(1)), u64::MAX);
    }
}
