//! The library's front: its lists, and the folders of the media.

use protocol::ViewRef;
use protocol::remote::{Answer, Question, capability};

use super::{head, heading, link_row};
use crate::app::App;
use crate::icons::{self, Icon};
use crate::model::format::count;
use crate::model::route::Route;
use crate::net::link::Standing;
use crate::pages::list::name_of;
use crate::text;
use crate::ui::{El, Signal, div, effect, el, memo};
use crate::widgets::state::empty;

const LISTS: [(ViewRef, Icon); 11] = [
    (ViewRef::Playlists, icons::PLAYLIST),
    (ViewRef::Favourites, icons::HEART),
    (ViewRef::Artists, icons::ARTIST),
    (ViewRef::Albums, icons::ALBUM),
    (ViewRef::Tracks, icons::TRACK),
    (ViewRef::Genres, icons::GENRE),
    (ViewRef::Composers, icons::COMPOSER),
    (ViewRef::Years, icons::YEAR),
    (ViewRef::RecentlyAdded, icons::CLOCK),
    (ViewRef::RecentlyPlayed, icons::CLOCK),
    (ViewRef::MostPlayed, icons::CHART),
];

pub fn page(app: &'static App) -> El {
    let page = div("page").child(head(heading(text::MUSIC), scanning(app)));
    let lists = app.can(capability::LIBRARY).then(|| {
        let shown = LISTS.iter().filter(|(view, _)| match view {
            ViewRef::Playlists => app.can(capability::PLAYLISTS),
            ViewRef::Favourites => app.can(capability::FAVOURITES),
            _ => true,
        });
        let list = el("ul").class("rows music-rows").attr("role", "list").attr("aria-label", text::MUSIC);
        shown.fold(list, |list, (view, glyph)| {
            let name = name_of(view).unwrap_or(text::MUSIC);
            let address = Route::List(view.clone(), String::new()).address();
            list.child(link_row(*glyph, name, &address, counted(app, view.clone())))
        })
    });
    page.maybe(lists).maybe(app.can(capability::FOLDERS).then(|| folders(app)))
}

/// How many rows a list has, as soon as the unit has said so.
fn counted(app: &'static App, view: ViewRef) -> El {
    let number = Signal::<Option<u64>>::default();
    let revision = memo(move || app.library.with(|library| library.revision));
    let told = number.clone();
    effect(move || {
        revision.get();
        if app.link.standing.get() == Standing::Online {
            let told = told.clone();
            app.ask(Question::Count { view: view.clone() }, move |answer| {
                if let Ok(Answer::Count(n)) = answer {
                    told.put(Some(n));
                }
            });
        }
    });
    el("span").class("right").text_of(move || number.get().map(count).unwrap_or_default())
}

/// The scan that runs.
fn scanning(app: &'static App) -> El {
    let words = move || {
        app.library.with(|library| {
            let scan = library.scanning.as_ref()?;
            let share = scan.total.filter(|total| *total > 0).map(|total| scan.done * 100 / total);
            let share = share.map_or_else(String::new, |share| format!(" {} %", share.min(100)));
            Some(text::reading(&scan.name) + &share)
        })
    };
    el("span").class("scanning").text_of(move || words().unwrap_or_default())
}

fn folders(app: &'static App) -> El {
    let media = memo(move || app.library.with(|library| library.media.clone()));
    let none = media.clone();
    el("section")
        .attr("aria-label", text::FOLDERS)
        .child(el("h2").class("section").text(text::FOLDERS))
        .child(el("ul").class("rows music-rows").attr("role", "list").attr("aria-label", text::FOLDERS).each(
            move || media.with(|media| media.iter().map(|one| (one.id.clone(), one.clone())).collect()),
            move |medium| {
                let (id, name) = medium.peek_with(|medium| (medium.id.clone(), medium.name.clone()));
                let address = Route::Folder { medium: id, path: String::new() }.address();
                let tracks = move || medium.with(|medium| medium.tracks).map(count).unwrap_or_default();
                let right = el("span").class("right").text_of(tracks);
                link_row(icons::MEDIUM, &name, &address, right)
            },
        ))
        .child(div("").content_of(move || {
            let none = app.ready.get() && none.with(Vec::is_empty);
            none.then(|| empty(icons::MEDIUM, text::NO_LIBRARY, text::NO_LIBRARY_WHY))
        }))
}
