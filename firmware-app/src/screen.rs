//! What is on the unit's screen, as plain data: computed by the navigation, drawn by the interface.
//!
//! The interface holds no state of its own that matters: the same [`Screen`] and snapshot always make
//! the same picture, which is what makes headless runs, goldens and scripts possible.

use std::path::PathBuf;

use protocol::Command;
use protocol::remote::Role;

/// The pages of the stereo. [`Page::name`] is what the snapshot's `page` field says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Page {
    /// The track that plays.
    #[default]
    NowPlaying,
    /// Where to go: a short list of the pages.
    Menu,
    /// Folders and tracks of a medium.
    Browser,
    /// Letters to find music by.
    Search,
    /// What can be done with one artist, album or track.
    Actions,
    /// The queue.
    Queue,
    /// The ten bands.
    Equalizer,
    /// Sounds to choose from, and to store the one that is heard.
    Presets,
    /// Theme, start volume, maximum volume, balance, shuffle, repeat, sleep timer.
    Settings,
    /// Who may control the unit from a phone.
    Phones,
    /// The code with which a phone joins.
    Enrol,
    /// Whose the unit is.
    Account,
    /// The code by which the unit gets an owner, and whether it is the right one.
    Pair,
    /// What of the unit's use is told.
    Sent,
    /// A few choices about one thing.
    Choice,
    /// Letters for a name.
    Name,
    /// The ignition is off: the screen is dark.
    Off,
}

impl Page {
    /// The name of the page in snapshots and scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NowPlaying => "now_playing",
            Self::Menu => "menu",
            Self::Browser => "browser",
            Self::Search => "search",
            Self::Actions => "actions",
            Self::Queue => "queue",
            Self::Equalizer => "equalizer",
            Self::Presets => "presets",
            Self::Settings => "settings",
            Self::Phones => "phones",
            Self::Enrol => "enrol",
            Self::Account => "account",
            Self::Pair => "pair",
            Self::Sent => "sent",
            Self::Choice => "choice",
            Self::Name => "name",
            Self::Off => "off",
        }
    }
}

/// The elements of the now-playing page that the select knob can reach, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NowElement {
    /// Play/pause; focus rests here.
    PlayPause,
    /// Next track.
    Next,
    /// Folders.
    Browse,
    /// Queue page.
    Queue,
    /// Equaliser page.
    Sound,
    /// Menu page.
    Menu,
    /// Previous track.
    Previous,
}

impl NowElement {
    /// In the order of the knob, left to right on the screen.
    pub const ORDER: [Self; 7] =
        [Self::Previous, Self::PlayPause, Self::Next, Self::Browse, Self::Queue, Self::Sound, Self::Menu];
}

/// Rows of a list page that are fully visible, whatever the size of the screen.
pub const VISIBLE_ROWS: usize = 6;

/// What a row of a list stands for; chooses its icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Opens another list.
    Folder,
    /// Plays.
    Track,
    /// A medium.
    Medium,
    /// Opens a page.
    Page,
    /// Chooses a sound.
    Preset,
    /// A value that can be turned; `detail` shows it.
    Value,
    /// "Play everything here".
    PlayAll,
    /// An artist's albums and tracks.
    Artist,
    /// An album's tracks.
    Album,
    /// A playlist, the owner's or a file's.
    Playlist,
    /// All tracks of a list.
    Songs,
    /// A genre's music.
    Genre,
    /// A composer's music.
    Composer,
    /// A year's music.
    Year,
    /// What the owner marked.
    Favourites,
    /// By when it came onto the medium.
    RecentlyAdded,
    /// By how often it was heard.
    MostPlayed,
    /// The letters.
    Search,
    /// Where the unit can be reached.
    Address,
    /// A phone that has joined; active: connected.
    Phone,
    /// Whose the unit is.
    Owner,
    /// Says something and does nothing.
    Words,
    /// A count, to be read.
    Count,
    /// Does something with what the page is about.
    Action(Action),
}

/// What can be done with a track, an album, an artist or a list; chooses the row's icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Plays it now.
    Play,
    /// Puts it after the current track.
    PlayNext,
    /// Puts it at the end of the queue.
    Enqueue,
    /// Marks it as a favourite, or takes the mark away.
    Favourite,
    /// Chooses a playlist for it.
    AddToPlaylist,
    /// Makes a playlist.
    NewPlaylist,
    /// Takes it out of the queue or playlist.
    Remove,
    /// Lets the knob move it up and down.
    Move,
    /// Deletes the playlist.
    Delete,
    /// Empties the queue.
    Clear,
    /// Writes the playlist onto the medium.
    Export,
    /// Reads the medium again.
    Rescan,
    /// Stores the sound.
    Save,
    /// Asks for a name.
    Rename,
    /// Lets a phone join.
    AddPhone,
    /// Lets a phone join that only looks.
    AddGuest,
    /// Gives the unit an owner.
    Pair,
    /// Leaves everything as it is.
    Keep,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The text.
    pub label: String,
    /// Second text at the right; may be empty.
    pub detail: String,
    /// What it is.
    pub kind: RowKind,
    /// This is what plays or is chosen now.
    pub active: bool,
}

