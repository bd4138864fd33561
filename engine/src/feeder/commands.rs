//! What the owner asks for.
use super::{Command, Feeder, Wish};
use crate::Track;
use crate::transport::ENDLESS;
use std::sync::mpsc::TryRecvError;

impl Feeder {
    /// Looks at all commands at hand. False when the owner is gone.
    pub(super) fn take_commands(&mut self) -> bool {
        loop {
            match self.inbox.try_recv() {
                Ok(Command::Quit) | Err(TryRecvError::Disconnected) => {
                    self.halt(self.transport.flushes_done);
                    return false;
                }
                Ok(command) => {
                    // What the owner means by "current" is what was heard when it called.
                    let consumed = self.consumed();
                    self.tell(consumed);
                    self.carry_out(command);
                    self.commands_done += 1;
                }
                Err(TryRecvError::Empty) => return true,
            }
        }
    }

    fn carry_out(&mut self, command: Command) {
        match command {
            Command::Play { track, flush, bare } => self.play(track, flush, bare),
            Command::SetNext(track) => self.set_next(track),
            Command::Queue(tracks) => self.next.extend(tracks),
            Command::Seek { to_s, flush } => self.seek(to_s, flush),
            Command::Stop { flush } => self.halt(flush),
            Command::Quit => {}
        }
    }

    fn play(&mut self, track: Track, flush: u64, bare: bool) {
        let fade_in = !bare && (self.is_sounding() || track.starts_within());
        self.next.clear();
        self.ahead = self.ahead.take().filter(|ahead| ahead.track == track);
        self.decks.clear();
        self.jump(flush, fade_in, Some(&track), track.start_s);
        self.wish = Some(Wish::Open(track));
    }

    /// Something may be audible now.
    fn is_sounding(&self) -> bool {
        !self.decks.is_empty() && self.consumed() < self.transport.eos_at.min(self.written)
    }

    fn seek(&mut self, to_s: f64, flush: u64) {
        let mut wish = self.wish.take();
        if let Some(Wish::Open(track)) = &mut wish {
            track.start_s = to_s;
            let track = track.clone();
            // Opened for another start.
            self.ahead = None;
            self.jump(flush, self.transport.fade_in || track.starts_within(), Some(&track), to_s);
            self.wish = wish;
            return;
        }
        self.put_back();
        let Some(deck) = self.decks.front_mut() else {
            self.transport.flushes_done = flush;
            self.shared.timeline().jump.0 = flush;
            self.publish();
            return;
        };
        deck.start_index = self.written;
        deck.empty = false;
        deck.ended = false;
        deck.broken = None;
        let track = deck.track.clone();
        self.jump(flush, true, Some(&track), to_s);
        self.wish = Some(Wish::Seek(to_s));
    }

    /// Decks behind the one heard become tracks to open again.
    fn put_back(&mut self) {
        if self.decks.len() > 1 {
            if let Some(ahead) = self.ahead.take() {
                self.next.push_front(ahead.track);
            }
            for deck in self.decks.drain(1..).rev() {
                self.next.push_front(deck.track);
            }
        }
    }

    pub(super) fn halt(&mut self, flush: u64) {
        self.next.clear();
        self.ahead = None;
        self.decks.clear();
        self.wish = None;
        self.expecting = false;
        self.jump(flush, false, None, 0.0);
        self.transport.eos_at = self.written;
        self.publish();
    }

    /// Everything in the ring is to be dropped; `track` follows from its second `from_s`.
    fn jump(&mut self, flush: u64, fade_in: bool, track: Option<&Track>, from_s: f64) {
        self.staged.clear();
        self.pushed = 0;
        self.spare = self.line.take().or(self.spare.take());
        self.transport.discard_until = self.written;
        self.transport.skip_from = 0;
        self.transport.skip_to = 0;
        self.transport.eos_at = ENDLESS;
        self.transport.flushes_done = flush;
        self.transport.fade_in = fade_in;
        let mut timeline = self.shared.timeline();
        timeline.forget_from(self.consumed() + 1);
        timeline.mark(self.written, track.map(|track| track.id), from_s);
        timeline.jump = (flush, self.written);
        drop(timeline);
        self.publish();
    }

    fn set_next(&mut self, track: Option<Track>) {
        if matches!(self.wish, Some(Wish::Open(_))) {
            // It follows the track about to be opened, whose own deck may be the one ahead.
            self.next = track.into_iter().collect();
            return;
        }
        let same = |wanted: &Track| track.as_ref() == Some(wanted);
        if self.decks.get(1).is_some_and(|deck| same(&deck.track)) {
            return;
        }
        self.retract();
        if self.ahead.as_ref().is_some_and(|deck| same(&deck.track)) {
            self.next.clear();
            return;
        }
        self.ahead = None;
        self.next.clear();
        if !self.decks.is_empty() || self.expecting {
            self.next.extend(track);
        }
    }

    /// Takes back what follows the track that is heard, as far as it is decoded already.
    fn retract(&mut self) {
        let Some(boundary) = self.decks.get(1).map(|deck| deck.start_index) else { return };
        self.decks.truncate(1);
        // The end of the current track may still be inside the resampler.
        self.finish_line();
        let keep = self.pushed + 2 * boundary.saturating_sub(self.written) as usize;
        self.staged.truncate(keep.max(self.pushed));
        if self.written > boundary {
            let extends = self.transport.skip_to == boundary && self.transport.skip_from < boundary;
            if !(extends && self.consumed() <= self.transport.skip_from) {
                self.transport.skip_from = boundary;
            }
            self.transport.skip_to = self.written;
        }
        self.transport.eos_at = ENDLESS;
        self.shared.timeline().forget_from(boundary);
        self.publish();
    }
}
