//! A row of the library: what it says and what a press does.

use protocol::ViewRef;
use protocol::remote::{Row, RowKind};

use crate::app::App;
use crate::icons::{self, Icon, icon};
use crate::model::format::{clock, count};
use crate::model::route::Route;
use crate::text;
use crate::ui::{El, Signal, div, el};
use crate::widgets::actions;
use crate::widgets::rows::{Item, list_item};
use crate::widgets::tool;

pub fn glyph(kind: RowKind) -> Icon {
    match kind {
        RowKind::Artist => icons::ARTIST,
        RowKind::Album => icons::ALBUM,
        RowKind::Genre => icons::GENRE,
        RowKind::Composer => icons::COMPOSER,
        RowKind::Year => icons::YEAR,
        RowKind::Playlist | RowKind::PlaylistFile => icons::PLAYLIST,
        RowKind::Folder => icons::FOLDER,
        RowKind::Track | RowKind::Other => icons::TRACK,
    }
}

/// The second line: whose it is, or how much is in it.
fn sub(row: &Row) -> String {
    let songs = row.tracks.map(|n| text::n_songs(&count(n), n == 1));
    let albums = row.albums.map(|n| text::n_albums(&count(n), n == 1));
    let year = row.year.map(|year| year.to_string());
    let own = |text: &String| (!text.is_empty()).then(|| text.clone());
    let parts: [Option<String>; 3] = match row.kind {
        RowKind::Album => [own(&row.artist), year, None],
        RowKind::Track => [own(&row.artist), own(&row.album), None],
        _ => [albums, songs, None],
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn right(row: &Row) -> String {
    row.duration_ms.map_or_else(String::new, |ms| clock(ms as f64 / 1000.0))
}

/// A row in a list; `opens` says where a press leads when it does not play.
pub fn library_row(
    app: &'static App,
    item: &Signal<Item>,
    view: Option<ViewRef>,
    opens: impl Fn(&Row) -> Option<Route>,
) -> El {
    // Under one key a row stays what it is; only its place may change.
    let row = item.peek_with(|item| item.row.clone());
    let texts = div("texts")
        .child(el("span").class("name").text(&row.name))
        .child(el("span").class("sub").text(&sub(&row)));
    let inner = |main: El| {
        main.child(icon(glyph(row.kind))).child(texts).child(el("span").class("right").text(&right(&row)))
    };
    let main = match opens(&row) {
        Some(route) => inner(el("a").class("row-main").link(&route.address())).child(icon(icons::FORWARD)),
        None => {
            let (played, view) = (row.clone(), view.clone());
            inner(el("button").class("row-main").attr("type", "button"))
                .on("click", move |_| actions::play(app, &played, view.as_ref()))
                .controls(app)
                .class_of("is-playing", {
                    let path = row.path.clone();
                    move || path.is_some() && app.now.with(|now| Some(&now.path) == path.as_ref())
                })
        }
    };
    let more = actions::music_of(&row, view.as_ref()).map(|_| {
        let label = text::more(&row.name);
        let (row, item) = (row.clone(), item.clone());
        tool(icons::MORE, &label, move || {
            let index = item.peek_with(|item| item.index);
            actions::open(app, row.clone(), view.clone(), Some(index));
        })
        .controls(app)
    });
    list_item(item).child(main).maybe(more)
}
