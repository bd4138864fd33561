//! Every text of the remote, in one place, for translation.

pub const BRAND: &str = "Rusty Audio";

pub const PLAYING: &str = "Now playing";
pub const PLAYING_SHORT: &str = "Playing";
pub const QUEUE: &str = "Queue";
pub const MUSIC: &str = "Music";
pub const SEARCH: &str = "Search";
pub const SOUND: &str = "Sound";
pub const SETTINGS: &str = "Settings";
pub const PAGES: &str = "Pages";
pub const SKIP: &str = "Skip to content";
pub const LOST: &str = "No such page";
pub const LOST_WHY: &str = "Nothing is at this address.";
pub const GO_HOME: &str = "Go to what plays";

pub const CLOSE: &str = "Close";
pub const CANCEL: &str = "Cancel";
pub const BACK: &str = "Back";
pub const SAVE: &str = "Save";
pub const DELETE: &str = "Delete";
pub const RENAME: &str = "Rename";

pub const PLAY: &str = "Play";
pub const PAUSE: &str = "Pause";
pub const NEXT: &str = "Next";
pub const PREVIOUS: &str = "Previous";
pub const POSITION: &str = "Position";
pub const VOLUME: &str = "Volume";
pub const SOFTER: &str = "Softer";
pub const LOUDER: &str = "Louder";
pub const MUTE: &str = "Mute";
pub const UNMUTE: &str = "Unmute";
pub const MUTED: &str = "Muted";
pub const FAVOURITE: &str = "Favourite";
pub const SHUFFLE: &str = "Shuffle";
pub const REPEAT_OFF: &str = "Repeat: off";
pub const REPEAT_ALL: &str = "Repeat: all";
pub const REPEAT_ONE: &str = "Repeat: one";
pub const NOTHING: &str = "Nothing to play";
pub const NOTHING_WHY: &str = "Plug in a stick, or choose something under Music.";
pub const UP_NEXT: &str = "Up next";
pub const POWER_OFF: &str = "The ignition is off.";

pub const SLEEP: &str = "Sleep timer";
pub const SLEEP_WHY: &str = "The music fades out and pauses.";
pub const SLEEP_OFF: &str = "Turn the timer off";

pub const EDIT: &str = "Edit";
pub const EDIT_QUEUE: &str = "Edit queue";
pub const DONE: &str = "Done";
pub const DONE_EDITING: &str = "Done editing the queue";
pub const CLEAR_QUEUE: &str = "Clear queue";
pub const CLEAR_WHY: &str = "The music stops. Files and playlists stay as they are.";
pub const CLEAR: &str = "Clear";
pub const QUEUE_EMPTY: &str = "The queue is empty";
pub const QUEUE_EMPTY_WHY: &str = "Choose something under Music and it plays from here.";
pub const TO_MUSIC: &str = "Go to Music";
pub const SAVE_QUEUE: &str = "Save as playlist";

pub const PLAYLISTS: &str = "Playlists";
pub const FAVOURITES: &str = "Favourites";
pub const ARTISTS: &str = "Artists";
pub const ALBUMS: &str = "Albums";
pub const SONGS: &str = "Songs";
pub const GENRES: &str = "Genres";
pub const COMPOSERS: &str = "Composers";
pub const YEARS: &str = "Years";
pub const RECENTLY_ADDED: &str = "Recently added";
pub const RECENTLY_PLAYED: &str = "Recently played";
pub const MOST_PLAYED: &str = "Most played";
pub const FOLDERS: &str = "Folders";
pub const NO_LIBRARY: &str = "No music yet";
pub const NO_LIBRARY_WHY: &str = "Plug a stick with music into the unit.";
pub const EMPTY_LIST: &str = "Nothing here";
pub const EMPTY_FAVOURITES: &str = "The heart on the playing page puts songs here.";
pub const EMPTY_PLAYLISTS: &str = "Playlists you make appear here.";
pub const EMPTY_OTHER: &str = "This list has no music at the moment.";
pub const PLAY_ALL: &str = "Play all";
pub const ALL_SONGS: &str = "All songs";
pub const LETTER: &str = "Jump to a letter";
pub const LETTERS: &str = "A–Z";
/// A button's name begins with what is written on it (WCAG 2.5.3).
pub const LETTERS_LABEL: &str = "A–Z: jump to a letter";
pub const ENQUEUE: &str = "Add to queue";
pub const PLAY_NEXT: &str = "Play next";
pub const ADD_TO_PLAYLIST: &str = "Add to playlist";
pub const NEW_PLAYLIST: &str = "New playlist";
pub const PLAYLIST_NAME: &str = "Name of the playlist";
pub const DELETE_PLAYLIST: &str = "Delete playlist";
pub const DELETE_PLAYLIST_WHY: &str = "The music itself stays.";
pub const TOGGLE_FAVOURITE: &str = "Favourite, or no longer";
pub const REMOVE_ENTRY: &str = "Remove from this playlist";
pub const EARLIER: &str = "Move one place up";
pub const LATER: &str = "Move one place down";
pub const MORE_ACTIONS: &str = "More actions";
pub const CREATE: &str = "Create";