/// A list page: the rows around the focus, never the whole list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Heading: folder's name, `Queue`, …
    pub title: String,
    /// Rows from `first` on; enough to fill any screen.
    pub rows: Vec<Row>,
    /// Index in the whole list of `rows[0]`.
    pub first: usize,
    /// Rows in the whole list.
    pub total: usize,
    /// Index in the whole list of the focused row.
    pub focus: usize,
    /// Being read from the medium.
    pub loading: bool,
    /// What the unit does meanwhile: `Reading 43 %`; empty when it rests.
    pub note: String,
    /// The letter a spun knob runs through; empty else.
    pub letter: String,
    /// Shown instead of rows when there are none: says what to do.
    pub empty: String,
}

/// A key of the search page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchKey {
    /// Opens the list of everything found.
    Results,
    /// A blank.
    Space,
    /// Takes the last character away.
    Erase,
    /// Types it.
    Letter(char),
}

impl SearchKey {
    /// Keys of the search page.
    pub const COUNT: usize = 39;
    /// The focus starts at the first letter.
    pub const REST: usize = 3;

    /// The key at a place in the knob's order: row by row, six in a row from the first letter on.
    #[must_use]
    pub fn at(index: usize) -> Option<Self> {
        const LETTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        match index {
            0 => Some(Self::Results),
            1 => Some(Self::Space),
            2 => Some(Self::Erase),
            _ => LETTERS.get(index - Self::REST).map(|letter| Self::Letter(char::from(*letter))),
        }
    }
}

/// The search page; its hits are in [`Screen::list`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchView {
    /// What is typed.
    pub text: String,
    /// Focused key (see [`SearchKey::at`]).
    pub focus: usize,
}

/// The page with the code for a phone. It is on the glass and nowhere else: the snapshot, which remotes get,
/// knows nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolView {
    /// Six digits, typed into the phone.
    pub pin: String,
    /// Behind the QR code: the address with an invitation of its own.
    pub url: String,
    /// To type into the phone; empty when there is none.
    pub address: String,
    /// What the phone will be allowed to do.
    pub role: Role,
    /// Whole seconds until it closes.
    pub left_s: u32,
    /// What went wrong last; may be empty.
    pub note: String,
}

/// The page of a pairing. As that of a phone's code it is on the glass and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairView {
    /// The cloud is asked.
    Waits {
        /// What for.
        text: String,
    },
    /// The code.
    Code {
        /// XXXX-XXXX.
        code: String,
        /// Where it is typed.
        address: String,
        /// Behind the QR code.
        url: String,
        /// Whole seconds until it ends.
        left_s: u32,
    },
    /// Is it the right one?
    Asks {
        /// As they call themselves.
        name: String,
        /// Their address; may be empty.
        email: String,
        /// Whole seconds until the question ends.
        left_s: u32,
    },
}

/// The equaliser page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EqualizerView {
    /// Focused band, or `bands` for the preset button, or `bands + 1` for on/off.
    pub focus: usize,
}

/// The big volume display that comes while the knob turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolumeOverlay {
    /// Knob step.
    pub step: u8,
    /// Silent for the moment.
    pub muted: bool,
}

/// Everything the interface draws besides the snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screen {
    /// The page.
    pub page: Page,
    /// Focused element of the now-playing page (index in [`NowElement::ORDER`]).
    pub now_focus: usize,
    /// The select knob changes the focused value instead of moving the focus.
    pub editing: bool,
    /// Menu, browser, search, actions, queue, presets, settings, phones, choices, name.
    pub list: List,
    /// Search, or the letters of a name.
    pub search: SearchView,
    /// The code for a phone, while it is shown.
    pub enrol: Option<EnrolView>,
    /// The pairing, while it is shown.
    pub pair: Option<PairView>,
    /// Equaliser.
    pub equalizer: EqualizerView,
    /// Volume display, while it is shown.
    pub volume_overlay: Option<VolumeOverlay>,
    /// The focus is shown (the knob was used lately); touch hides it.
    pub focus_visible: bool,
    /// Title of the track that follows; empty if none.
    pub up_next: String,
    /// `3 of 12`; empty without a queue.
    pub queue_place: String,
}

/// What a finger on the screen (or a click in the simulator) asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Touch {
    /// A command, as from anywhere else.
    Do(Command),
    /// Open a page.
    Open(Page),
    /// As the back key.
    Back,
    /// A row of the list, by its index in the whole list.
    Row(usize),
    /// A finger rests on a row of the list.
    Hold(usize),
    /// Whether who asks may have the unit.
    Answer(bool),
    /// A key of the search page.
    SearchKey(usize),
    /// The list was dragged: this index should be the first visible row.
    Scroll(usize),
    /// An equaliser band was dragged to a gain, dB.
    Band {
        /// From 0.
        index: usize,
        /// ±12 dB.
        gain_db: f32,
    },
}

/// Cover art ready to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Content hash; equal hashes need no redraw.
    pub hash: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// RGBA rows.
    pub rgba: Vec<u8>,
    /// Accent colour taken from the picture.
    pub accent: [u8; 3],
    /// The file it was read for.
    pub path: PathBuf,
}
