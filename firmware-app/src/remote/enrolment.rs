//! Who may join: one PIN and one invitation at a time, opened at the unit, and what wrong codes cost.
//!
//! Pure: time and secrets are given. Everything is counted over all clients together, since a phone can
//! call itself anything.

use std::time::Duration;

use protocol::remote::Role;

use super::secret;

/// A code is good for this long.
pub(crate) const OPEN_FOR: Duration = Duration::from_secs(120);
/// Wrong codes that close it.
pub(crate) const TRIES: u8 = 3;
/// No code is looked at for this long after that; doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// But never longer.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// After this long without a wrong code the past is forgotten.
const FORGIVEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// An enrolment that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    pub pin: String,
    pub invitation: String,
    pub role: Role,
    pub closes_at: Duration,
    /// Wrong codes that still may come.
    pub tries_left: u8,
}

/// Why somebody was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// Nobody at the unit asked for a phone.
    NotOpen,
    /// This was not it.
    WrongCode { tries_left: u8 },
    /// Too many wrong codes: none is looked at before this has passed.
    Wait(Duration),
}

/// Keeps the door.
#[derive(Debug, Default)]
pub(crate) struct Doorkeeper {
    open: Option<Open>,
    /// An invitation for an owner that holds until it is used.
    standing: Option<String>,
    /// How often it was closed by wrong codes.
    closed_by_force: u32,
    closed_at: Duration,
}

impl Doorkeeper {
    /// Opens for one phone; what was open before is closed.
    pub fn open(&mut self, now: Duration, role: Role, pin: String, invitation: String) {
        // Waiting for codes to be taken again does not use the time up.
        let closes_at = now + OPEN_FOR + self.wait(now);
        self.open = Some(Open { pin, invitation, role, closes_at, tries_left: TRIES });
    }

    pub fn close(&mut self) {
        self.open = None;
    }

    /// What is open.
    pub fn is_open(&self) -> Option<&Open> {
        self.open.as_ref()
    }

    /// Lets one owner in by this invitation, whenever it comes.
    pub fn set_standing(&mut self, invitation: String) {
        self.standing = Some(invitation);
    }

    pub fn has_standing(&self) -> bool {
        self.standing.is_some()
    }

    /// Closes what has been open for too long; true if it did.
    pub fn time_passed(&mut self, now: Duration) -> bool {
        let is_over = self.open.as_ref().is_some_and(|open| open.closes_at <= now);
        if is_over {
            self.open = None;
        }
        is_over
    }

    /// How long no PIN is looked at.
    pub fn wait(&self, now: Duration) -> Duration {
        if self.closed_by_force == 0 {
            return Duration::ZERO;
        }
        let doubled = FIRST_WAIT * 2_u32.saturating_pow(self.closed_by_force.saturating_sub(1).min(16));
        (self.closed_at + doubled.min(LONGEST_WAIT)).saturating_sub(now)
    }

