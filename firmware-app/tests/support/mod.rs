//! Scenes for the tests of the interface: frames with the content of a real evening drive.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::sync::Arc;

use firmware_app::frame::Frame;
use firmware_app::screen::{
    Action, Cover, EnrolView, EqualizerView, List, Page, Row, RowKind, Screen, SearchView, VolumeOverlay,
};
use protocol::remote::Role;
use protocol::{
    Changed, Decibels, Now, QueueInfo, Repeat, Snapshot, Sound, SoundPreset, Theme, Transport,
    TransportState, Volume, step_to_db,
};

/// A frame from its two halves.
pub fn frame(snapshot: Snapshot, screen: Screen, cover: Option<Cover>) -> Frame {
    Frame {
        snapshot: Arc::new(Snapshot { page: screen.page.name().to_owned(), ..snapshot }),
        screen: Arc::new(screen),
        cover: cover.map(Arc::new),
        changed: Changed::ALL,
    }
}

/// A track plays, 1:24 into 4:15.
pub fn snapshot(theme: Theme) -> Snapshot {
    Snapshot {
        now: Now {
            title: "Slow Light".to_owned(),
            artist: "Northern Harbour".to_owned(),
            album: "Coast Road at Night".to_owned(),
            path: "/media/usb/Northern Harbour/03 Slow Light.flac".to_owned(),
            format: "FLAC · 44.1 kHz · 16 bit".to_owned(),
            duration_s: Some(255.0),
            art: Some("c0ffee".to_owned()),
            ..Now::default()
        },
        transport: Transport {
            state: TransportState::Playing,
            position_s: 84.4,
            shuffle: true,
            repeat: Repeat::All,
        },
        volume_db: step_to_db(24),
        volume: Volume { step: 24, muted: false, max_db: Decibels(0.0) },
        queue: QueueInfo { len: 12, index: 2, revision: 1 },
        theme,
        ..Snapshot::default()
    }
}

/// The now-playing page with the focus at rest on play/pause, hidden.
pub fn now_screen() -> Screen {
    Screen {
        page: Page::NowPlaying,
        now_focus: 1,
        up_next: "Lighthouse Keeper".to_owned(),
        queue_place: "3 of 12".to_owned(),
        ..Screen::default()
    }
}

/// A cover drawn by arithmetic: a low sun over dark water.
pub fn cover() -> Cover {
    let side = 300_u32;
    let mut rgba = Vec::with_capacity((side * side * 4) as usize);
    for y in 0..side {
        for x in 0..side {
            let (fx, fy) = (x as f32 / side as f32, y as f32 / side as f32);
            rgba.extend(sunset(fx, fy).map(|value| value.clamp(0.0, 255.0) as u8));
            rgba.push(255);
        }
    }
    Cover {
        hash: "c0ffee".to_owned(),
        width: side,
        height: side,
        rgba,
        accent: [214, 84, 52],
        path: "/media/usb/cover.jpg".into(),
    }
}

/// Flat colours like a print: bands of sky, a disc, bars of light on the water.
fn sunset(x: f32, y: f32) -> [f32; 3] {
    const SKY: [[f32; 3]; 6] = [
        [44.0, 36.0, 66.0],
        [82.0, 46.0, 74.0],
        [128.0, 58.0, 72.0],
        [178.0, 74.0, 62.0],
        [214.0, 98.0, 56.0],
        [236.0, 132.0, 66.0],
    ];
    const HORIZON: f32 = 0.64;
    let from_sun = ((x - 0.56).powi(2) + (y - 0.5).powi(2)).sqrt();
    if y < HORIZON {
        if from_sun < 0.17 {
            return [255.0, 216.0, 148.0];
        }
        let arch = (1.0 - from_sun / 0.78).clamp(0.0, 0.999);
        return SKY[(arch * SKY.len() as f32) as usize];
    }
    let depth = (y - HORIZON) / (1.0 - HORIZON);
    let bar = (depth * 7.0).fract() < 0.42 && (x - 0.56).abs() < 0.2 * (1.05 - depth);
    if bar {
        [248.0, 176.0, 104.0]
    } else {
        [[70.0, 34.0, 48.0], [48.0, 27.0, 44.0], [30.0, 22.0, 38.0]][(depth * 3.0) as usize % 3]
    }
}

fn row(label: &str, detail: &str, kind: RowKind) -> Row {
    Row { label: label.to_owned(), detail: detail.to_owned(), kind, active: false }
}

