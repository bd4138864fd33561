//! Gestures on the pages of music: the browser's levels, the letters, and what can be done with a row.

use std::time::Duration;

use protocol::Command;

use super::actions::{Chosen, Subject, subject_at};
use super::browser::{FoundList, Target};
use super::search::Typed;
use super::{Act, LETTER_FOR, Nav, Place};
use crate::catalog::ListAnswer;
use crate::screen::Page;
use crate::state::State;

/// Lists up to this length show no letter.
const SHORT: usize = 60;
/// Fast turns before a letter is shown.
const SPIN: u32 = 6;
/// Fast turns before each of them goes to another letter, in lists too long to run through.
const LEAP: u32 = 20;
/// Lists longer than this are leapt through.
const LONG: usize = 600;
/// First hits of each kind, while one types.
const HITS: usize = 3;
/// Set in the numbers of requests for first hits.
const PREVIEW: u64 = 1 << 62;

impl Nav {
    pub(super) fn turn_browser(&mut self, now: Duration, state: &State, detents: i32) {
        let total = self.browser.total(&state.media);
        let level = self.browser.here_mut();
        let before = level.focus.focus();
        level.focus.turn(now, detents, total);
        let streak = level.focus.streak();
        let has_letters = matches!(&level.place, Place::List(list) if list.has_letters());
        if has_letters && total > LONG && streak >= LEAP {
            // The hand wants to get far: the letter is what it steers by.
            level.focus.run_to(before);
            let acts = self.browser.jump(detents > 0);
            self.acts.extend(acts);
        }
        if has_letters && total > SHORT && streak >= SPIN {
            self.letter_until = Some(now + LETTER_FOR);
        }
        let acts = self.browser.wants();
        self.acts.extend(acts);
    }

    /// The letter to show over the list.
    pub(crate) fn letter(&self) -> Option<char> {
        self.letter_until?;
        let level = self.browser.here();
        match &level.place {
            Place::List(list) => list.letter(level.focus.focus()),
            _ => None,
        }
    }

    pub(super) fn press_browser(&mut self, state: &State) {
        if let Some(target) = self.browser.target(state, self.browser.here().focus.focus()) {
            self.go(state, target);
        }
    }

    fn go(&mut self, state: &State, target: Target) {
        let acts = match target {
            Target::Medium(path) => self.browser.open_folder(path.clone(), path),
            Target::Folder(path) => self.browser.descend(path),
            Target::List { view, title } => self.browser.open_list(view, title),
            Target::Search => return self.open(state, Page::Search),
            Target::Play(path) => {
                self.open(state, Page::NowPlaying);
                vec![Act::PlayPath(path)]
            }
            Target::PlayView { view, start } => {
                self.open(state, Page::NowPlaying);
                vec![Act::Do(Command::PlayView { view, start })]
            }
        };
        self.acts.extend(acts);
    }

    /// A row is held: what can be done with it; false where there is nothing.
    pub(super) fn opens_actions(&mut self, state: &State) -> bool {
        let found = match self.page() {
            Page::Browser => subject_at(&self.browser, state, self.browser.here().focus.focus()),
            Page::Queue if !self.editing => {
                let place = self.queue.focus();
                let entry = state.queue.entry(place);
                entry.map(|entry| (crate::view::title(state, &entry.item), Subject::QueueEntry(place)))
            }
            _ => None,
        };
        let Some((title, subject)) = found else { return false };
        self.actions.open(title, subject);
        self.open(state, Page::Actions);
        true
    }

    pub(super) fn press_action(&mut self, state: &State) {
        match self.actions.press(state) {
            Chosen::Stay(acts) => self.acts.extend(acts),
            Chosen::Done(acts) => {
                let plays = acts.iter().any(starts);
                self.back_from_actions(state);
                if plays {
                    self.open(state, Page::NowPlaying);
                }
                self.acts.extend(acts);
            }
            Chosen::MoveInQueue(place) => {
                self.back_from_actions(state);
                self.queue.focus_on(place);
                self.editing = true;
            }
        }
    }

    fn back_from_actions(&mut self, state: &State) {
        self.actions.back();
        self.back(state);
    }

    /// The knob moves the focused entry of the queue.
    pub(super) fn move_entry(&mut self, state: &State, detents: i32) {
        let last = state.queue.len().saturating_sub(1);
        let from = self.queue.focus();
        let steps = usize::try_from(detents.unsigned_abs()).unwrap_or(last);
        let to = if detents > 0 { from.saturating_add(steps).min(last) } else { from.saturating_sub(steps) };
        if to != from {
            self.queue.focus_on(to);
            self.act(Command::MoveQueueEntry { from, to });
        }
    }

    pub(super) fn typed(&mut self, state: &State, typed: Typed) {
        match typed {
            Typed::Nothing => {}
            Typed::Changed => self.ask_preview(),
            Typed::Results => {
                self.browser.open_found(self.letters.text().trim());
                self.open(state, Page::Browser);
            }
        }
    }

    /// The hits shown stay until the new ones are there, so that nothing flickers.
    pub(super) fn ask_preview(&mut self) {
        let text = self.letters.text().trim().to_owned();
        if text.is_empty() {
            self.preview = FoundList::default();
            return;
        }
        self.searched += 1;
        let request = self.preview.ask(text, self.searched | PREVIEW, HITS);
        self.acts.push(Act::Catalog(request));
    }

    pub(super) fn press_hit(&mut self, state: &State, index: usize) {
        let target = self.preview.rows().get(index).and_then(|row| super::browser::found_target(state, row));
        match target {
            Some(Target::List { view, title }) => {
                self.browser.open_found_list(view, title);
                self.open(state, Page::Browser);
            }
            Some(target) => self.go(state, target),
            None => {}
        }
    }

    /// The catalog has answered; true if the screen changes.
    pub fn list_answered(&mut self, answer: ListAnswer) -> bool {
        match answer {
            ListAnswer::Page(answer) if self.actions.is_asking(answer.request) => {
                self.actions.page_answered(answer.request, answer.result)
            }
            ListAnswer::Page(answer) => {
                let (changed, acts) = self.browser.page_answered(answer.request, answer.result);
                self.acts.extend(acts);
                changed
            }
            ListAnswer::Count(answer) => self.browser.counted(answer.request, &answer.result),
            ListAnswer::Found(answer) if answer.request & PREVIEW != 0 => {
                self.preview.answered(answer.request, answer.result)
            }
            ListAnswer::Found(answer) => self.browser.found(answer.request, answer.result),
        }
    }

    /// The library has changed: what is on the screen is read again.
    pub fn library_changed(&mut self, state: &State) {
        if self.page() == Page::Browser {
            let acts = self.browser.refresh_if_changed(state);
            self.acts.extend(acts);
        }
    }
}

/// Whether this makes the unit play something else.
fn starts(act: &Act) -> bool {
    matches!(act, Act::PlayPath(_) | Act::Do(Command::PlayView { .. } | Command::PlayQueueEntry { .. }))
}
