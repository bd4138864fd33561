//! Navigation: where the driver is on the screen and what a gesture means there. Pure: gestures and
//! fingers in, [`Act`]s out.

mod account;
mod actions;
mod browser;
mod equalizer;
mod folder;
mod gesture;
mod home;
mod lists;
mod menu;
mod music;
mod naming;
mod now_playing;
mod paged;
mod phones;
mod presets;
mod search;
mod settings;
mod sheet;
mod touch;

use std::path::PathBuf;
use std::time::Duration;

use protocol::Command;

pub(crate) use account::{AccountRow, SentRow};
pub(crate) use actions::{Actions, Choosing};
pub(crate) use browser::{Browser, FoundList, Level, Place};
pub(crate) use folder::{Content, Folder};
pub(crate) use home::HomeRow;
pub(crate) use lists::ListFocus;
pub(crate) use menu::{MENU, menu};
pub(crate) use naming::{NameEntry, Naming};
pub(crate) use paged::{Head, Paged};
pub(crate) use phones::PhoneRow;
pub(crate) use presets::PresetRow;
pub(crate) use search::Letters;
pub(crate) use settings::SettingRow;
pub(crate) use sheet::Sheet;

use crate::cloud_desk::CloudRequest;
use crate::remote_desk::RemoteRequest;
use crate::screen::Page;
use crate::state::{CatalogRequest, Request, State};

/// The volume display stays this long after a change.
const OVERLAY_FOR: Duration = Duration::from_millis(1500);
/// Focus and editing end by themselves after this.
const IDLE: Duration = Duration::from_secs(10);
/// The letter a spun knob runs through stays this long after the last turn.
const LETTER_FOR: Duration = Duration::from_millis(700);
/// The focus rests on play/pause.
pub(crate) const NOW_REST: usize = 1;

/// What comes of a gesture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    Do(Command),
    Read(Request),
    Catalog(CatalogRequest),
    /// A file or folder chosen in the browser; its name need not be text.
    PlayPath(PathBuf),
    /// To the remotes' server.
    Remote(RemoteRequest),
    /// To the link to the cloud.
    Cloud(CloudRequest),
    /// The power key.
    TogglePower,
}

/// Where the driver is.
#[derive(Debug, Default)]
pub(crate) struct Nav {
    page: Page,
    /// Pages to go back to, nearest last; now-playing lies below all of them.
    stack: Vec<Page>,
    pub(crate) now_focus: usize,
    pub(crate) editing: bool,
    pub(crate) focus_visible: bool,
    used_at: Duration,
    overlay_until: Option<Duration>,
    pub(crate) menu: ListFocus,
    pub(crate) queue: ListFocus,
    pub(crate) presets: ListFocus,
    pub(crate) settings: ListFocus,
    pub(crate) phones: ListFocus,
    pub(crate) account: ListFocus,
    pub(crate) sent: ListFocus,
    /// Choices over a page; the last is shown.
    sheets: Vec<Sheet>,
    pub(crate) name_entry: NameEntry,
    /// The server was asked to let a phone join and has not answered.
    awaits_enrolment: bool,
    /// The cloud was asked for a code and the page has not come.
    awaits_pairing: bool,
    pub(crate) eq_focus: usize,
    pub(crate) browser: Browser,
    pub(crate) letters: Letters,
    /// The first hits for what is typed.
    pub(crate) preview: FoundList,
    pub(crate) actions: Actions,
    searched: u64,
    letter_until: Option<Duration>,
    acts: Vec<Act>,
}

impl Nav {
    pub fn new() -> Self {
        Self { now_focus: NOW_REST, ..Self::default() }
    }

    pub fn page(&self) -> Page {
        self.page
    }

    pub fn take_acts(&mut self) -> Vec<Act> {
        std::mem::take(&mut self.acts)
    }

    fn act(&mut self, command: Command) {
        self.acts.push(Act::Do(command));
    }

    pub fn is_overlay_shown(&self) -> bool {
        self.overlay_until.is_some()
    }

    /// The level was changed: show it large for a moment.
    pub fn volume_changed(&mut self, now: Duration) {
        self.overlay_until = Some(now + OVERLAY_FOR);
    }

    /// Opens a page; a page that is open further down the way is gone back to.
    pub fn open(&mut self, state: &State, page: Page) {
        if page == self.page {
            return;
        }
        self.editing = false;
        self.awaits_enrolment = false;
        self.close_enrolment();
        self.close_pairing(state);
        if page == Page::NowPlaying {
            self.stack.clear();
        } else if let Some(at) = self.stack.iter().position(|open| *open == page) {
            self.stack.truncate(at);
        } else if self.page != Page::NowPlaying && !is_passing(self.page) {
            self.stack.push(self.page);
        }
        self.page = page;
        self.entered(state, page);
    }

