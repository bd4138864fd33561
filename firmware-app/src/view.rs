//! The screen and the snapshot, computed from the state: the same state always gives the same picture.

mod account;
mod music;
mod phones;
mod sounds;

use std::path::Path;

use protocol::{Now, QueueInfo, SNAPSHOT_VERSION, Snapshot, Transport, TransportState, Volume};

pub(crate) use phones::phone_name;

use crate::nav::{ListFocus, Nav, SettingRow, menu};
use crate::screen::{EqualizerView, List, Page, Row, RowKind, Screen, VolumeOverlay};
use crate::state::{Intent, Item, State, title_from_name};

/// What the world may know; `seq` is given when it is published.
pub(crate) fn snapshot(state: &State, nav: &Nav) -> Snapshot {
    Snapshot {
        version: SNAPSHOT_VERSION,
        seq: 0,
        now: now(state),
        transport: Transport {
            state: transport_state(state),
            position_s: state.playback.position_s,
            shuffle: state.queue.shuffle(),
            repeat: state.queue.repeat(),
        },
        volume_db: state.volume.level,
        volume: Volume {
            step: state.volume.step(),
            muted: state.volume.muted,
            max_db: state.volume.limits.max,
        },
        queue: QueueInfo {
            len: state.queue.len(),
            index: state.queue.place(),
            revision: state.queue.revision(),
        },
        sound: state.sound.clone(),
        page: nav.page().name().to_owned(),
        message: state.message.as_ref().map(|message| message.text.clone()).unwrap_or_default(),
        power: state.power,
        theme: state.theme,
        library: state.library_info(),
        presets_revision: state.presets.revision(),
        sleep_s: state.sleep.left_s(),
    }
}

fn transport_state(state: &State) -> TransportState {
    match state.playback.intent {
        _ if state.is_playing() => TransportState::Playing,
        Intent::Stopped => TransportState::Stopped,
        Intent::Playing | Intent::Paused => TransportState::Paused,
    }
}

fn now(state: &State) -> Now {
    let Some(item) = state.current_item() else { return Now::default() };
    let path = state.path_of(item);
    let info = state.tracks.get(&path);
    let text =
        |field: fn(&library::TrackInfo) -> &String| info.map(|info| field(info).clone()).unwrap_or_default();
    let folder = || path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let album = Some(text(|info| &info.album)).filter(|album| !album.is_empty()).or_else(folder);
    Now {
        title: title(state, item),
        artist: artist(state, item),
        album: album.unwrap_or_default(),
        path: path.to_string_lossy().into_owned(),
        format: Some(text(|info| &info.format))
            .filter(|f| !f.is_empty())
            .unwrap_or_else(|| source_format(state)),
        duration_s: state.duration_s(),
        art: state.cover.as_ref().map(|cover| cover.hash.clone()),
        favourite: state.is_favourite(),
        medium: item.medium.to_string(),
    }
}

/// `FLAC · 44.1 kHz · 16 bit` from what the engine says, until the tags are read.
fn source_format(state: &State) -> String {
    let Some(source) = &state.playback.source else { return String::new() };
    let rate = f64::from(source.rate) / 1000.0;
    let bits = source.bits.map(|bits| format!(" · {bits} bit")).unwrap_or_default();
    format!("{} · {rate} kHz{bits}", source.codec)
}

/// A track's title: of a part of a file what the CUE sheet says; else from its tags, from the playlist that
/// named it, from its name.
pub(crate) fn title(state: &State, item: &Item) -> String {
    let label = item.label.as_ref().map(|label| label.title.clone()).filter(|title| !title.is_empty());
    let info = state.tracks.get(&state.path_of(item));
    let tagged = info.map(|info| info.title.clone()).filter(|title| !title.is_empty());
    let known = if item.slice.is_some() { label.or(tagged) } else { tagged.or(label) };
    known.unwrap_or_else(|| title_from_name(&item.relative))
}

/// A track's artist, in the same way.
pub(crate) fn artist(state: &State, item: &Item) -> String {
    let label = item.label.as_ref().map(|label| label.artist.clone()).filter(|artist| !artist.is_empty());
    let info = state.tracks.get(&state.path_of(item));
    let tagged = info.map(|info| info.artist.clone()).filter(|artist| !artist.is_empty());
    let known = if item.slice.is_some() { label.or(tagged) } else { tagged.or(label) };
    known.unwrap_or_default()
}

/// What is drawn besides the snapshot.
pub(crate) fn screen(state: &State, nav: &Nav) -> Screen {
    let following = state.queue.following().filter(|_| state.queue.len() > 1);
    let up_next = following.and_then(|place| state.queue.entry(place)).map(|entry| title(state, &entry.item));
    let queue_place = if state.queue.is_empty() {
        String::new()
    } else {
        format!("{} of {}", state.queue.place() + 1, state.queue.len())
    };
    Screen {
        page: nav.page(),
        now_focus: nav.now_focus,
        editing: nav.editing,
        list: list(state, nav),
        search: if nav.page() == Page::Name { nav.name_entry.view() } else { nav.letters.view() },
        enrol: phones::enrol(state, nav),
        pair: account::pair(state, nav),
        equalizer: EqualizerView { focus: nav.eq_focus },
        volume_overlay: nav
            .is_overlay_shown()
            .then(|| VolumeOverlay { step: state.volume.step(), muted: state.volume.muted }),
        focus_visible: nav.focus_visible,
        up_next: up_next.unwrap_or_default(),
        queue_place,
    }
}

fn list(state: &State, nav: &Nav) -> List {
    match nav.page() {
        Page::Menu => window("Menu", &nav.menu, menu(state).len(), |index| {
            let label = menu(state).get(index).map_or("", |(_, label)| *label);
            row(label, String::new(), RowKind::Page, false)
        }),
        Page::Browser => music::browser(state, nav),
        Page::Search => music::search(nav),
        Page::Actions => music::actions(state, nav),
        Page::Queue => List {
            empty: "The queue is empty. Choose music under Music.".into(),
            ..window("Queue", &nav.queue, state.queue.len(), |index| queue_row(state, index))
        },
        Page::Presets => sounds::presets(state, nav),
        Page::Phones => phones::phones(state, nav),
        Page::Account => account::account(state, nav),
        Page::Sent => account::sent(state, nav),
        Page::Choice => sounds::choices(nav),
        Page::Name => List { empty: nav.name_entry.hint(), ..List::default() },
        Page::Settings => window("Settings", &nav.settings, SettingRow::ORDER.len(), |index| {
            let setting = SettingRow::ORDER[index];
            row(setting.label(), setting.value(state), RowKind::Value, false)
        }),
        Page::NowPlaying | Page::Equalizer | Page::Enrol | Page::Pair | Page::Off => List::default(),
    }
}

fn row(label: &str, detail: String, kind: RowKind, active: bool) -> Row {
    Row { label: label.to_owned(), detail, kind, active }
}

fn window(title: &str, focus: &ListFocus, total: usize, row_at: impl Fn(usize) -> Row) -> List {
    let shown = focus.window(total);
    List {
        title: title.to_owned(),
        first: shown.start,
        rows: shown.map(row_at).collect(),
        total,
        focus: focus.focus().min(total.saturating_sub(1)),
        ..List::default()
    }
}

fn queue_row(state: &State, index: usize) -> Row {
    let Some(entry) = state.queue.entry(index) else {
        return row("", String::new(), RowKind::Track, false);
    };
    let is_current = index == state.queue.place();
    row(&title(state, &entry.item), artist(state, &entry.item), RowKind::Track, is_current)
}
