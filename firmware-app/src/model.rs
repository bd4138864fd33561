//! State and navigation together: events in, effects and a picture out. Still pure.

use std::time::Duration;

use hal::InputEvent;
use protocol::{Changed, Command, Power};

use crate::event::{CatalogAnswer, Event, TracksAnswer};
use crate::keymap::{Gesture, Keymap};
use crate::nav::{Act, Nav};
use crate::screen::{Page, Touch};
use crate::state::{Effect, State};
use crate::store::Outcome;

/// The stereo without its world.
#[derive(Debug)]
pub(crate) struct Model {
    pub state: State,
    pub nav: Nav,
    keymap: Keymap,
    storing_fails: bool,
}

impl Model {
    pub fn new(state: State) -> Self {
        Self { state, nav: Nav::new(), keymap: Keymap::default(), storing_fails: false }
    }

    pub fn take_effects(&mut self) -> Vec<Effect> {
        self.state.take_effects()
    }

    /// One event about the stereo. Those of the loop itself (engine generations, sync, quit) are not
    /// handled here.
    pub fn handle(&mut self, now: Duration, event: Event) -> Changed {
        let changed = match event {
            Event::Input(input) => self.input(now, input),
            Event::Touch(touch) => self.touch(now, touch),
            Event::Command(command) => self.command(now, command),
            Event::Ignition(on) => self.power(now, if on { Power::On } else { Power::Off }),
            Event::Media(event) => {
                let changed = self.state.media_event(now, event);
                self.nav.media_changed(&self.state);
                self.act(now) | changed
            }
            Event::FolderRead { folder, result } => match self.nav.browser.folder_read(&folder, result) {
                true => Changed::PAGE,
                false => Changed::NONE,
            },
            Event::TracksCollected { request, first, result } => {
                self.state.collected(now, request, first, result)
            }
            Event::TrackRead { path, result } => {
                self.state.track_read(now, &path, result.ok().map(|info| *info))
            }
            Event::ArtRead { path, art } => self.state.art_read(&path, art),
            Event::Engine(_, event) => self.state.engine_event(now, event),
            Event::Catalog(answer) => self.catalog_answer(now, answer),
            Event::ScanProgress(progress) => self.state.scan_progress(now, progress),
            Event::ScanEnded { medium, end } => self.state.scan_ended(now, &medium, end),
            Event::Stored(outcome) => self.stored(now, outcome),
            Event::Remote(report) => {
                let changed = self.state.remote_report(now, report);
                self.nav.remote_changed(&self.state);
                changed
            }
            Event::Cloud(report) => {
                let changed = self.state.cloud_report(now, report);
                self.nav.cloud_changed(&self.state);
                changed
            }
            Event::Audio(..)
            | Event::OfferPresets(_)
            | Event::Tick
            | Event::Sync(_)
            | Event::Request(..)
            | Event::Ask(_)
            | Event::AskSongs(_)
            | Event::EditQueue(_)
            | Event::Quit => Changed::NONE,
        };
        self.nav.library_changed(&self.state);
        let changed = changed | self.act(now);
        self.nav.clamp(&self.state);
        self.ask_for_rows_in_sight();
        changed
    }

    fn catalog_answer(&mut self, now: Duration, answer: CatalogAnswer) -> Changed {
        match answer {
            CatalogAnswer::Tracks(TracksAnswer { request, is_first, result }) => {
                self.state.tracks_known(now, request, is_first, result)
            }
            CatalogAnswer::List(answer) => page_if(self.nav.list_answered(answer)) | self.act(now),
            CatalogAnswer::Favourite(answer) => self.state.favourite_known(&answer.item, answer.is_favourite),
            CatalogAnswer::Edited(result) => self.state.edited(now, result),
            CatalogAnswer::Media(known) => self.state.media_known(now, known),
        }
    }

    /// The rows of the queue say who plays: asks for the tags of those on the screen.
    fn ask_for_rows_in_sight(&mut self) {
        if self.nav.page() == Page::Queue {
            let rows = self.nav.queue.in_sight(self.state.queue.len());
            self.state.ask_entries(rows);
        }
    }

    fn input(&mut self, now: Duration, input: InputEvent) -> Changed {
        match self.keymap.input(now, input) {
            Some(gesture) => self.gesture(now, gesture),
            None => Changed::NONE,
        }
    }

    fn gesture(&mut self, now: Duration, gesture: Gesture) -> Changed {
        self.nav.gesture(now, &self.state, gesture);
        self.act(now) | Changed::PAGE
    }

    fn touch(&mut self, now: Duration, touch: Touch) -> Changed {
        self.nav.touch(now, &self.state, touch);
        self.act(now) | Changed::PAGE
    }

    /// A command from anywhere. The volume display answers to all of them.
    pub fn command(&mut self, now: Duration, command: Command) -> Changed {
        let changed = self.state.apply(now, command);
        if changed.contains_any(Changed::VOLUME) && self.state.power == Power::On {
            self.nav.volume_changed(now);
        }
        changed
    }

    fn power(&mut self, now: Duration, power: Power) -> Changed {
        let changed = self.state.set_power(now, power);
        if !changed.is_none() {
            self.nav.power_changed(power == Power::On);
        }
        changed
    }

    /// Carries out what the navigation asks for.
    fn act(&mut self, now: Duration) -> Changed {
        let mut changed = Changed::NONE;
        for act in self.nav.take_acts() {
            changed |= match act {
                Act::Do(command) => self.command(now, command),
                Act::PlayPath(path) => self.state.play_path(now, &path),
                Act::Catalog(request) => {
                    self.state.effect(Effect::Catalog(request));
                    Changed::NONE
                }
                Act::Read(request) => {
                    self.state.effect(Effect::Read(request));
                    Changed::PAGE
                }
                Act::Remote(request) => self.state.ask_remotes(now, request),
                Act::Cloud(request) => {
                    let changed = self.state.ask_cloud(now, request);
                    self.nav.cloud_changed(&self.state);
                    changed
                }
                Act::TogglePower => match self.state.power {
                    Power::On => self.power(now, Power::Off),
                    Power::Off => self.power(now, Power::On),
                },
            };
        }
        changed
    }

    fn stored(&mut self, now: Duration, outcome: Outcome) -> Changed {
        match outcome {
            Outcome::Durable { keys, notices } => {
                self.storing_fails = false;
                self.state.keys_stored(now, &keys) | self.state.presets_stored(now, notices)
            }
            Outcome::Failed(_) if std::mem::replace(&mut self.storing_fails, true) => Changed::NONE,
            Outcome::Failed(_) => self.state.say(now, "Settings cannot be stored at the moment"),
        }
    }

    /// When [`Self::time_passed`] has something to do.
    pub fn deadline(&self) -> Option<Duration> {
        let all = [self.state.deadline(), self.nav.deadline(), self.keymap.deadline()];
        all.into_iter().flatten().min()
    }

    /// Does what is due.
    pub fn time_passed(&mut self, now: Duration) -> Changed {
        let mut changed = Changed::NONE;
        while let Some(gesture) = self.keymap.time_passed(now) {
            changed |= self.gesture(now, gesture);
        }
        if self.nav.time_passed(now) {
            changed |= Changed::PAGE;
        }
        changed |= self.state.time_passed(now);
        self.nav.clamp(&self.state);
        changed
    }
}

/// The page looks otherwise, or not.
fn page_if(changed: bool) -> Changed {
    if changed { Changed::PAGE } else { Changed::NONE }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
