//! What can be done with some music besides playing it: a sheet of actions.

use protocol::remote::{Anchor, Answer, MAX_ROWS, Question, Row, RowKind, capability};
use protocol::{Command, MusicRef, ViewRef};

use super::button::button;
use crate::app::App;
use crate::model::route::{Route, songs_of};
use crate::text;
use crate::ui::dialog::{Sheet, ask_name, confirm, sheet};
use crate::ui::{El, div};

/// The music of a row, as commands name it; `view` is the list it stands in, if it does.
pub fn music_of(row: &Row, view: Option<&ViewRef>) -> Option<MusicRef> {
    if let Some(Route::List(opened, _)) = Route::of_row(row) {
        return Some(MusicRef::View { view: songs_of(&opened).unwrap_or(opened) });
    }
    match (view, &row.row, &row.path) {
        (Some(view), Some(key), _) => Some(MusicRef::Row { view: view.clone(), row: key.clone() }),
        (.., Some(path)) => Some(MusicRef::Path { path: path.clone() }),
        _ => None,
    }
}

/// Plays a row: a track within its list, anything else from its start.
pub fn play(app: &App, row: &Row, view: Option<&ViewRef>) {
    let command = match (Route::of_row(row), view, &row.row, &row.path) {
        (Some(Route::List(opened, _)), ..) => {
            Some(Command::PlayView { view: songs_of(&opened).unwrap_or(opened), start: None })
        }
        (_, Some(view), Some(key), _) => {
            Some(Command::PlayView { view: view.clone(), start: Some(key.clone()) })
        }
        (.., Some(path)) => Some(Command::PlayPath { path: path.clone() }),
        _ => None,
    };
    if let Some(command) = command {
        app.send(command);
    }
}

fn enqueue(row: &Row, music: &MusicRef) -> Option<Command> {
    match music {
        MusicRef::View { view } => Some(Command::EnqueueView { view: view.clone() }),
        MusicRef::Path { path } => Some(Command::Enqueue { path: path.clone() }),
        _ => row.path.clone().map(|path| Command::Enqueue { path }),
    }
}

/// Opens the sheet of a row; `index` is its place in the list it stands in.
pub fn open(app: &'static App, row: Row, view: Option<ViewRef>, index: Option<usize>) {
    let Some(music) = music_of(&row, view.as_ref()) else { return };
    let title = row.name.clone();
    sheet(&title, move |sheet| {
        let list = div("sheet-actions");
        let action = |list: El, label: &str, act: Box<dyn Fn()>| {
            let done = sheet.clone();
            list.child(
                button(label, "row", move || {
                    done.close();
                    act();
                })
                .controls(app),
            )
        };
        let (played, in_view) = (row.clone(), view.clone());
        let mut list = action(list, text::PLAY, Box::new(move || play(app, &played, in_view.as_ref())));
        if app.can(capability::QUEUE_EDIT) {
            let (next, name) = (music.clone(), row.name.clone());
            list = action(
                list,
                text::PLAY_NEXT,
                Box::new(move || {
                    app.send(Command::PlayNext { music: next.clone() });
                    app.say(&text::plays_next(&name));
                }),
            );
            if let Some(command) = enqueue(&row, &music) {
                let name = row.name.clone();
                list = action(
                    list,
                    text::ENQUEUE,
                    Box::new(move || {
                        app.send(command.clone());
                        app.say(&text::added(&name));
                    }),
                );
            }
        }
        if app.can(capability::PLAYLISTS) {
            let added = music.clone();
            list = action(list, text::ADD_TO_PLAYLIST, Box::new(move || add_to_playlist(app, added.clone())));
        }
        if app.can(capability::FAVOURITES) && row.kind == RowKind::Track {
            let liked = music.clone();
            let like = move || app.send(Command::ToggleFavourite { music: liked.clone() });
            list = action(list, text::TOGGLE_FAVOURITE, Box::new(like));
        }
        list = own_playlist(app, list, &action, &row, (view.as_ref(), index));
        list
    });
}

/// Adds an action with its name to a sheet's list.
type AddAction<'a> = dyn Fn(El, &str, Box<dyn Fn()>) -> El + 'a;

/// What belongs to the owner's playlists: entries move and go, playlists get names and go.
fn own_playlist(
    app: &'static App,
    list: El,
    action: &AddAction<'_>,
    row: &Row,
    (view, index): (Option<&ViewRef>, Option<usize>),
) -> El {
    let mut list = list;
    if let (Some(&ViewRef::Playlist { playlist }), Some(entry)) = (view, row.entry) {
        if let Some(index) = index {
            let to = move |to| app.send(Command::MoveInPlaylist { playlist, entry, to });
            list = action(list, text::EARLIER, Box::new(move || to(index.saturating_sub(1))));
            list = action(list, text::LATER, Box::new(move || to(index + 1)));
        }
        let remove = move || app.send(Command::RemoveFromPlaylist { playlist, entry });
        list = action(list, text::REMOVE_ENTRY, Box::new(remove));
    }
    if let (RowKind::Playlist, Some(playlist)) = (row.kind, row.id) {
        let name = row.name.clone();
        list = action(list, text::RENAME, Box::new(move || rename_playlist(app, playlist, &name)));
        let name = row.name.clone();
        list = action(list, text::DELETE_PLAYLIST, Box::new(move || delete_playlist(app, playlist, &name)));
    }
    list
}

pub fn rename_playlist(app: &'static App, playlist: i64, name: &str) {
    ask_name(text::RENAME, text::PLAYLIST_NAME, name, text::SAVE, move |name| {
        app.send(Command::RenamePlaylist { playlist, name });
    });
}

pub fn delete_playlist(app: &'static App, playlist: i64, name: &str) {
    confirm(&text::delete_named(name), text::DELETE_PLAYLIST_WHY, text::DELETE, move || {
        app.send(Command::DeletePlaylist { playlist });
    });
}

/// Asks for a name and makes a playlist of some music, or an empty one.
pub fn new_playlist(app: &'static App, music: Option<MusicRef>) {
    ask_name(text::NEW_PLAYLIST, text::PLAYLIST_NAME, "", text::CREATE, move |name| {
        app.say(&text::added_to(&name));
        app.send(Command::CreatePlaylist { name, music: music.clone() });
    });
}

/// Lets the person choose one of the owner's playlists.
fn add_to_playlist(app: &'static App, music: MusicRef) {
    let question = Question::Rows { view: ViewRef::Playlists, anchor: Anchor::Start, limit: MAX_ROWS };
    app.ask(question, move |answer| {
        let Ok(Answer::Rows(part)) = answer else { return app.say(text::FAILED) };
        sheet(text::ADD_TO_PLAYLIST, move |sheet| choose_playlist(app, sheet, part.rows, &music));
    });
}

fn choose_playlist(app: &'static App, sheet: &Sheet, rows: Vec<Row>, music: &MusicRef) -> El {
    let (done, fresh) = (sheet.clone(), music.clone());
    let first = button(text::NEW_PLAYLIST, "row", move || {
        done.close();
        new_playlist(app, Some(fresh.clone()));
    });
    rows.into_iter().fold(div("sheet-actions").child(first), |list, row| {
        let Some(playlist) = row.id else { return list };
        let (done, music) = (sheet.clone(), music.clone());
        let name = row.name.clone();
        list.child(button(&row.name, "row", move || {
            done.close();
            app.send(Command::AddToPlaylist { playlist, music: music.clone() });
            app.say(&text::added_to(&name));
        }))
    })
}
