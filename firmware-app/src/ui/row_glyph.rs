//! The icons of a row: what it is, and what shows at its end.

use super::generated::Glyph;
use crate::nav::MENU;
use crate::screen::{Action, Page, Row, RowKind};

/// What the row is.
pub(super) fn row_glyph(row: &Row) -> Glyph {
    match row.kind {
        RowKind::Folder => Glyph::Folder,
        RowKind::Track | RowKind::Songs => Glyph::Track,
        RowKind::Medium => Glyph::Medium,
        RowKind::Page => page_glyph(&row.label),
        RowKind::Preset => Glyph::Preset,
        RowKind::Value => Glyph::Value,
        RowKind::PlayAll => Glyph::PlayAll,
        RowKind::Artist => Glyph::Artist,
        RowKind::Album => Glyph::Album,
        RowKind::Playlist => Glyph::Playlist,
        RowKind::Genre => Glyph::Genre,
        RowKind::Composer => Glyph::Composer,
        RowKind::Year => Glyph::Year,
        RowKind::Favourites => Glyph::HeartFull,
        RowKind::RecentlyAdded => Glyph::Clock,
        RowKind::MostPlayed => Glyph::Chart,
        RowKind::Search => Glyph::Search,
        RowKind::Address => Glyph::Network,
        RowKind::Phone => Glyph::Phone,
        RowKind::Owner => Glyph::Artist,
        RowKind::Words => Glyph::None,
        RowKind::Count => Glyph::Chart,
        RowKind::Action(action) => action_glyph(action),
    }
}

fn action_glyph(action: Action) -> Glyph {
    match action {
        Action::Play => Glyph::PlayAll,
        Action::PlayNext => Glyph::PlayNext,
        Action::Enqueue => Glyph::Queue,
        Action::Favourite => Glyph::Heart,
        Action::AddToPlaylist => Glyph::Playlist,
        Action::NewPlaylist => Glyph::Add,
        Action::Remove | Action::Clear => Glyph::Remove,
        Action::Delete => Glyph::Close,
        Action::Move => Glyph::Move,
        Action::Export => Glyph::Export,
        Action::Rescan => Glyph::Refresh,
        Action::Save => Glyph::Save,
        Action::Rename => Glyph::Composer,
        Action::AddPhone => Glyph::Add,
        Action::AddGuest => Glyph::Guest,
        Action::Pair => Glyph::Add,
        Action::Keep => Glyph::Back,
    }
}

/// What shows at the end of the row: an arrow where it leads on, a sign of what plays or is chosen.
pub(super) fn row_mark(row: &Row) -> Glyph {
    match row.kind {
        RowKind::Preset | RowKind::Phone | RowKind::Owner if row.active => Glyph::Check,
        RowKind::Action(Action::Favourite) if row.active => Glyph::HeartFull,
        _ if row.active => Glyph::Playing,
        RowKind::Action(Action::AddToPlaylist) => Glyph::Forward,
        RowKind::Track
        | RowKind::Preset
        | RowKind::Value
        | RowKind::PlayAll
        | RowKind::Address
        | RowKind::Phone
        | RowKind::Owner
        | RowKind::Words
        | RowKind::Count
        | RowKind::Action(_) => Glyph::None,
        RowKind::Folder
        | RowKind::Medium
        | RowKind::Page
        | RowKind::Artist
        | RowKind::Album
        | RowKind::Songs
        | RowKind::Playlist
        | RowKind::Genre
        | RowKind::Composer
        | RowKind::Year
        | RowKind::Favourites
        | RowKind::RecentlyAdded
        | RowKind::MostPlayed
        | RowKind::Search => Glyph::Forward,
    }
}

/// The icon of the page a row of the menu opens.
fn page_glyph(label: &str) -> Glyph {
    let page = MENU.iter().find(|(_, known)| *known == label).map(|(page, _)| *page);
    match page {
        Some(Page::NowPlaying) => Glyph::Track,
        Some(Page::Browser) => Glyph::Folder,
        Some(Page::Search) => Glyph::Search,
        Some(Page::Queue) => Glyph::Queue,
        Some(Page::Equalizer) => Glyph::Sound,
        Some(Page::Presets) => Glyph::Preset,
        Some(Page::Settings) => Glyph::Settings,
        Some(Page::Phones) => Glyph::Phone,
        Some(Page::Account) => Glyph::Artist,
        Some(
            Page::Menu
            | Page::Actions
            | Page::Choice
            | Page::Name
            | Page::Enrol
            | Page::Pair
            | Page::Sent
            | Page::Off,
        )
        | None => Glyph::Page,
    }
}
