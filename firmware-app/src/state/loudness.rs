//! How loud a track is made beside the others, by what its tags say (ReplayGain 1.0/2.0, R128).
//!
//! There is no pre-amplification: a track that would have to be made louder stays as it is, because
//! nobody says how much room it has below full scale; loud ones are made quieter, and the owner has the
//! knob. The limiter is never what makes tracks alike.

use std::path::Path;
use std::time::Duration;

use library::TrackInfo;
use protocol::{Changed, ReplayGain};

use super::{Effect, Intent, State};

/// No track is made quieter than this.
const QUIETEST_DB: f32 = -24.0;
/// Differences smaller than this are not worth handing a track over again.
const AUDIBLE_DB: f32 = 0.1;

/// Source gain of a track in dB, −24 to 0.
fn source_gain_db(info: &TrackInfo, mode: ReplayGain) -> f32 {
    let gain = match mode {
        ReplayGain::Off => None,
        ReplayGain::Track => info.replaygain_db,
        ReplayGain::Album => info.album_gain_db.or(info.replaygain_db),
    };
    gain.filter(|db| db.is_finite()).map_or(0.0, |db| db.clamp(QUIETEST_DB, 0.0))
}

impl State {
    /// The gain for the file at `path`; 0 while its tags are not known.
    pub(super) fn gain_db(&self, path: &Path) -> f32 {
        self.tracks.get(path).map_or(0.0, |info| source_gain_db(info, self.sound.replay_gain))
    }

    /// Tags became known: what the engine holds of this file, and nobody has heard yet, is handed over again
    /// with its gain.
    pub(super) fn gain_known(&mut self, now: Duration, path: &Path) {
        let gain_db = self.gain_db(path);
        let differs = |loaded: &super::playback::Loaded| {
            loaded.path == path && (loaded.gain_db - gain_db).abs() >= AUDIBLE_DB
        };
        let is_unheard = self.playback.source.is_none() && self.playback.intent == Intent::Playing;
        if is_unheard && self.playback.current.as_ref().is_some_and(differs) {
            self.start_current(now, self.playback.position_s);
        } else if self.playback.next.as_ref().is_some_and(differs) {
            self.playback.next = None;
            self.prepare_next();
        }
    }

    pub(super) fn set_replay_gain(&mut self, now: Duration, mode: ReplayGain) -> Changed {
        if self.sound.replay_gain == mode {
            return Changed::NONE;
        }
        self.sound.replay_gain = mode;
        self.settings_changed(now);
        let is_wrong = self
            .playback
            .current
            .as_ref()
            .is_some_and(|current| (current.gain_db - self.gain_db(&current.path)).abs() >= AUDIBLE_DB);
        if is_wrong && self.is_playing() {
            // The same track again from where it is, with its new gain; the engine fades over.
            self.start_current(now, self.playback.position_s);
        } else if is_wrong {
            self.playback.unload();
            self.effect(Effect::Stop);
        }
        Changed::SOUND
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_follow_the_mode_and_never_amplify() {
        let info =
            |track, album| TrackInfo { replaygain_db: track, album_gain_db: album, ..TrackInfo::default() };
        let both = info(Some(-7.5), Some(-6.0));
        assert_eq!(source_gain_db(&both, ReplayGain::Off), 0.0);
        assert_eq!(source_gain_db(&both, ReplayGain::Track), -7.5);
        assert_eq!(source_gain_db(&both, ReplayGain::Album), -6.0);
        assert_eq!(source_gain_db(&info(Some(-7.5), None), ReplayGain::Album), -7.5);
        assert_eq!(source_gain_db(&info(None, Some(-6.0)), ReplayGain::Track), 0.0);
        assert_eq!(source_gain_db(&info(Some(9.0), None), ReplayGain::Track), 0.0);
        assert_eq!(source_gain_db(&info(Some(-60.0), None), ReplayGain::Track), -24.0);
        assert_eq!(source_gain_db(&info(Some(f32::NAN), None), ReplayGain::Track), 0.0);
    }
}
