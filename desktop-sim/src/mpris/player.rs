//! The player as the desktop sees and controls it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use firmware_app::event::Event;
use firmware_app::protocol::{Command, Repeat, Seconds, Snapshot, TransportState};
use firmware_app::{AppHandle, percent};
use zbus::object_server::{InterfaceRef, SignalEmitter};
use zbus::zvariant::{ObjectPath, Value};

/// The specification's name for no track.
const NO_TRACK: &str = "/org/mpris/MediaPlayer2/TrackList/NoTrack";

/// What was last told.
#[derive(Clone, Debug)]
pub struct Facts {
    pub snapshot: Arc<Snapshot>,
    /// Address of the cover.
    pub art: Option<String>,
    /// Rises with every other track.
    pub track: u64,
}

impl Facts {
    fn is_empty(&self) -> bool {
        self.snapshot.queue.len == 0
    }

    fn track_id(&self) -> ObjectPath<'static> {
        let path = if self.is_empty() {
            NO_TRACK.to_owned()
        } else {
            format!("/org/rusty_audio/track/{}", self.track)
        };
        ObjectPath::try_from(path).unwrap_or_default()
    }

    fn status(&self) -> &'static str {
        match self.snapshot.transport.state {
            TransportState::Playing => "Playing",
            TransportState::Paused => "Paused",
            TransportState::Stopped => "Stopped",
        }
    }

    fn loop_status(&self) -> &'static str {
        match self.snapshot.transport.repeat {
            Repeat::Off => "None",
            Repeat::One => "Track",
            Repeat::All => "Playlist",
        }
    }

    fn volume(&self) -> f64 {
        if self.snapshot.volume.muted {
            0.0
        } else {
            f64::from(percent::to_percent(self.snapshot.volume_db)) / 100.0
        }
    }

    fn metadata(&self) -> HashMap<&'static str, Value<'static>> {
        let now = &self.snapshot.now;
        let mut data = HashMap::from([("mpris:trackid", Value::from(self.track_id()))]);
        let mut text = |name, text: &String| {
            if !text.is_empty() {
                data.insert(name, Value::from(text.clone()));
            }
        };
        text("xesam:title", &now.title);
        text("xesam:album", &now.album);
        if !now.artist.is_empty() {
            data.insert("xesam:artist", Value::from(vec![now.artist.clone()]));
        }
        if let Some(art) = &self.art {
            data.insert("mpris:artUrl", Value::from(art.clone()));
        }
        if let Some(seconds) = now.duration_s {
            data.insert("mpris:length", Value::from(micros(seconds)));
        }
        data
    }
}

/// Microseconds, as the specification counts.
pub fn micros(seconds: f64) -> i64 {
    (seconds * 1e6) as i64
}

/// `org.mpris.MediaPlayer2.Player`.
pub struct Player {
    pub app: AppHandle,
    pub facts: Arc<Mutex<Facts>>,
}

impl Player {
    fn facts(&self) -> Facts {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tell(&self, command: Command) {
        self.app.post(Event::Command(command));
    }
}

// The names are the specification's: methods and properties are found by them.
#[zbus::interface(name = "org.mpris.MediaPlayer2.Player")]
impl Player {
    fn next(&self) {
        self.tell(Command::Next);
    }

    fn previous(&self) {
        self.tell(Command::Previous);
    }

    fn pause(&self) {
        self.tell(Command::Pause);
    }

    fn play_pause(&self) {
        self.tell(Command::TogglePlay);
    }

    /// The unit has no stop: it pauses at the start of the track.
    fn stop(&self) {
        self.tell(Command::Pause);
        self.tell(Command::Seek { to: Seconds(0.0) });
    }

    fn play(&self) {
        self.tell(Command::Play);
    }

    /// Beyond the end it is the next track, as the specification has it.
    fn seek(&self, offset: i64) {
        let facts = self.facts();
        let by = offset as f64 / 1e6;
        let to = facts.snapshot.transport.position_s + by;
        match facts.snapshot.now.duration_s {
            Some(end) if to > end => self.tell(Command::Next),
            _ => self.tell(Command::SeekBy { by: Seconds(by) }),
        }
    }

    /// About another track than the current one it comes too late.
    fn set_position(&self, track_id: ObjectPath<'_>, position: i64) {
        let facts = self.facts();
        let end = facts.snapshot.now.duration_s.map_or(i64::MAX, micros);
        if track_id == facts.track_id() && (0..=end).contains(&position) {
            self.tell(Command::Seek { to: Seconds(position as f64 / 1e6) });
        }
    }

    fn open_uri(&self, _uri: &str) -> zbus::fdo::Result<()> {
        Err(zbus::fdo::Error::NotSupported("music comes from the unit's media".to_owned()))
    }

