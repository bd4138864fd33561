//! The password: compared in constant time, one try at a time, each address with few tries.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::unit::lock;

/// Wrong tries of an address before it has to wait.
const TRIES: u32 = 5;
/// The first wait; it doubles with every wrong try after it.
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Addresses remembered.
const ADDRESSES: usize = 256;
/// What each try takes at least.
const PACE: Duration = Duration::from_millis(200);

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Try {
    Right,
    Wrong,
    /// Not even looked at.
    TooMany,
}

#[derive(Clone, Copy, Debug)]
struct Past {
    wrong: u32,
    last: Instant,
}

impl Past {
    fn wait(&self) -> Duration {
        match self.wrong.checked_sub(TRIES) {
            Some(doublings) => (FIRST_WAIT * 2_u32.pow(doublings.min(16))).min(LONGEST_WAIT),
            None => Duration::ZERO,
        }
    }
}

/// Lets clients in.
pub(super) struct Gate {
    /// Its hash; `None` lets everybody in.
    password: Option<[u8; 32]>,
    past: Mutex<HashMap<IpAddr, Past>>,
    turn: tokio::sync::Mutex<()>,
}

impl Gate {
    pub fn new(password: Option<&str>) -> Self {
        let password = password.map(|text| Sha256::digest(text.as_bytes()).into());
        Self { password, past: Mutex::default(), turn: tokio::sync::Mutex::const_new(()) }
    }

    pub fn is_open(&self) -> bool {
        self.password.is_none()
    }

    /// Tries a password, at the pace that is allowed.
    pub async fn enter(&self, address: IpAddr, password: &str) -> Try {
        let _turn = self.turn.lock().await;
        if self.password.is_some() {
            tokio::time::sleep(PACE).await;
        }
        self.judge(address, password, Instant::now())
    }

    fn judge(&self, address: IpAddr, password: &str, now: Instant) -> Try {
        let Some(right) = &self.password else { return Try::Right };
        let address = network_of(address);
        let mut past = lock(&self.past);
        if past.get(&address).is_some_and(|past| now < past.last + past.wait()) {
            return Try::TooMany;
        }
        let given: [u8; 32] = Sha256::digest(password.as_bytes()).into();
        if bool::from(given.ct_eq(right)) {
            past.remove(&address);
            return Try::Right;
        }
        if past.len() >= ADDRESSES && !past.contains_key(&address) {
            let oldest = past.iter().min_by_key(|(_, past)| past.last).map(|(address, _)| *address);
            oldest.map(|oldest| past.remove(&oldest));
        }
        let entry = past.entry(address).or_insert(Past { wrong: 0, last: now });
        entry.wrong = entry.wrong.saturating_add(1);
        entry.last = now;
        Try::Wrong
    }
}

/// One house of IPv6 has a whole /64 to itself.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn guessing_is_held_to_few_tries() {
        let gate = Gate::new(Some("correct horse"));
        let (bad, good, start) = (address("192.0.2.7"), address("192.0.2.8"), Instant::now());
        let tries: Vec<Try> = (0..10_000).map(|n| gate.judge(bad, &format!("{n}"), start)).collect();
        assert_eq!(tries.iter().filter(|one| **one == Try::Wrong).count(), 5);
        assert!(tries[5..].iter().all(|one| *one == Try::TooMany));
        assert_eq!(gate.judge(bad, "correct horse", start), Try::TooMany, "not even the right one");
        assert_eq!(gate.judge(good, "correct horse", start), Try::Right, "others are not held up");
        // A day of guessing.
        let guesses = (0..86_400)
            .filter(|second| gate.judge(bad, "x", start + Duration::from_secs(*second)) == Try::Wrong);
        assert!(guesses.count() < 110);
        let later = start + Duration::from_secs(100_000);
        assert_eq!(gate.judge(bad, "correct horse", later), Try::Right);
        assert_eq!(gate.judge(bad, "x", later), Try::Wrong, "and begins anew");
    }

    #[test]
    fn a_house_is_one_guesser_and_memory_is_bounded() {
        let gate = Gate::new(Some("correct horse"));
        let now = Instant::now();
        for n in 0..5 {
            assert_eq!(gate.judge(address(&format!("2001:db8::{n}")), "x", now), Try::Wrong);
        }
        assert_eq!(gate.judge(address("2001:db8::99"), "x", now), Try::TooMany);
        for n in 0..1000_u32 {
            gate.judge(IpAddr::V4((0x0a00_0000 + n).into()), "x", now + Duration::from_millis(n.into()));
        }
        assert_eq!(lock(&gate.past).len(), ADDRESSES);
    }

    #[test]
    fn without_a_password_everybody_is_in() {
        let gate = Gate::new(None);
        assert!(gate.is_open());
        assert_eq!(gate.judge(address("192.0.2.1"), "anything", Instant::now()), Try::Right);
    }
}
