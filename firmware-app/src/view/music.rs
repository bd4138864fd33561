//! The pages of music as lists: the browser's levels, the hits of a search, what can be done with a row.

use library::EntryKind;
use protocol::Scanning;

use super::{row, window};
use crate::catalog::{ListItem, ListRow};
use crate::nav::{Choosing, Content, Folder, FoundList, Head, HomeRow, Level, Nav, Paged, Place};
use crate::screen::{Action, List, Row, RowKind};
use crate::state::{Item, State};

/// Where one is in the music.
pub(super) fn browser(state: &State, nav: &Nav) -> List {
    let level = nav.browser.here();
    let list = match &level.place {
        Place::Home => home(state, nav, level),
        Place::Folder(folder) => folder_list(state, nav, level, folder),
        Place::List(list) => paged(state, nav, level, list),
        Place::Found(found) => found_list(state, level, found),
    };
    let scanning = state.library_info().scanning;
    List { note: scanning.map(|scanning| scan_note(&scanning)).unwrap_or_default(), ..list }
}

/// `Reading 43 %`, or how many files were dealt with until it is known how many there are.
fn scan_note(scanning: &Scanning) -> String {
    match scanning.total.filter(|total| *total > 0) {
        Some(total) => {
            let done = scanning.done.min(total).saturating_mul(100) / total;
            format!("Reading {done} %")
        }
        None => format!("Reading {}", thousands(scanning.done)),
    }
}

/// `12,480`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn home(state: &State, nav: &Nav, level: &Level) -> List {
    let media = state.media.len();
    let library = state.library_info();
    let row_at = |index: usize| {
        let Some(home) = HomeRow::at(media, index) else {
            return row("", String::new(), RowKind::Page, false);
        };
        let (detail, active) = match home {
            HomeRow::Medium(at) => {
                let tracks =
                    library.media.get(at).and_then(|medium| medium.tracks).filter(|tracks| *tracks > 0);
                let medium = state.media.get(at).map(|medium| &medium.id);
                let active = state.current_item().is_some_and(|item| Some(&item.medium) == medium);
                (tracks.map(|tracks| format!("{} tracks", thousands(tracks))), active)
            }
            home => {
                let count = home.view().and_then(|view| nav.browser.count_of(&view));
                (count.filter(|count| *count > 0).map(thousands), false)
            }
        };
        row(&home.label(state), detail.unwrap_or_default(), home.kind(), active)
    };
    List {
        empty: "No music here yet. Plug in a USB stick or a card.".into(),
        ..window("Music", &level.focus, HomeRow::total(media), row_at)
    }
}

fn folder_list(state: &State, nav: &Nav, level: &Level, folder: &Folder) -> List {
    let medium = state.media.iter().find(|known| known.path == folder.medium);
    let own_name = || folder.folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let is_root = folder.folder == folder.medium;
    let title = if is_root { medium.map(|medium| medium.name.clone()) } else { own_name() };
    let title = title.unwrap_or_else(|| "Music".into());
    match &folder.content {
        Content::Loading => return List { title, loading: true, ..List::default() },
        Content::Failed(error) => return List { title, empty: folder_error(error), ..List::default() },
        Content::Entries(_) => {}
    }
    let current = state.current_path().unwrap_or_default();
    let row_at = |index: usize| match folder.entry(index) {
        None => row("Play all", String::new(), RowKind::PlayAll, false),
        Some(entry) => {
            let (kind, active) = match entry.kind {
                EntryKind::Folder => (RowKind::Folder, current.starts_with(&entry.path)),
                EntryKind::Track => (RowKind::Track, current == entry.path),
                EntryKind::Playlist => (RowKind::Playlist, false),
            };
            row(&entry.name, String::new(), kind, active)
        }
    };
    let total = nav.browser.total(&state.media);
    List { empty: "No music in this folder".into(), ..window(&title, &level.focus, total, row_at) }
}

fn folder_error(error: &library::LibraryError) -> String {
    match error {
        library::LibraryError::Missing => "This folder is no longer there".into(),
        library::LibraryError::Outside => "This link leads away from the medium".into(),
        library::LibraryError::Unreadable(_)
        | library::LibraryError::NotMusic
        | library::LibraryError::Hostile => "This folder cannot be read. The medium may be damaged.".into(),
    }
}

fn paged(state: &State, nav: &Nav, level: &Level, list: &Paged) -> List {
    let title = list.title.clone();
    if list.is_loading() {
        return List { title, loading: true, ..List::default() };
    }
    if list.failed().is_some() {
        let empty = "The library cannot be read. It is made anew when the medium is read again.";
        return List { title, empty: empty.into(), ..List::default() };
    }
    let current = state.current_item();
    let row_at = |index: usize| match (list.head(index), list.line(index)) {
        (Some(Head::PlayAll), _) => row("Play all", String::new(), RowKind::PlayAll, false),
        (Some(Head::AllSongs), _) => row("All songs", String::new(), RowKind::Songs, false),
        (None, Some(line)) => Row { detail: detail_in(&list.view, line), ..line_row(line, current) },
        // Not in memory yet: the row comes with the next page.
        (None, None) => row("…", String::new(), RowKind::Track, false),
    };
    let letter = nav.letter().map(String::from).unwrap_or_default();
    List {
        empty: nothing_in(list, state).into(),
        letter,
        ..window(&title, &level.focus, list.total(), row_at)
    }
}

