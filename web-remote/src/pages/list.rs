//! One list of the library, with what can be done with all of it.

use std::cell::Cell;
use std::rc::Rc;

use protocol::remote::{Anchor, Answer, Question, RefusalCode, Row, RowKind, capability};
use protocol::{Command, ViewRef};

use super::library_row::library_row;
use super::{back, head, heading};
use crate::app::App;
use crate::icons;
use crate::model::list::{PART, Part, Want};
use crate::model::route::{Route, songs_of};
use crate::net::link::Standing;
use crate::text;
use crate::ui::dialog::sheet;
use crate::ui::time::next_frame;
use crate::ui::{El, Signal, div, document, effect, el, window};
use crate::widgets::rows::{row_px, rows};
use crate::widgets::state::empty;
use crate::widgets::{actions, button, tool};

#[derive(Clone)]
struct List {
    app: &'static App,
    view: ViewRef,
    part: Signal<Part>,
    /// A question is on its way; its number, so that a late answer of an older one is passed over.
    asked: Rc<Cell<u64>>,
    busy: Rc<Cell<bool>>,
}

/// The name of a list that needs no other.
pub fn name_of(view: &ViewRef) -> Option<&'static str> {
    Some(match view {
        ViewRef::Artists => text::ARTISTS,
        ViewRef::Albums => text::ALBUMS,
        ViewRef::Tracks => text::SONGS,
        ViewRef::Genres => text::GENRES,
        ViewRef::Composers => text::COMPOSERS,
        ViewRef::Years => text::YEARS,
        ViewRef::RecentlyAdded => text::RECENTLY_ADDED,
        ViewRef::RecentlyPlayed => text::RECENTLY_PLAYED,
        ViewRef::MostPlayed => text::MOST_PLAYED,
        ViewRef::Favourites => text::FAVOURITES,
        ViewRef::Playlists => text::PLAYLISTS,
        _ => return None,
    })
}

/// The title of a list: its own, the one its link gave, or what its rows say.
pub fn title(view: &ViewRef, named: &str) -> String {
    match name_of(view) {
        Some(name) => name.to_owned(),
        None if named.is_empty() => text::MUSIC.to_owned(),
        None => named.to_owned(),
    }
}

pub fn page(app: &'static App, view: ViewRef, named: &str) -> El {
    let list =
        List { app, view: view.clone(), part: Signal::default(), asked: Rc::default(), busy: Rc::default() };
    list.follow();
    let name = title(&view, named);
    let (fetching, shown) = (list.clone(), view.clone());
    let body = rows(
        &name,
        list.part.clone(),
        move |want| fetching.fetch(want),
        move |item| library_row(app, &item, Some(shown.clone()), Route::of_row),
    );
    let nothing = list.part.clone();
    let is_empty = move || nothing.with(|part| part.known && part.rows.is_empty());
    let hidden = is_empty.clone();
    let why = match view {
        ViewRef::Favourites => text::EMPTY_FAVOURITES,
        ViewRef::Playlists => text::EMPTY_PLAYLISTS,
        _ => text::EMPTY_OTHER,
    };
    let above = if name_of(&view).is_some() { "/music".to_owned() } else { parent(&view) };
    div("page")
        .child(head(div("page-title").child(back(&above)).child(heading(&name)), tools(&list, &name)))
        .child(div("").child(body).flag_of("hidden", hidden))
        .child(div("").content_of(move || is_empty().then(|| empty(icons::TRACK, text::EMPTY_LIST, why))))
}

/// The list above.
fn parent(view: &ViewRef) -> String {
    let above = match view {
        ViewRef::ArtistAlbums { .. } | ViewRef::ArtistTracks { .. } => ViewRef::Artists,
        ViewRef::AlbumTracks { .. } => ViewRef::Albums,
        ViewRef::GenreAlbums { .. } | ViewRef::GenreTracks { .. } => ViewRef::Genres,
        ViewRef::ComposerAlbums { .. } | ViewRef::ComposerTracks { .. } => ViewRef::Composers,
        ViewRef::YearAlbums { .. } | ViewRef::YearTracks { .. } => ViewRef::Years,
        _ => ViewRef::Playlists,
    };
    Route::List(above, String::new()).address()
}