pub const SEARCH_HINT: &str = "Artist, album or song";
pub const SEARCH_EMPTY: &str = "Find music on this unit";
pub const SEARCH_EMPTY_WHY: &str = "Parts of words are enough, accents do not matter.";
pub const CLEAR_SEARCH: &str = "Clear search";

pub const EQUALISER: &str = "Equaliser";
pub const OFF: &str = "Off";
pub const PRESET: &str = "Preset";
pub const OWN_PRESETS: &str = "Own sounds";
pub const FACTORY_PRESETS: &str = "Sounds of the unit";
pub const SAVE_PRESET: &str = "Save sound";
pub const PRESET_NAME: &str = "Name of the sound";
pub const DELETE_PRESET: &str = "Delete sound";
pub const DELETE_PRESET_WHY: &str = "What you hear stays as it is.";
pub const BALANCE: &str = "Balance";
pub const BALANCE_CENTRE: &str = "centre";
pub const LEFT: &str = "L";
pub const RIGHT: &str = "R";

pub const REMOTE_LOOK: &str = "Look of this remote";
pub const UNIT_LOOK: &str = "Look of the unit's screen";
pub const SYSTEM: &str = "As the phone";
pub const NIGHT: &str = "Night";
pub const DAY: &str = "Day";
pub const LOUDNESS: &str = "Equal loudness (ReplayGain)";
pub const BY_ALBUM: &str = "By album";
pub const BY_TRACK: &str = "By song";
pub const ON_THIS_PHONE: &str = "On this phone";
pub const MEDIA_KEYS: &str = "Lock screen and media keys";
pub const MEDIA_KEYS_WHY: &str = "Shows what plays on the lock screen. Browsers allow this only to a page that plays sound, so this phone plays silence while it is on; other sound on this phone may pause.";
pub const SPECTRUM: &str = "Spectrum on the playing page";
pub const SPECTRUM_WHY: &str = "Moves with the music; costs a little battery.";
pub const INSTALL: &str = "Install as an app";
pub const INSTALL_WHY: &str = "Opens full screen and starts without a network.";
pub const INSTALL_HOW: &str = "In the browser's menu or share sheet, choose Add to Home Screen.";
pub const INSTALLED: &str = "Installed on this phone.";
pub const INSECURE: &str = "This browser installs only pages it got by HTTPS. Add a bookmark to the home screen instead, or turn on HTTPS on the unit.";
pub const KEYS: &str = "Keyboard shortcuts";
pub const ABOUT: &str = "About";
pub const UNIT: &str = "Unit";
pub const UNIT_VERSION: &str = "Unit's version";
pub const REMOTE_VERSION: &str = "Remote's version";
pub const ROLE: &str = "This phone is";
pub const OWNER: &str = "Owner";
pub const GUEST: &str = "Guest (looks, changes nothing)";
pub const LICENCE: &str = "Free software under the GPL, version 3 or later.";
pub const SIGN_OUT: &str = "Sign this phone out";
pub const SIGN_OUT_WHY: &str = "To come back you need a new code from the unit's screen.";

pub const ENROL: &str = "Connect to the unit";
pub const ENROL_WHY: &str =
    "On the unit, open Phones and choose Add a phone. Then enter the six digits it shows.";
pub const CODE: &str = "Code";
pub const DEVICE_NAME: &str = "Name of this phone";
pub const CONNECT: &str = "Connect";
pub const CONNECTING: &str = "Connecting…";
pub const DIGITS: &str = "Digits";
pub const ERASE: &str = "Erase last digit";
pub const SIX_DIGITS: &str = "The code has six digits.";
pub const LINK_USED: &str =
    "This link is used up or too old. Take the code or a new QR code from the unit's screen.";
pub const LAST_TRY: &str = "Wrong code. One try is left.";
pub const NOT_OPEN: &str =
    "The unit is not waiting for a phone. On its screen, open Phones and choose Add a phone.";
pub const ENROL_OFFLINE: &str = "The unit is not reachable. Is this phone on the car's Wi-Fi?";
pub const ENROL_FAILED: &str = "The unit did not let this phone in.";
pub const REVOKED: &str = "This phone was removed on the unit.";

