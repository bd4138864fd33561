//! What a client that waits is told: which parts of the unit are other than it last heard.

use std::sync::Arc;
use std::time::Instant;

use protocol::{Snapshot, TransportState};

use super::ack::Ack;
use crate::frame::Frame;

/// A position this far from where it would have run to was jumped to.
const JUMP_S: f64 = 1.5;

/// The protocol's parts of a server, in the order its reference server names them.
pub(super) const SUBSYSTEMS: [&str; 13] = [
    "database",
    "stored_playlist",
    "playlist",
    "player",
    "mixer",
    "output",
    "options",
    "sticker",
    "update",
    "subscription",
    "message",
    "neighbor",
    "mount",
];

const DATABASE: u16 = 1;
const STORED: u16 = 1 << 1;
const PLAYLIST: u16 = 1 << 2;
const PLAYER: u16 = 1 << 3;
const MIXER: u16 = 1 << 4;
const OUTPUT: u16 = 1 << 5;
const OPTIONS: u16 = 1 << 6;
const UPDATE: u16 = 1 << 8;

/// A set of parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts(u16);

impl Parts {
    pub const ALL: Self = Self(u16::MAX);

    /// The parts a client names; all when it names none.
    ///
    /// # Errors
    /// One of the names is none.
    pub fn parse(names: &[String]) -> Result<Self, Ack> {
        let mut set = 0;
        for name in names {
            let at = SUBSYSTEMS.iter().position(|known| known.eq_ignore_ascii_case(name));
            // One of the protocol's that never changes here.
            let at = at.or_else(|| name.eq_ignore_ascii_case("partition").then_some(15));
            set |= 1 << at.ok_or_else(|| Ack::arg(format!("Unrecognized idle event: {name}")))?;
        }
        Ok(if names.is_empty() { Self::ALL } else { Self(set) })
    }

    pub fn names(self) -> impl Iterator<Item = &'static str> {
        SUBSYSTEMS.iter().enumerate().filter(move |(at, _)| self.0 & 1 << at != 0).map(|(_, name)| *name)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a client knows.
#[derive(Debug)]
pub(super) struct Watch {
    seen: Arc<Snapshot>,
    at: Instant,
    pending: u16,
}

impl Watch {
    pub fn new(frame: &Frame) -> Self {
        Self { seen: Arc::clone(&frame.snapshot), at: Instant::now(), pending: 0 }
    }

    /// Notes what is other in this frame.
    pub fn look(&mut self, frame: &Frame, now: Instant) {
        let elapsed_s = now.saturating_duration_since(self.at).as_secs_f64();
        self.pending |= between(&self.seen, &frame.snapshot, elapsed_s);
        self.seen = Arc::clone(&frame.snapshot);
        self.at = now;
    }

    /// Which of these are other; they are not told again.
    pub fn take(&mut self, of: Parts) -> Parts {
        let told = self.pending & of.0;
        self.pending &= !told;
        Parts(told)
    }
}

fn between(old: &Snapshot, new: &Snapshot, elapsed_s: f64) -> u16 {
    let mut parts = 0;
    let mut mark = |differs: bool, part: u16| {
        if differs {
            parts |= part;
        }
    };
    let library = |snapshot: &Snapshot| {
        let media = &snapshot.library.media;
        media.iter().map(|medium| (medium.id.clone(), medium.tracks)).collect::<Vec<_>>()
    };
    let (a, b) = (&old.library, &new.library);
    // While a scan writes, lists change all the time: clients would do nothing but read them again.
    let scan_ended = a.scanning.is_some() && b.scanning.is_none();
    let is_other = a.revision != b.revision && (library(old) != library(new) || a.scanned != b.scanned);
    mark(scan_ended || b.scanning.is_none() && is_other, DATABASE);
    // A playlist that was changed meanwhile is told at its end.
    mark(scan_ended || a.revision != b.revision && b.scanning.is_none(), STORED);
    mark(a.scanning.is_some() != b.scanning.is_some(), UPDATE);
    mark(old.queue.revision != new.queue.revision, PLAYLIST);
    let is_other_song = old.now.path != new.now.path || old.queue.index != new.queue.index;
    mark(
        is_other_song
            || old.transport.state != new.transport.state
            || old.now.duration_s != new.now.duration_s,
        PLAYER,
    );
    mark(has_jumped(old, new, elapsed_s), PLAYER);
    mark(old.volume_db != new.volume_db, MIXER);
    mark(old.volume.muted != new.volume.muted, OUTPUT);
    let modes = |snapshot: &Snapshot| {
        (snapshot.transport.shuffle, snapshot.transport.repeat, snapshot.sound.replay_gain)
    };
    mark(modes(old) != modes(new), OPTIONS);
    parts
}

fn has_jumped(old: &Snapshot, new: &Snapshot, elapsed_s: f64) -> bool {
    let ran = new.transport.position_s - old.transport.position_s;
    let is_playing = old.transport.state == TransportState::Playing;
    let longest = if is_playing { elapsed_s + JUMP_S } else { JUMP_S };
    // A song that plays again from its start has jumped too.
    !(-JUMP_S..=longest).contains(&ran) || is_playing && ran < elapsed_s - JUMP_S
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Decibels, Repeat, Scanning};

    fn told(change: impl FnOnce(&mut Snapshot)) -> Vec<&'static str> {
        let old = Snapshot::default();
        let mut new = old.clone();
        change(&mut new);
        Parts(between(&old, &new, 0.3)).names().collect()
    }

    #[test]
    fn every_change_has_its_part() {
        assert!(told(|_| {}).is_empty());
        assert_eq!(told(|new| new.volume_db = Decibels(-3.0)), ["mixer"]);
        assert_eq!(told(|new| new.volume.muted = true), ["output"]);
        assert_eq!(told(|new| new.transport.repeat = Repeat::Off), ["options"]);
        assert_eq!(told(|new| new.queue.revision = 1), ["playlist"]);
        assert_eq!(told(|new| new.transport.state = TransportState::Playing), ["player"]);
        assert_eq!(told(|new| new.now.path = "x".into()), ["player"]);
        assert_eq!(told(|new| new.transport.position_s = 30.0), ["player"]);
        assert!(told(|new| new.transport.position_s = 0.25).is_empty());
        assert_eq!(told(|new| new.library.revision = 1), ["stored_playlist"]);
        assert_eq!(told(|new| new.library.scanning = Some(Scanning::default())), ["update"]);
        let medium = protocol::MediumInfo::default();
        assert_eq!(
            told(|new| {
                new.library.revision = 1;
                new.library.media.push(medium);
            }),
            ["database", "stored_playlist"]
        );
    }

    #[test]
    fn what_was_told_is_not_told_again() {
        let frame = |db| Frame {
            snapshot: Arc::new(Snapshot { volume_db: Decibels(db), ..Snapshot::default() }),
            ..Frame::default()
        };
        let mut watch = Watch::new(&frame(0.0));
        watch.look(&frame(-3.0), Instant::now());
        watch.look(&frame(0.0), Instant::now());
        assert!(watch.take(Parts::parse(&["player".into()]).unwrap()).is_empty());
        assert_eq!(watch.take(Parts::ALL).names().collect::<Vec<_>>(), ["mixer"], "there and back is news");
        assert!(watch.take(Parts::ALL).is_empty());
        assert!(Parts::parse(&["weather".into()]).is_err());
        assert!(Parts::parse(&["partition".into(), "Mixer".into()]).is_ok());
    }
}