    fn entered(&mut self, state: &State, page: Page) {
        self.now_focus = NOW_REST;
        match page {
            Page::Menu => self.menu.focus_on(0),
            Page::Queue => self.queue.focus_on(state.queue.place()),
            Page::Presets => self.presets.focus_on(PresetRow::index_of_current(state)),
            Page::Phones => self.phones.focus_on(PhoneRow::rest(state)),
            Page::Account => self.account.focus_on(AccountRow::rest(state)),
            Page::Sent | Page::Settings => {
                self.sent.focus_on(0);
                self.settings.focus_on(0);
            }
            Page::Equalizer => self.eq_focus = 0,
            Page::Browser => {
                let acts = self.browser.enter(state);
                self.acts.extend(acts);
            }
            Page::Search => {
                self.letters.enter();
                self.ask_preview();
            }
            Page::NowPlaying
            | Page::Actions
            | Page::Choice
            | Page::Name
            | Page::Enrol
            | Page::Pair
            | Page::Off => {}
        }
    }

    /// Back: out of editing, up a folder, to the page before.
    pub fn back(&mut self, state: &State) {
        if std::mem::take(&mut self.editing) {
            return;
        }
        if self.page == Page::Browser
            && let Some(acts) = self.browser.up(state)
        {
            self.acts.extend(acts);
            return;
        }
        if self.page == Page::Actions && self.actions.back() {
            return;
        }
        if self.page == Page::Choice && self.back_in_sheets() {
            return;
        }
        self.close_enrolment();
        self.close_pairing(state);
        self.leave_page(state);
    }

    /// To the page before.
    fn leave_page(&mut self, state: &State) {
        self.awaits_enrolment = false;
        self.page = self.stack.pop().unwrap_or(Page::NowPlaying);
        if self.page == Page::Browser {
            let acts = self.browser.refresh(state);
            self.acts.extend(acts);
        }
    }

    /// The ignition: the screen is dark, or starts again with what plays.
    pub fn power_changed(&mut self, is_on: bool) {
        self.close_enrolment();
        if self.page == Page::Pair {
            self.acts.push(Act::Cloud(CloudRequest::CancelPairing));
        }
        self.awaits_enrolment = false;
        self.stack.clear();
        self.editing = false;
        self.focus_visible = false;
        self.overlay_until = None;
        self.now_focus = NOW_REST;
        self.page = if is_on { Page::NowPlaying } else { Page::Off };
    }

    /// Media came or went.
    pub fn media_changed(&mut self, state: &State) {
        let acts = self.browser.media_changed(state, self.page == Page::Browser);
        self.acts.extend(acts);
    }

    fn used(&mut self, now: Duration) {
        self.used_at = now;
        self.focus_visible = true;
    }

    /// When [`Self::time_passed`] has something to do.
    pub fn deadline(&self) -> Option<Duration> {
        let idles = self.editing || (self.page == Page::NowPlaying && self.focus_visible);
        let idle = idles.then_some(self.used_at + IDLE);
        [self.overlay_until, self.letter_until, idle].into_iter().flatten().min()
    }

    /// Ends what has been left alone; true if the screen changes.
    pub fn time_passed(&mut self, now: Duration) -> bool {
        let mut changed = false;
        if self.overlay_until.is_some_and(|until| until <= now) {
            self.overlay_until = None;
            changed = true;
        }
        if self.letter_until.is_some_and(|until| until <= now) {
            self.letter_until = None;
            changed = true;
        }
        if now >= self.used_at + IDLE {
            changed |= std::mem::take(&mut self.editing);
            if self.page == Page::NowPlaying && self.focus_visible {
                self.focus_visible = false;
                self.now_focus = NOW_REST;
                changed = true;
            }
        }
        changed
    }

    /// Brings every focus back into what there is; after any change of the state.
    pub fn clamp(&mut self, state: &State) {
        self.now_focus = self.now_focus.min(crate::screen::NowElement::ORDER.len() - 1);
        self.menu.clamp(menu(state).len());
        self.queue.clamp(state.queue.len());
        self.presets.clamp(PresetRow::total(state));
        self.phones.clamp(PhoneRow::total(state));
        self.account.clamp(AccountRow::total(state));
        self.sent.clamp(SentRow::total(state));
        self.settings.clamp(SettingRow::ORDER.len());
        self.eq_focus = self.eq_focus.min(state.sound.preset.bands.len() + 1);
        // While a folder is read the focus remembered for it must stay.
        if !self.browser.is_loading() {
            let rows = self.browser.total(&state.media);
            self.browser.here_mut().focus.clamp(rows);
        }
        let rows = self.actions.total();
        self.actions.focus_mut().clamp(rows);
    }
}

/// Pages that are about something of the moment: once left, there is no way back to them.
fn is_passing(page: Page) -> bool {
    matches!(page, Page::Choice | Page::Name | Page::Enrol | Page::Pair)
}

#[cfg(test)]
#[path = "account_tests.rs"]
mod account_tests;

#[cfg(test)]
#[path = "phones_tests.rs"]
mod phones_tests;

#[cfg(test)]
#[path = "nav_tests.rs"]
mod tests;