/// A folder with more rows than fit, the focus on the fourth, the second playing.
pub fn browser() -> List {
    let mut rows = vec![
        row("Play everything here", "14 tracks", RowKind::PlayAll),
        row("Bonus", "4", RowKind::Folder),
        row("Harbour Lights", "3:48", RowKind::Track),
        row("Slow Light", "4:15", RowKind::Track),
        row("Lighthouse Keeper", "5:02", RowKind::Track),
        row("The Ferry Leaves Without Us and Nobody Waves Goodbye Any More", "6:41", RowKind::Track),
        row("Tidewater", "3:09", RowKind::Track),
        row("Salt on the Window", "4:44", RowKind::Track),
        row("Coast Road", "7:20", RowKind::Track),
    ];
    rows[3].active = true;
    List { title: "Coast Road at Night".to_owned(), rows, first: 0, total: 16, focus: 4, ..List::default() }
}

/// The short list of pages.
pub fn menu() -> List {
    let rows =
        ["Now playing", "Music", "Search", "Queue", "Equalizer", "Sound presets", "Settings", "Phones"]
            .map(|label| row(label, "", RowKind::Page));
    List { title: "Menu".to_owned(), total: rows.len(), rows: rows.to_vec(), focus: 2, ..List::default() }
}

/// Settings, the sleep timer being turned.
pub fn settings() -> List {
    let rows = vec![
        row("Display", "Night", RowKind::Value),
        row("Balance", "Centre", RowKind::Value),
        row("Shuffle", "On", RowKind::Value),
        row("Repeat", "All", RowKind::Value),
        row("Equal loudness", "By album", RowKind::Value),
        row("Sleep timer", "30 min", RowKind::Value),
        row("Start volume, at most", "32 · −18 dB", RowKind::Value),
        row("Maximum volume", "50 · 0 dB", RowKind::Value),
    ];
    List { title: "Settings".to_owned(), total: rows.len(), rows, focus: 5, ..List::default() }
}

/// The top of the music: media, then what the index knows.
fn music() -> List {
    let rows = vec![
        row("NORTHERN STICK", "12,480 tracks", RowKind::Medium),
        row("Search", "", RowKind::Search),
        row("Playlists", "4", RowKind::Playlist),
        row("Favourites", "37", RowKind::Favourites),
        row("Artists", "812", RowKind::Artist),
        row("Albums", "1,204", RowKind::Album),
        row("Songs", "12,480", RowKind::Songs),
        row("Genres", "64", RowKind::Genre),
    ];
    let note = "Reading 43 %".to_owned();
    List { title: "Music".to_owned(), total: 13, rows, focus: 4, note, ..List::default() }
}

/// A long list while the knob is spun.
fn artists() -> List {
    let names =
        ["Nightjar", "Nine Mile Ferry", "Nora Quist", "Northern Harbour", "Northlight", "Novembers", "Nyx"];
    let rows: Vec<Row> = names.iter().map(|name| row(name, "3 albums", RowKind::Artist)).collect();
    let letter = "N".to_owned();
    List { title: "Artists".to_owned(), total: 812, first: 420, rows, focus: 423, letter, ..List::default() }
}

/// What can be done with a track.
fn actions() -> List {
    let rows = vec![
        row("Play next", "", RowKind::Action(Action::PlayNext)),
        row("Add to queue", "", RowKind::Action(Action::Enqueue)),
        row("Favourite", "", RowKind::Action(Action::Favourite)),
        row("Add to playlist", "", RowKind::Action(Action::AddToPlaylist)),
        row("Move in the queue", "", RowKind::Action(Action::Move)),
        row("Remove from the queue", "", RowKind::Action(Action::Remove)),
        row("Clear the queue", "", RowKind::Action(Action::Clear)),
    ];
    List { title: "Slow Light".to_owned(), total: rows.len(), rows, focus: 1, ..List::default() }
}

fn search(text: &str, focus: usize) -> Screen {
    let rows = vec![
        row("Northern Harbour", "Artist · 4 albums", RowKind::Artist),
        row("Harbour Lights", "Northern Harbour", RowKind::Album),
        row("Harbour Lights", "Northern Harbour · Coast Road at Night", RowKind::Track),
        row("The Harbour Master and the Very Long Name of His Boat", "Quay", RowKind::Track),
        row("Harbourside", "Nora Quist · Tin", RowKind::Track),
    ];
    let list = match text {
        "" => List { empty: "Turn to a letter and press".to_owned(), ..List::default() },
        _ => List { total: 38, note: "38 found".to_owned(), rows, ..List::default() },
    };
    let search = SearchView { text: text.to_owned(), focus };
    Screen { page: Page::Search, list, search, focus_visible: true, ..Screen::default() }
}

fn presets() -> List {
    let mut rows = vec![row("Save this sound …", "", RowKind::Action(Action::Save))];
    let own = [("My sound 1", "yours"), ("Night drive", "changed")];
    rows.extend(own.map(|(label, detail)| row(label, detail, RowKind::Preset)));
    let factory = ["Flat", "Rock", "Pop", "Jazz", "Classical"];
    rows.extend(factory.map(|label| row(label, "", RowKind::Preset)));
    rows[2].active = true;
    List { title: "Sound presets".to_owned(), total: 15, rows, focus: 2, ..List::default() }
}