    /// Looks at a code. A right one is used up by it.
    ///
    /// An invitation cannot be guessed, so it is taken even while PINs are not looked at: whoever tries PINs
    /// cannot keep out the one who stands before the screen.
    ///
    /// # Errors
    /// It is not let in, and why.
    pub fn admit(&mut self, now: Duration, code: &str) -> Result<Role, Denied> {
        self.time_passed(now);
        if now >= self.closed_at + FORGIVEN_AFTER {
            self.closed_by_force = 0;
        }
        if self.standing.as_ref().is_some_and(|standing| secret::same(standing, code).into()) {
            self.standing = None;
            return Ok(Role::Owner);
        }
        let wait = self.wait(now);
        let Some(open) = &mut self.open else {
            return Err(if wait.is_zero() { Denied::NotOpen } else { Denied::Wait(wait) });
        };
        let (is_pin, is_invited) = (secret::same(&open.pin, code), secret::same(&open.invitation, code));
        if is_invited.into() || wait.is_zero() && is_pin.into() {
            let role = open.role;
            self.open = None;
            self.closed_by_force = 0;
            return Ok(role);
        }
        if !wait.is_zero() {
            return Err(Denied::Wait(wait));
        }
        open.tries_left = open.tries_left.saturating_sub(1);
        let tries_left = open.tries_left;
        if tries_left == 0 {
            self.open = None;
            self.closed_by_force = self.closed_by_force.saturating_add(1);
            self.closed_at = now;
        }
        Err(Denied::WrongCode { tries_left })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIN: &str = "123456";
    const INVITATION: &str = "0123456789abcdef0123456789abcdef";

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn opened(door: &mut Doorkeeper, now: Duration) {
        door.open(now, Role::Guest, PIN.into(), INVITATION.into());
    }

    #[test]
    fn a_right_code_is_taken_once() {
        for code in [PIN, INVITATION] {
            let mut door = Doorkeeper::default();
            assert_eq!(door.admit(at(0), code), Err(Denied::NotOpen));
            opened(&mut door, at(1));
            assert_eq!(door.admit(at(120), code), Ok(Role::Guest));
            assert_eq!(door.admit(at(120), code), Err(Denied::NotOpen));
        }
    }

    #[test]
    fn it_closes_by_time_and_by_hand() {
        let mut door = Doorkeeper::default();
        opened(&mut door, at(10));
        assert!(!door.time_passed(at(129)));
        assert_eq!(door.admit(at(130), PIN), Err(Denied::NotOpen));
        opened(&mut door, at(200));
        assert!(door.time_passed(at(320)));
        opened(&mut door, at(400));
        door.close();
        assert_eq!(door.admit(at(400), PIN), Err(Denied::NotOpen));
    }

    #[test]
    fn three_wrong_codes_close_it_and_the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let mut door = Doorkeeper::default();
        let mut now = at(5);
        for wait in [30, 60, 120, 240, 480, 900, 900] {
            opened(&mut door, now);
            for tries_left in [2, 1, 0] {
                assert_eq!(door.admit(now, "000000"), Err(Denied::WrongCode { tries_left }));
            }
            assert_eq!(door.admit(now, PIN), Err(Denied::Wait(at(wait))));
            opened(&mut door, now);
            assert_eq!(
                door.admit(now + at(wait - 1), PIN),
                Err(Denied::Wait(at(1))),
                "even the right PIN waits"
            );
            now += at(wait);
        }
        assert_eq!(door.admit(now + at(119), PIN), Ok(Role::Guest), "the wait does not use the time up");
        opened(&mut door, now);
        assert_eq!(door.admit(now, PIN), Ok(Role::Guest), "a success forgives");
    }

    #[test]
    fn a_day_forgives() {
        let mut door = Doorkeeper::default();
        for _ in 0..2 {
            opened(&mut door, at(0));
            for _ in 0..3 {
                let _ = door.admit(at(0), "000000");
            }
            door.closed_at = at(0);
        }
        let tomorrow = at(24 * 60 * 60);
        opened(&mut door, tomorrow);
        for _ in 0..3 {
            let _ = door.admit(tomorrow, "000000");
        }
        assert_eq!(door.wait(tomorrow), at(30));
    }

    #[test]
    fn the_invitation_is_good_while_pins_are_not_looked_at() {
        let mut door = Doorkeeper::default();
        opened(&mut door, at(0));
        for _ in 0..3 {
            let _ = door.admit(at(0), "000000");
        }
        opened(&mut door, at(1));
        assert_eq!(door.admit(at(1), INVITATION), Ok(Role::Guest));
    }

    #[test]
    fn a_standing_invitation_lets_one_owner_in() {
        let mut door = Doorkeeper::default();
        door.set_standing(INVITATION.into());
        assert_eq!(door.admit(at(999_999), "x"), Err(Denied::NotOpen));
        assert_eq!(door.admit(at(999_999), INVITATION), Ok(Role::Owner));
        assert_eq!(door.admit(at(999_999), INVITATION), Err(Denied::NotOpen));
    }

    #[test]
    fn ten_thousand_guesses_in_a_day_of_opening_reach_few_pins() {
        let mut door = Doorkeeper::default();
        let mut looked_at = 0;
        for n in 0..10_000_u64 {
            let now = at(n * 86_399 / 10_000);
            if door.is_open().is_none() {
                opened(&mut door, now);
            }
            if matches!(door.admit(now, "000000"), Err(Denied::WrongCode { .. })) {
                looked_at += 1;
            }
        }
        // 30 + 60 + 120 + 240 + 480 s, then every 900 s: about a hundred rounds of three, of a million.
        assert!((250..330).contains(&looked_at), "{looked_at}");
    }
}