fn tools(list: &List, name: &str) -> El {
    let (app, view) = (list.app, list.view.clone());
    let tools = div("page-tools");
    match view {
        ViewRef::Playlists if app.can(capability::PLAYLISTS) => {
            return tools.child(
                button(text::NEW_PLAYLIST, "plain", move || actions::new_playlist(app, None)).controls(app),
            );
        }
        ViewRef::Artists | ViewRef::Genres | ViewRef::Composers => return tools.child(letters(list)),
        ViewRef::Playlists | ViewRef::Years => return tools,
        _ => {}
    }
    let songs = songs_of(&view);
    let played = songs.clone().unwrap_or_else(|| view.clone());
    let all = played.clone();
    let tools = tools.child(
        button(text::PLAY_ALL, "plain", move || {
            app.send(Command::PlayView { view: all.clone(), start: None });
        })
        .controls(app),
    );
    let all_songs = songs.map(|songs| {
        let address = Route::List(songs, name.to_owned()).address();
        el("a").class("button").attr("data-kind", "quiet").link(&address).text(text::ALL_SONGS)
    });
    let tools = match &view {
        ViewRef::Albums | ViewRef::Tracks => tools.child(letters(list)),
        _ => tools.maybe(all_songs),
    };
    if let ViewRef::Playlist { playlist } = view {
        let name = name.to_owned();
        let row =
            move || Row { kind: RowKind::Playlist, name: name.clone(), id: Some(playlist), ..Row::default() };
        return tools.child(
            tool(icons::MORE, text::MORE_ACTIONS, move || actions::open(app, row(), None, None))
                .controls(app),
        );
    }
    tools
}

/// Brings a row of the list to the top of the screen.
fn to_row(index: usize) {
    let row = document().query_selector(&format!(".row[aria-posinset=\"{}\"]", index + 1));
    match row.ok().flatten() {
        Some(row) => row.scroll_into_view(),
        None => window().scroll_to_with_x_and_y(0.0, index as f64 * row_px()),
    }
}

/// A sheet of letters.
fn letters(list: &List) -> El {
    let list = list.clone();
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    button(text::LETTERS, "quiet", move || {
        sheet(text::LETTER, |sheet| {
            letters.chars().fold(div("letters"), |all, letter| {
                let (list, done) = (list.clone(), sheet.clone());
                all.child(button(&letter.to_string(), "plain", move || {
                    done.close();
                    list.begin(Anchor::Letter { letter }, true);
                }))
            })
        });
    })
    .attr("aria-label", text::LETTERS_LABEL)
}

impl List {
    /// Begins, and begins anew when the library has changed.
    fn follow(&self) {
        let list = self.clone();
        let revision = crate::ui::memo(move || list.app.library.with(|library| library.revision));
        let list = self.clone();
        effect(move || {
            revision.get();
            if list.app.link.standing.get() != Standing::Online {
                list.busy.set(false);
                return;
            }
            let first = list.part.peek_with(|part| part.rows.first().and_then(|row| row.row.clone()));
            match first {
                // The same place again; what moved by a row or two is not worth losing it.
                Some(row) if list.part.peek_with(|part| part.start > 0) => list.again(row),
                _ => list.begin(Anchor::Start, false),
            }
        });
    }

    fn begin(&self, anchor: Anchor, show: bool) {
        let list = self.clone();
        self.ask(anchor, move |answer| {
            let start = list.part.update(|part| {
                part.take(Want::From(0), answer);
                part.start
            });
            if show {
                next_frame(move || to_row(start));
            }
        });
    }

    fn again(&self, row: protocol::RowKey) {
        let list = self.clone();
        let start = self.part.peek_with(|part| part.start);
        self.ask(Anchor::After { row }, move |answer| {
            list.part.update(|part| part.begin(start + 1, answer.rows, None, answer.at_end));
        });
    }

    fn fetch(&self, want: Want) {
        if self.busy.get() || matches!(want, Want::From(_)) {
            return;
        }
        let anchor = self.part.peek_with(|part| part.anchor(want));
        let list = self.clone();
        self.ask(anchor, move |answer| list.part.update(|part| part.take(want, answer)));
    }

    fn ask(&self, anchor: Anchor, took: impl FnOnce(protocol::remote::RowsPart) + 'static) {
        self.busy.set(true);
        let number = self.asked.get() + 1;
        self.asked.set(number);
        let list = self.clone();
        let question = Question::Rows { view: self.view.clone(), anchor, limit: PART };
        self.app.ask(question, move |answer| {
            if list.asked.get() != number {
                return;
            }
            list.busy.set(false);
            match answer {
                Ok(Answer::Rows(answer)) => took(answer),
                Err(refusal) if refusal.code == RefusalCode::Changed => list.begin(Anchor::Start, false),
                Err(refusal) => {
                    list.app.say(&refusal.message);
                    list.part.update(|part| part.begin(0, Vec::new(), None, true));
                }
                Ok(_) => {}
            }
        });
    }
}