    #[zbus(signal)]
    pub async fn seeked(emitter: &SignalEmitter<'_>, position: i64) -> zbus::Result<()>;

    #[zbus(property)]
    fn playback_status(&self) -> &str {
        self.facts().status()
    }

    #[zbus(property)]
    fn loop_status(&self) -> &str {
        self.facts().loop_status()
    }

    #[zbus(property)]
    fn set_loop_status(&self, status: &str) {
        let mode = match status {
            "None" => Repeat::Off,
            "Track" => Repeat::One,
            "Playlist" => Repeat::All,
            _ => return,
        };
        self.tell(Command::SetRepeat { mode });
    }

    #[zbus(property)]
    fn rate(&self) -> f64 {
        1.0
    }

    /// A rate of 0 is a pause, as the specification has it; there is no other but 1.
    #[zbus(property)]
    fn set_rate(&self, rate: f64) {
        if rate == 0.0 {
            self.tell(Command::Pause);
        }
    }

    #[zbus(property)]
    fn minimum_rate(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn maximum_rate(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn shuffle(&self) -> bool {
        self.facts().snapshot.transport.shuffle
    }

    #[zbus(property)]
    fn set_shuffle(&self, on: bool) {
        self.tell(Command::SetShuffle { on });
    }

    #[zbus(property)]
    fn metadata(&self) -> HashMap<&'static str, Value<'static>> {
        self.facts().metadata()
    }

    #[zbus(property)]
    fn volume(&self) -> f64 {
        self.facts().volume()
    }

    /// On the unit's own taper, within its owner's limits. A level above silence ends mute.
    #[zbus(property)]
    fn set_volume(&self, volume: f64) {
        let level = percent::to_db((volume.clamp(0.0, 1.0) * 100.0).round() as u8);
        self.tell(Command::SetVolume { level });
        if volume > 0.0 && self.facts().snapshot.volume.muted {
            self.tell(Command::SetMute { on: false });
        }
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn position(&self) -> i64 {
        micros(self.facts().snapshot.transport.position_s)
    }

    #[zbus(property)]
    fn can_go_next(&self) -> bool {
        !self.facts().is_empty()
    }

    #[zbus(property)]
    fn can_go_previous(&self) -> bool {
        !self.facts().is_empty()
    }

    /// With nothing in the queue the unit plays the first medium.
    #[zbus(property)]
    fn can_play(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_pause(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_seek(&self) -> bool {
        !self.facts().is_empty()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn can_control(&self) -> bool {
        true
    }
}

/// Tells the desktop which properties are other now.
///
/// # Errors
/// The bus is gone.
pub async fn tell(player: &InterfaceRef<Player>, old: &Facts, new: &Facts) -> zbus::Result<()> {
    let (to, emitter) = (player.get().await, player.signal_emitter());
    if old.status() != new.status() {
        to.playback_status_changed(emitter).await?;
    }
    if old.loop_status() != new.loop_status() {
        to.loop_status_changed(emitter).await?;
    }
    if old.snapshot.transport.shuffle != new.snapshot.transport.shuffle {
        to.shuffle_changed(emitter).await?;
    }
    if (old.track, &old.snapshot.now, &old.art) != (new.track, &new.snapshot.now, &new.art) {
        to.metadata_changed(emitter).await?;
    }
    if (old.volume() - new.volume()).abs() > f64::EPSILON {
        to.volume_changed(emitter).await?;
    }
    if old.is_empty() != new.is_empty() {
        to.can_go_next_changed(emitter).await?;
        to.can_go_previous_changed(emitter).await?;
        to.can_seek_changed(emitter).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_said_in_the_specifications_words() {
        let mut snapshot = Snapshot::default();
        snapshot.now.title = "Song".into();
        snapshot.now.artist = "Band".into();
        snapshot.now.duration_s = Some(2.5);
        let facts = |snapshot: &Snapshot| Facts { snapshot: Arc::new(snapshot.clone()), art: None, track: 7 };
        assert_eq!(facts(&snapshot).track_id().as_str(), NO_TRACK);
        snapshot.queue.len = 1;
        snapshot.transport.repeat = Repeat::One;
        let said = facts(&snapshot);
        assert_eq!((said.status(), said.loop_status()), ("Stopped", "Track"));
        let data = said.metadata();
        assert_eq!(data.get("mpris:length"), Some(&Value::from(2_500_000_i64)));
        assert_eq!(data.get("xesam:artist"), Some(&Value::from(vec!["Band".to_owned()])));
        assert!(!data.contains_key("xesam:album"), "what is not known is not said");
        assert_eq!(said.track_id().as_str(), "/org/rusty_audio/track/7");
        snapshot.volume.muted = true;
        assert_eq!(facts(&snapshot).volume(), 0.0);
    }
}