pub const OFFLINE: &str = "The unit is not reachable. Reconnecting…";
pub const CLOUD_OFFLINE: &str = "The cloud is not reachable. Reconnecting…";
pub const UNIT_AWAY: &str = "The stereo has lost its connection. It comes back by itself.";
pub const AWAY: &str = "This stereo is offline";
pub const AWAY_WHY: &str =
    "It is switched off, or has no network where it is. This page shows it as soon as it is back.";
pub const GONE: &str = "This stereo is not in your account";
pub const GONE_WHY: &str = "It was unpaired, or belongs to another account.";
pub const STEREOS: &str = "Your stereos";
pub const HERE: &str = "Open it on its own network";
pub const HERE_WHY: &str =
    "Quicker, with covers, and without the internet: while this phone is on the same Wi-Fi.";
pub const ELSEWHERE: &str = "Open it through the cloud";
pub const ELSEWHERE_WHY: &str = "From anywhere, while the unit has internet. You need to sign in.";
pub const ANOTHER_WAY: &str = "Another way to this unit";
pub const RESTARTING: &str = "The unit is restarting. Reconnecting…";
pub const FULL: &str = "Too many remotes are connected. Reconnecting…";
pub const FIRST_CONNECT: &str = "Connecting to the unit…";
pub const OTHER_VERSION: &str = "The unit runs another version of this remote.";
pub const NEW_VERSION: &str = "A new version of this remote is ready.";
pub const RELOAD: &str = "Reload";
pub const GUEST_NOTE: &str = "You are a guest here: you see everything, the owner's phones control it.";
pub const FAILED: &str = "That did not work.";

/// Shown under the keyboard shortcuts: key, what it does.
pub const SHORTCUTS: [(&str, &str); 9] = [
    ("Space or K", "Play or pause"),
    ("N / P", "Next / previous song"),
    ("← / →", "10 seconds back / forward"),
    ("+ / −", "Louder / softer"),
    ("M", "Mute"),
    ("F", "Favourite"),
    ("/", "Search"),
    ("1 to 6", "Pages, in the order of the menu"),
    ("?", "This help"),
];

pub fn wrong_code(left: u32) -> String {
    if left == 1 { LAST_TRY.into() } else { format!("Wrong code. {left} tries are left.") }
}

pub fn wait(seconds: u32) -> String {
    match seconds {
        0..=1 => "You can try again now.".into(),
        2..=90 => format!("Too many wrong codes. Try again in {seconds} seconds."),
        _ => format!("Too many wrong codes. Try again in {} minutes.", seconds.div_ceil(60)),
    }
}

pub fn volume(step: i32) -> String {
    format!("{step} of 50")
}

pub fn place(index: usize, len: usize) -> String {
    format!("{} of {len}", index + 1)
}

pub fn position(at: &str, of: &str) -> String {
    format!("{at} of {of}")
}

pub fn minutes(n: u16) -> String {
    format!("{n} minutes")
}

pub fn sleep_in(seconds: u32) -> String {
    match seconds {
        0..=90 => format!("Sleep timer: {seconds} seconds left"),
        _ => format!("Sleep timer: {} minutes left", seconds.div_ceil(60)),
    }
}

pub fn move_up(title: &str) -> String {
    format!("Move up {title}")
}

pub fn move_down(title: &str) -> String {
    format!("Move down {title}")
}

pub fn remove(title: &str) -> String {
    format!("Remove {title}")
}

pub fn drag(title: &str) -> String {
    format!("Drag {title}")
}

pub fn moved(title: &str, place: usize) -> String {
    format!("{title} is now at place {place}")
}

pub fn removed(title: &str) -> String {
    format!("Removed {title}")
}

pub fn more(title: &str) -> String {
    format!("More: {title}")
}

pub fn added(title: &str) -> String {
    format!("Added to the queue: {title}")
}

pub fn plays_next(title: &str) -> String {
    format!("Plays next: {title}")
}

pub fn added_to(playlist: &str) -> String {
    format!("Added to {playlist}")
}

pub fn n_songs(n: &str, one: bool) -> String {
    if one { "1 song".into() } else { format!("{n} songs") }
}

pub fn n_albums(n: &str, one: bool) -> String {
    if one { "1 album".into() } else { format!("{n} albums") }
}

pub fn nothing_found(words: &str) -> String {
    format!("Nothing found for “{words}”")
}

pub fn n_found(n: usize) -> String {
    if n == 1 { "1 result".into() } else { format!("{n} results") }
}

pub fn reading(name: &str) -> String {
    format!("Reading {name}")
}

pub fn edited(preset: &str) -> String {
    format!("{preset} · edited")
}

pub fn delete_named(name: &str) -> String {
    format!("Delete “{name}”?")
}

pub fn title(page: &str) -> String {
    format!("{page} – {BRAND}")
}