fn phones() -> List {
    let mut rows = vec![
        row("http://192.168.1.20:8080", "in any browser", RowKind::Address),
        row("Add a phone", "", RowKind::Action(Action::AddPhone)),
        row("Add a guest", "looks only", RowKind::Action(Action::AddGuest)),
        row("Anna's phone", "connected", RowKind::Phone),
        row("The tablet on the back seat", "guest · connected", RowKind::Phone),
        row("Old phone", "", RowKind::Phone),
        row("Forget all phones …", "", RowKind::Action(Action::Delete)),
    ];
    (rows[3].active, rows[4].active) = (true, true);
    List { title: "Phones".to_owned(), total: rows.len(), rows, focus: 1, ..List::default() }
}

fn no_network() -> List {
    let rows = vec![
        row("No network", "Connect Wi-Fi or a cable", RowKind::Address),
        row("Add a phone", "", RowKind::Action(Action::AddPhone)),
        row("Add a guest", "looks only", RowKind::Action(Action::AddGuest)),
    ];
    List { title: "Phones".to_owned(), total: rows.len(), rows, focus: 1, ..List::default() }
}

/// Whether a phone is really to be forgotten.
fn choice() -> List {
    let rows = vec![
        row("Keep it", "", RowKind::Action(Action::Keep)),
        row("Forget it", "", RowKind::Action(Action::Delete)),
    ];
    let title = "Forget “The tablet on the back seat”?".to_owned();
    List { title, total: rows.len(), rows, ..List::default() }
}

/// Letters for a name.
fn name() -> Screen {
    let list = List {
        empty: "Another name for “My sound 1”. Turn to a letter and press; then Save.".into(),
        ..List::default()
    };
    let search = SearchView { text: "Coast ro".into(), focus: 17 };
    Screen { page: Page::Name, list, search, focus_visible: true, ..Screen::default() }
}

/// The address a QR code of the scenes holds.
pub const INVITATION: &str = "http://192.168.1.20:8080/enrol#6f1c0b7ad2e94f3f8a55d9c01b7e2a44";

/// The code for a phone.
pub fn enrol(role: Role, note: &str) -> Screen {
    let enrol = EnrolView {
        pin: "042917".into(),
        url: INVITATION.into(),
        address: "http://192.168.1.20:8080".into(),
        role,
        left_s: 107,
        note: note.into(),
    };
    Screen { page: Page::Enrol, enrol: Some(enrol), focus_visible: true, ..Screen::default() }
}

fn queue() -> List {
    let titles =
        ["Harbour Lights", "Slow Light", "Lighthouse Keeper", "Tidewater", "Salt on the Window", "Ebb"];
    let mut rows: Vec<Row> =
        titles.iter().map(|label| row(label, "Northern Harbour", RowKind::Track)).collect();
    rows[1].active = true;
    List { title: "Queue".to_owned(), total: 480, first: 120, rows, focus: 122, ..List::default() }
}

/// A sound with hills and valleys.
pub fn sound() -> Sound {
    let mut preset = SoundPreset { name: "Night drive".to_owned(), ..SoundPreset::flat() };
    let gains = [5.0, 6.5, 3.0, 0.0, -2.5, -1.0, 1.5, 3.0, 4.5, 2.0];
    for (band, gain) in preset.bands.iter_mut().zip(gains) {
        band.gain = Decibels(gain);
    }
    Sound { preset, edited: true, ..Sound::default() }
}

fn list_screen(page: Page, list: List) -> Screen {
    Screen { page, list, focus_visible: true, ..Screen::default() }
}

/// The bars at one moment of a song.
pub fn spectrum() -> [f32; 32] {
    std::array::from_fn(|i| {
        let x = i as f32;
        (0.92 - x * 0.021 + 0.16 * (x * 1.7).sin() + 0.1 * (x * 0.6).cos()).clamp(0.05, 1.0)
    })
}

/// The levels at the same moment.
pub fn levels() -> engine::Levels {
    engine::Levels { peak: [0.5, 0.42], rms: [0.2, 0.18], limiter_db: 0.0 }
}

/// What moves on the screen in that frame: nothing unless music plays.
pub fn movement(frame: &Frame) -> ([f32; 32], engine::Levels) {
    match frame.snapshot.transport.state {
        TransportState::Playing => (spectrum(), levels()),
        TransportState::Paused | TransportState::Stopped => ([0.0; 32], engine::Levels::default()),
    }
}