/// Why a list has no rows, and what to do.
fn nothing_in(list: &Paged, state: &State) -> &'static str {
    use protocol::ViewRef;
    match list.view {
        ViewRef::Favourites => "No favourites yet. Hold the knob on a song to mark it.",
        ViewRef::Playlists => "No playlists yet. Hold the knob on a song to make one.",
        ViewRef::Playlist { .. } => "This playlist is empty.",
        ViewRef::MostPlayed | ViewRef::RecentlyPlayed => "Nothing was played to its end yet.",
        _ if state.library_info().scanning.is_some() => "Nothing found yet. The medium is being read.",
        _ => "Nothing found. The medium may not have been read yet.",
    }
}

fn line_row(line: &ListRow, current: Option<&Item>) -> Row {
    let albums = |count: u64| plural(count, "album", "albums");
    let named = |name: &str, detail: String, kind| row(name_or(name), detail, kind, false);
    match &line.item {
        ListItem::Artist { name, albums: own, tracks, .. } => {
            let detail = if *own > 0 { albums(*own) } else { plural(*tracks, "song", "songs") };
            named(name, detail, RowKind::Artist)
        }
        ListItem::Album { title, artist, .. } => named(title, artist.clone(), RowKind::Album),
        ListItem::Genre { name, albums: count, .. } => named(name, albums(*count), RowKind::Genre),
        ListItem::Composer { name, albums: count, .. } => named(name, albums(*count), RowKind::Composer),
        ListItem::Year { year, albums: count, .. } => named(&year.to_string(), albums(*count), RowKind::Year),
        ListItem::Playlist { name, tracks, .. } => {
            named(name, plural(*tracks, "song", "songs"), RowKind::Playlist)
        }
        ListItem::Track(track) => {
            let active = current.is_some_and(|item| item.is_same(&track.track));
            row(&track.title, track.artist.clone(), RowKind::Track, active)
        }
    }
}

/// The second text of a row: what its list does not say already.
fn detail_in(view: &protocol::ViewRef, line: &ListRow) -> String {
    use protocol::ViewRef;
    match (view, &line.item) {
        (ViewRef::ArtistAlbums { .. }, ListItem::Album { year: Some(year), .. }) => year.to_string(),
        (ViewRef::AlbumTracks { .. }, ListItem::Track(track)) => {
            track.duration_ms.map(minutes).unwrap_or_default()
        }
        (ViewRef::ArtistTracks { .. }, ListItem::Track(track)) => track.album.clone(),
        _ => line_row(line, None).detail,
    }
}

/// `3:07`.
fn minutes(ms: u64) -> String {
    let seconds = ms / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Music without a name in its tags.
fn name_or(name: &str) -> &str {
    if name.is_empty() { "Unknown" } else { name }
}

/// `1 album`, `12 albums`.
fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

fn found_list(state: &State, level: &Level, found: &FoundList) -> List {
    let title = format!("“{}”", found.text);
    if found.result.is_none() {
        return List { title, loading: true, ..List::default() };
    }
    let current = state.current_item();
    let lines = found.rows();
    let row_at = |index: usize| match lines.get(index) {
        Some(line) => line_row(line, current),
        None => row("", String::new(), RowKind::Track, false),
    };
    List { empty: "Nothing found".into(), ..window(&title, &level.focus, lines.len(), row_at) }
}

/// The first hits, beside the letters.
pub(super) fn search(nav: &Nav) -> List {
    let found = &nav.preview;
    let rows: Vec<Row> = found.rows().iter().map(|line| line_row(line, None)).collect();
    let empty = match &found.result {
        None if found.text.is_empty() => "Turn to a letter and press",
        None => "Searching …",
        Some(Ok(_)) => "Nothing found",
        Some(Err(_)) => "The library cannot be read",
    };
    List { total: rows.len(), rows, empty: empty.into(), ..List::default() }
}

/// What can be done with a row, or the playlists it can be put into.
pub(super) fn actions(state: &State, nav: &Nav) -> List {
    let actions = &nav.actions;
    if let Some(Choosing { list, focus }) = &actions.choosing {
        let row_at = |index: usize| match index.checked_sub(1).map(|index| list.line(index)) {
            None => row("New playlist", String::new(), RowKind::Action(Action::NewPlaylist), false),
            Some(Some(line)) => line_row(line, None),
            Some(None) => row("…", String::new(), RowKind::Playlist, false),
        };
        return window("Add to a playlist", focus, actions.total(), row_at);
    }
    let rows = actions.rows();
    let is_favourite = actions.is_about_current(state) && state.is_favourite();
    window(&actions.title, &actions.focus, rows.len(), |index| {
        let (action, label) = rows[index];
        row(label, String::new(), RowKind::Action(action), action == Action::Favourite && is_favourite)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_in_words() {
        let scanning = |done, total| Scanning { done, total, ..Scanning::default() };
        assert_eq!(scan_note(&scanning(430, Some(1000))), "Reading 43 %");
        assert_eq!(scan_note(&scanning(1200, Some(1000))), "Reading 100 %");
        assert_eq!(scan_note(&scanning(12_480, None)), "Reading 12,480");
        assert_eq!(scan_note(&scanning(7, Some(0))), "Reading 7");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(999), "999");
        assert_eq!(minutes(187_900), "3:07");
    }
}
