//! Everything anybody may ask of a unit.

use serde::{Deserialize, Serialize};

use crate::{Decibels, EqBand, MusicRef, ReplayGain, RowKey, Seconds, SoundPreset, ViewRef, VolumeLimits};

/// What happens at the end of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Stop after the last track.
    Off,
    /// Start again with the first track.
    #[default]
    All,
    /// The same track again.
    One,
}

/// The look of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Dark ground, for the night.
    #[default]
    Night,
    /// Light ground, for the sun.
    Day,
}

/// One request. The knob, the screen, scripts and phones all speak it; `State::apply` answers it.
///
/// Paths are as the unit sees them. A command that makes no sense at the moment (next track with an
/// empty queue) changes nothing; one that cannot be done (a missing file) leads to a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Play, from where it was paused.
    Play,
    /// Pause, with a short ramp.
    Pause,
    /// Play if paused, pause if playing.
    TogglePlay,
    /// Next track of the queue.
    Next,
    /// Start of the track, or the track before it within the first 3 s.
    Previous,
    /// Go to a position in the current track.
    Seek {
        /// From the start of the track; clamped to its duration.
        to: Seconds,
    },
    /// Go forward (or back, if negative) in the current track.
    SeekBy {
        /// Distance.
        by: Seconds,
    },
    /// Set the level, within the owner's limits.
    SetVolume {
        /// 0 dB is full level.
        level: Decibels,
    },
    /// Turn the volume knob.
    VolumeBy {
        /// Detents; positive is louder.
        detents: i32,
    },
    /// Silence without losing the level, or back.
    SetMute {
        /// True is silent.
        on: bool,
    },
    /// Mute if not, unmute if so.
    ToggleMute,
    /// Set the owner's limits on the level.
    SetVolumeLimits {
        /// Brought into 0 to −100 dB; the level follows at once.
        limits: VolumeLimits,
    },
    /// Replace the queue by a file's folder and start with that file; by what a playlist or CUE sheet
    /// names; or by a whole folder.
    PlayPath {
        /// A file, a playlist file or a folder.
        path: String,
    },
    /// Jump to an entry of the queue.
    PlayQueueEntry {
        /// From 0.
        index: usize,
    },
    /// Append a file, a playlist file or a folder to the queue.
    Enqueue {
        /// A file, a playlist file or a folder.
        path: String,
    },
    /// Replace the queue by a list of the library.
    PlayView {
        /// Which list. Of a list of artists, albums, genres, … every track in its order.
        view: ViewRef,
        /// The row to start with, by the key its page gave; else the first.
        start: Option<RowKey>,
    },
    /// Append a list of the library to the queue.
    EnqueueView {
        /// Which list.
        view: ViewRef,
    },
    /// Put music right after the track that plays.
    PlayNext {
        /// What; `Queue` and `Current` change nothing.
        music: MusicRef,
    },
    /// Take an entry out of the queue; the current one goes on with what follows it.
    RemoveQueueEntry {
        /// From 0, in playing order.
        index: usize,
    },
    /// Move an entry of the queue to another place.
    MoveQueueEntry {
        /// From 0, in playing order.
        from: usize,
        /// Where it is afterwards; clamped to the queue.
        to: usize,
    },
    /// Empty the queue and stop.
    ClearQueue,
    /// Play the queue in random order, or in its own.
    SetShuffle {
        /// True is random.
        on: bool,
    },
    /// What happens at the end.
    SetRepeat {
        /// The mode.
        mode: Repeat,
    },
    /// Change one band of the equaliser; the sound is then no longer the preset.
    SetBand {
        /// From 0.
        index: usize,
        /// The band's new shape.
        band: EqBand,
    },
    /// Use this sound.
    SetSound {
        /// Checked before it is used.
        preset: SoundPreset,
    },
    /// Use a factory or stored sound by its name.
    SelectPreset {
        /// As listed.
        name: String,
    },
    /// Store the sound as it is set now under a name; an own sound of that name is replaced.
    SavePreset {
        /// Brought to one line; 1 to 40 characters. Not that of a factory sound.
        name: String,
    },
    /// Forget an own sound. What is heard stays as it is.
    DeletePreset {
        /// As listed.
        name: String,
    },
    /// Give an own sound another name.
    RenamePreset {
        /// As listed.
        from: String,
        /// As for `SavePreset`.
        to: String,
    },
    /// Equaliser in or out of the chain.
    SetEqEnabled {
        /// True is in.
        on: bool,
    },
    /// Left to right.
    SetBalance {
        /// −1 (left only) to 1 (right only).
        value: f32,
    },
    /// Remember what plays now under a key.
    StoreKey {
        /// 1 to 6.
        key: u8,
    },
    /// Play what a key remembers.
    RecallKey {
        /// 1 to 6.
        key: u8,
    },
    /// Go to the next medium that holds music.
    NextSource,
    /// Make tracks favourites; or, when all of them are, no longer so.
    ToggleFavourite {
        /// Which. Of a folder or a list at most 100 tracks.
        music: MusicRef,
    },
    /// Make an empty playlist of the owner's, or one of what `music` names.
    CreatePlaylist {
        /// Brought to one line of at most [`MAX_NAME`](crate::MAX_NAME) characters.
        name: String,
        /// What it starts with.
        music: Option<MusicRef>,
    },
    /// Give an own playlist another name.
    RenamePlaylist {
        /// Its key.
        playlist: i64,
        /// As for `CreatePlaylist`.
        name: String,
    },
    /// Delete an own playlist. The music stays.
    DeletePlaylist {
        /// Its key.
        playlist: i64,
    },
    /// Append music to an own playlist.
    AddToPlaylist {
        /// Its key.
        playlist: i64,
        /// What.
        music: MusicRef,
    },
    /// Take an entry out of an own playlist.
    RemoveFromPlaylist {
        /// Its key.
        playlist: i64,
        /// The entry's key.
        entry: i64,
    },
    /// Move an entry of an own playlist.
    MoveInPlaylist {
        /// Its key.
        playlist: i64,
        /// The entry's key.
        entry: i64,
        /// Its place afterwards, from 0; clamped to the list.
        to: usize,
    },
    /// Write an own playlist as an M3U8 file onto a medium.
    ExportPlaylist {
        /// Its key.
        playlist: i64,
        /// The medium's identity; else the one whose music plays, else the first.
        medium: Option<String>,
    },
    /// Look for new and changed files on a medium now.
    Rescan {
        /// The medium's identity; else the one whose music plays, else the first.
        medium: Option<String>,
    },
    /// Stop the scan that runs; it goes on where it was when the medium is plugged in again or by `Rescan`.
    CancelScan,
    /// How loud tracks are made to each other.
    SetReplayGain {
        /// By which tag.
        mode: ReplayGain,
    },
    /// Pause the music after a while, gently; or not after all.
    SetSleep {
        /// 1 to 180; `None` takes the timer back.
        minutes: Option<u16>,
    },
    /// Day or night.
    SetTheme {
        /// The look.
        theme: Theme,
    },
    /// Put away the message on the screen.
    DismissMessage,
}