/// Every scene by its name, in one look.
pub fn scenes(theme: Theme) -> Vec<(&'static str, Frame)> {
    let mut scenes = now_scenes(theme);
    scenes.extend(list_scenes(theme));
    scenes.extend(other_scenes(theme));
    scenes
}

fn now_scenes(theme: Theme) -> Vec<(&'static str, Frame)> {
    let base = snapshot(theme);
    let focus = Screen { focus_visible: true, now_focus: 3, ..now_screen() };
    let mut long = base.clone();
    long.now.title =
        "The Ferry Leaves Without Us and Nobody Waves Goodbye Any More (Live at the Old Quay)".to_owned();
    long.now.artist = "The Northern Harbour Philharmonic Dance Orchestra with Guests".to_owned();
    long.now.album = "Everything We Ever Played on the Coast Road at Night, Volume Two".to_owned();
    long.now.duration_s = Some(4055.0);
    long.transport.position_s = 3671.0;
    long.transport.state = TransportState::Paused;
    long.transport.repeat = Repeat::One;
    long.volume.muted = true;
    let mut message = base.clone();
    message.message = "“Broken.flac” is damaged and was left out. The next track plays on.".to_owned();
    let volume = Screen { volume_overlay: Some(VolumeOverlay { step: 31, muted: false }), ..now_screen() };
    let mut untagged = base.clone();
    untagged.now.title = "Track 07".to_owned();
    untagged.now.artist.clear();
    untagged.now.duration_s = None;
    let muted = Screen { volume_overlay: Some(VolumeOverlay { step: 24, muted: true }), ..now_screen() };
    let empty = Snapshot { theme, ..Snapshot::default() };
    let limited = Volume { step: 31, muted: false, max_db: Decibels(-6.0) };
    vec![
        ("now", frame(base.clone(), now_screen(), Some(cover()))),
        ("now-focus", frame(Snapshot { sleep_s: Some(1680), ..base.clone() }, focus, None)),
        ("now-long", frame(long, now_screen(), None)),
        ("now-message", frame(message, now_screen(), Some(cover()))),
        ("now-volume", frame(Snapshot { volume: limited, ..base.clone() }, volume, Some(cover()))),
        ("now-muted", frame(base, muted, Some(cover()))),
        ("now-untagged", frame(untagged, Screen { up_next: String::new(), ..now_screen() }, None)),
        ("now-empty", frame(empty, Screen::default(), None)),
    ]
}

fn list_scenes(theme: Theme) -> Vec<(&'static str, Frame)> {
    let base = snapshot(theme);
    let screen = |page, list| frame(base.clone(), list_screen(page, list), Some(cover()));
    let title = "Northern Harbour".to_owned();
    let empty = "There is no music in this folder. Go back and choose another one.".to_owned();
    let editing = Screen { editing: true, ..list_screen(Page::Settings, settings()) };
    vec![
        ("browser", screen(Page::Browser, browser())),
        ("loading", screen(Page::Browser, List { title: title.clone(), loading: true, ..List::default() })),
        ("empty", screen(Page::Browser, List { title, empty, ..List::default() })),
        ("music", screen(Page::Browser, music())),
        ("artists", screen(Page::Browser, artists())),
        ("actions", screen(Page::Actions, actions())),
        ("search", frame(base.clone(), search("HARB", 21), Some(cover()))),
        ("search-empty", frame(base.clone(), search("", 3), None)),
        ("menu", screen(Page::Menu, menu())),
        ("queue", screen(Page::Queue, queue())),
        ("presets", screen(Page::Presets, presets())),
        ("phones", screen(Page::Phones, phones())),
        ("phones-none", screen(Page::Phones, no_network())),
        ("choice", screen(Page::Choice, choice())),
        ("name", frame(base.clone(), name(), None)),
        ("enrol", frame(base.clone(), enrol(Role::Owner, "Wrong code: two more tries"), Some(cover()))),
        ("settings", frame(base.clone(), editing, None)),
    ]
}

fn other_scenes(theme: Theme) -> Vec<(&'static str, Frame)> {
    let base = Snapshot { sound: sound(), ..snapshot(theme) };
    let eq = |focus, editing, focus_visible| Screen {
        page: Page::Equalizer,
        equalizer: EqualizerView { focus },
        editing,
        focus_visible,
        ..Screen::default()
    };
    let mut off = base.clone();
    off.sound.eq_enabled = false;
    let dark = Screen { page: Page::Off, ..Screen::default() };
    vec![
        ("eq", frame(base.clone(), eq(10, false, false), Some(cover()))),
        ("eq-focus", frame(base.clone(), eq(5, false, true), None)),
        ("eq-editing", frame(base.clone(), eq(1, true, true), None)),
        ("eq-off", frame(off, eq(11, false, true), None)),
        ("off", frame(base, dark, None)),
    ]
}
