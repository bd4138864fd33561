//! Who is connected, so that nobody takes all places and a forgotten phone is sent away at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::remote::{Bye, ByeCode};
use tokio::sync::{Notify, mpsc};

/// Connections of all phones together.
pub(crate) const MOST: usize = 64;
/// Connections of one phone: its tabs, and those it has forgotten.
pub(crate) const MOST_OF_ONE: usize = 8;

/// All connections.
#[derive(Clone, Default)]
pub(crate) struct Connections(Arc<All>);

#[derive(Default)]
struct All {
    seats: Mutex<Seats>,
    changed: Notify,
}

#[derive(Default)]
struct Seats {
    last: u64,
    taken: Vec<Taken>,
}

struct Taken {
    seat: u64,
    phone: u64,
    away: mpsc::Sender<Bye>,
}

/// A place of one connection; free again when dropped.
pub(crate) struct Seat {
    number: u64,
    all: Connections,
    /// Says when and why the connection must end.
    pub away: mpsc::Receiver<Bye>,
}

impl Connections {
    /// A place for one more connection of this phone, if there is one.
    pub fn enter(&self, phone: u64) -> Option<Seat> {
        let mut seats = self.lock();
        let own = seats.taken.iter().filter(|taken| taken.phone == phone).count();
        if seats.taken.len() >= MOST || own >= MOST_OF_ONE {
            return None;
        }
        seats.last += 1;
        let (sender, away) = mpsc::channel(1);
        let number = seats.last;
        seats.taken.push(Taken { seat: number, phone, away: sender });
        drop(seats);
        self.0.changed.notify_one();
        Some(Seat { number, all: self.clone(), away })
    }

    /// Ends the connections of the phones for which it holds.
    pub fn send_away(&self, code: ByeCode, message: &str, is_meant: impl Fn(u64) -> bool) {
        for taken in self.lock().taken.iter().filter(|taken| is_meant(taken.phone)) {
            // One that is being sent away already needs no second reason.
            let _ = taken.away.try_send(Bye { code, message: message.to_owned() });
        }
    }

    pub fn is_connected(&self, phone: u64) -> bool {
        self.lock().taken.iter().any(|taken| taken.phone == phone)
    }

    pub fn is_empty(&self) -> bool {
        self.lock().taken.is_empty()
    }

    /// Waits until somebody came or went.
    pub async fn changed(&self) {
        self.0.changed.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.0.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.all.lock().taken.retain(|taken| taken.seat != self.number);
        self.all.0.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_for_all_and_for_one_and_come_back() {
        let all = Connections::default();
        let mut seats: Vec<Seat> = (0..MOST_OF_ONE).map(|_| all.enter(1).unwrap()).collect();
        assert!(all.enter(1).is_none());
        for phone in 2..=8 {
            seats.extend((0..MOST_OF_ONE).map(|_| all.enter(phone).unwrap()));
        }
        assert!(all.enter(9).is_none());
        seats.pop();
        assert!(all.enter(9).is_some());
        drop(seats);
        assert!(all.is_empty());
    }

    #[test]
    fn only_who_is_meant_is_sent_away() {
        let all = Connections::default();
        let (mut anna, mut ben) = (all.enter(1).unwrap(), all.enter(2).unwrap());
        all.send_away(ByeCode::Revoked, "forgotten", |phone| phone == 1);
        assert_eq!(anna.away.try_recv().unwrap().code, ByeCode::Revoked);
        assert!(ben.away.try_recv().is_err());
    }
}
