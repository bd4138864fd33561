//! The events: told when the frame they belong to has been heard.
use super::Feeder;
use crate::Event;
use crate::deck::Deck;
use crate::transport::ENDLESS;
use std::sync::atomic::Ordering;

impl Feeder {
    /// Tells what has come to pass with `consumed` frames taken.
    pub(super) fn tell(&mut self, consumed: u64) {
        if self.wish.is_some() {
            return;
        }
        while self.decks.get(1).is_some_and(|deck| self.is_reached(deck, consumed)) {
            self.leave_current();
        }
        if self.decks.front().is_some_and(|deck| self.is_reached(deck, consumed)) {
            self.announce();
        }
        if self.is_over(consumed) {
            let last = self.decks.front().map(|deck| deck.track.id);
            self.leave_current();
            self.expecting = true;
            self.shared.timeline().mark(self.written, None, 0.0);
            if let Some(track) = last {
                (self.events)(Event::Finished { track });
            }
        }
        self.shared.timeline().forget_before(consumed);
    }

    /// The frame at which an event may be due next.
    pub(super) fn next_event_at(&self) -> u64 {
        let start = |at: usize| self.decks.get(at).map(|deck| deck.start_index);
        let first = start(0).filter(|_| self.decks.front().is_some_and(|deck| !deck.announced));
        let end = (!self.decks.is_empty()).then_some(self.transport.eos_at);
        [first, start(1), end].into_iter().flatten().min().unwrap_or(ENDLESS)
    }

    fn is_reached(&self, deck: &Deck, consumed: u64) -> bool {
        let waits = deck.empty || self.shared.paused.load(Ordering::Acquire);
        consumed > deck.start_index || (consumed == deck.start_index && waits)
    }

    fn is_over(&self, consumed: u64) -> bool {
        self.decks.len() == 1
            && self.decks.front().is_some_and(|deck| deck.ended)
            && self.transport.eos_at != ENDLESS
            && consumed >= self.transport.eos_at
            && self.ahead.is_none()
            && self.next.is_empty()
            && self.pushed == self.staged.len()
    }

    fn announce(&mut self) {
        let Some(deck) = self.decks.front_mut() else { return };
        if !deck.announced {
            deck.announced = true;
            let (track, info) = (deck.track.id, deck.info.clone());
            (self.events)(Event::Started { track, info });
        }
    }

    /// The current track has been heard to its end.
    fn leave_current(&mut self) {
        self.announce();
        if let Some(deck) = self.decks.pop_front()
            && let Some(error) = deck.broken
        {
            (self.events)(Event::Broken { track: deck.track.id, error });
        }
    }
}
