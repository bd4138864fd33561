//! The way of the samples: open, decode, resample, into the ring.
use super::{Feeder, HOLD_S, TARGET_S, Wish};
use crate::deck::Deck;
use crate::line::Line;
use crate::transport::ENDLESS;
use crate::{Event, Track, TrackError};

impl Feeder {
    /// One bounded piece of work. False when there is nothing to do now.
    pub(super) fn step(&mut self, consumed: u64) -> bool {
        if let Some(wish) = self.wish.take() {
            match wish {
                Wish::Open(track) => self.open_wished(track),
                Wish::Seek(to_s) => self.seek_current(to_s),
            }
            return true;
        }
        if self.pushed < self.staged.len() {
            return self.push(consumed) || self.open_ahead();
        }
        if self.decks.back().is_some_and(|deck| !deck.ended) {
            self.decode();
            return true;
        }
        if (!self.decks.is_empty() || self.expecting) && (self.ahead.is_some() || !self.next.is_empty()) {
            self.hand_over();
            return true;
        }
        self.wind_up(consumed)
    }

    /// Moves staged frames into the ring up to its target.
    fn push(&mut self, consumed: u64) -> bool {
        let target = self.frames(TARGET_S).max(self.wanted);
        let room = target.saturating_sub(self.audible(consumed)).min(self.ring.slots() as u64 / 2);
        let waiting = self.staged.get(self.pushed..).unwrap_or_default();
        let samples = waiting.len().min(2 * room as usize);
        if samples == 0 {
            return false;
        }
        if self.transport.eos_at != ENDLESS {
            self.transport.eos_at = ENDLESS;
            self.publish();
        }
        let waiting = self.staged.get(self.pushed..self.pushed + samples).unwrap_or_default();
        if self.ring.push_entire_slice(waiting).is_err() {
            return false;
        }
        self.pushed += samples;
        self.written += samples as u64 / 2;
        if self.pushed == self.staged.len() {
            self.staged.clear();
            self.pushed = 0;
        }
        true
    }

    fn decode(&mut self) {
        let Some(deck) = self.decks.back_mut() else { return };
        self.decoded.clear();
        match deck.read(&mut self.decoded) {
            Ok(0) => deck.ended = true,
            Ok(_) => {}
            Err(error) => {
                deck.ended = true;
                deck.broken = Some(error);
            }
        }
        if let Some(line) = &mut self.line {
            line.feed(&self.decoded, &mut self.staged);
        }
    }

    fn open_wished(&mut self, track: Track) {
        let opened = match self.ahead.take() {
            Some(deck) if deck.track == track => Ok(deck),
            _ => Deck::open(track.clone()),
        };
        let line = opened.and_then(|deck| Ok((self.new_line(deck.info.rate, self.written)?, deck)));
        match line {
            Ok((line, mut deck)) => {
                deck.start_index = self.written;
                self.shared.timeline().mark(self.written, Some(track.id), deck.start_s);
                self.line = Some(line);
                self.decks.push_back(deck);
                self.expecting = false;
            }
            Err(error) => {
                self.shared.timeline().mark(self.written, None, 0.0);
                self.transport.eos_at = self.written;
                self.publish();
                self.expecting = true;
                (self.events)(Event::Failed { track: track.id, error });
            }
        }
    }

    fn seek_current(&mut self, to_s: f64) {
        let written = self.written;
        let Some(mut deck) = self.decks.pop_front() else { return };
        deck.start_index = written;
        match deck.seek(to_s).and_then(|()| self.new_line(deck.info.rate, written)) {
            Ok(line) => {
                self.shared.timeline().mark(written, Some(deck.track.id), deck.start_s);
                self.line = Some(line);
            }
            Err(error) => {
                deck.ended = true;
                deck.empty = true;
                deck.broken = Some(error);
            }
        }
        self.decks.push_front(deck);
    }

    /// While the ring is full: opens the next track, so that a slow or bad file costs no time later.
    fn open_ahead(&mut self) -> bool {
        if self.ahead.is_some() || self.decks.is_empty() {
            return false;
        }
        let Some(track) = self.next.pop_front() else { return false };
        self.ahead = self.open_or_tell(track);
        true
    }

    fn open_or_tell(&mut self, track: Track) -> Option<Deck> {
        let id = track.id;
        match Deck::open(track) {
            Ok(deck) => Some(deck),
            Err(error) => {
                (self.events)(Event::Failed { track: id, error });
                None
            }
        }
    }

    /// The track before has been decoded to its end: the next one follows in the same line if it can.
    fn hand_over(&mut self) {
        let deck = match self.ahead.take() {
            Some(deck) => Some(deck),
            None => self.next.pop_front().and_then(|track| self.open_or_tell(track)),
        };
        let Some(mut deck) = deck else { return };
        match self.join(deck.info.rate) {
            Ok(start_index) => {
                deck.start_index = start_index;
                self.shared.timeline().mark(start_index, Some(deck.track.id), deck.start_s);
                self.decks.push_back(deck);
                self.expecting = false;
            }
            Err(error) => (self.events)(Event::Failed { track: deck.track.id, error }),
        }
    }

    /// A line for tracks of `rate` Hz, the one under way if it fits; the frame at which they begin.
    fn join(&mut self, rate: u32) -> Result<u64, TrackError> {
        if let Some(line) = &self.line
            && line.rate() == rate
        {
            return Ok(line.boundary());
        }
        self.finish_line();
        let start = self.written + (self.staged.len() - self.pushed) as u64 / 2;
        self.line = Some(self.new_line(rate, start)?);
        Ok(start)
    }

    fn new_line(&mut self, rate: u32, base: u64) -> Result<Line, TrackError> {
        match self.spare.take() {
            Some(spare) if spare.rate() == rate => Ok(spare.restart(base)),
            _ => Line::new(rate, self.rate, base),
        }
    }

    /// Lets what the resampler still holds follow what is staged.
    pub(super) fn finish_line(&mut self) {
        if let Some(mut line) = self.line.take() {
            line.finish(&mut self.staged);
            self.spare = Some(line);
        }
    }

    /// Nothing follows: lets the resampler go when the ring runs low, then sets the end.
    fn wind_up(&mut self, consumed: u64) -> bool {
        if self.line.is_some() {
            let low = self.audible(consumed) < self.hold();
            if low {
                self.finish_line();
            }
            return low;
        }
        if self.transport.eos_at == ENDLESS && !self.decks.is_empty() {
            self.transport.eos_at = self.written;
            self.publish();
            return true;
        }
        false
    }

    pub(super) fn hold(&self) -> u64 {
        self.frames(HOLD_S).max(self.wanted)
    }
}
