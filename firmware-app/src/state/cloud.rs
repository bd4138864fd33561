//! What the link to the cloud reports, and what is asked of it.

use std::time::Duration;

use protocol::Changed;

use super::{Effect, State};
use crate::cloud_desk::{CloudReport, CloudRequest, LinkState, Pairing, Person};

/// Times of what is shown.
#[derive(Debug, Default)]
pub(crate) struct CloudTimes {
    /// When the link came to stand as it does.
    link_since: Duration,
    /// Whole seconds left for the code or the question, as they are shown.
    left_s: u32,
}

impl State {
    /// Takes over what the link says.
    pub fn cloud_report(&mut self, now: Duration, report: CloudReport) -> Changed {
        match report {
            CloudReport::Server(server) => self.cloud.server = server,
            CloudReport::Owner(owner) => return self.owner_is(now, owner) | Changed::PAGE,
            CloudReport::Pairing(pairing) => {
                self.cloud.pairing = pairing;
                self.cloud_times.left_s = self.pairing_left(now);
            }
            CloudReport::Link(link) => {
                let is_same = std::mem::discriminant(&link) == std::mem::discriminant(&self.cloud.link);
                if !is_same {
                    self.cloud_times.link_since = now;
                    self.cloud.link_minutes = 0;
                }
                self.cloud.link = link;
            }
            CloudReport::Usage { wanted, pending } => {
                (self.cloud.tells_usage, self.cloud.pending) = (wanted, pending);
                if !wanted {
                    self.usage.forget();
                }
            }
            CloudReport::NewAccount => self.forget_account(),
            CloudReport::Synced { sent, answer } => {
                return self.presets_synced(now, &sent, answer) | Changed::PAGE;
            }
            CloudReport::Told(text) => return self.say(now, text),
        }
        Changed::PAGE
    }

    /// The driver is told what they did not do themselves a moment ago.
    fn owner_is(&mut self, now: Duration, owner: Option<Person>) -> Changed {
        let before = std::mem::replace(&mut self.cloud.owner, owner);
        match (&before, &self.cloud.owner) {
            (None, Some(owner)) if self.cloud.pairing != Pairing::None => {
                let text = format!("This unit now belongs to {}", person_name(owner));
                self.say(now, text)
            }
            (Some(_), None) => self.say(now, "This unit is no longer linked to an account"),
            _ => Changed::NONE,
        }
    }

    /// What the driver asks of the link.
    pub fn ask_cloud(&mut self, now: Duration, request: CloudRequest) -> Changed {
        if self.cloud.server.is_empty() {
            return self.say(now, "This unit is not set up for an account");
        }
        match &request {
            // Until the cloud answers the page must not look as if nothing had been pressed.
            CloudRequest::Pair => self.cloud.pairing = Pairing::Begins,
            CloudRequest::Answer { .. } => self.cloud.pairing = Pairing::Answered,
            CloudRequest::CancelPairing => self.cloud.pairing = Pairing::None,
            _ => {}
        }
        self.effect(Effect::Cloud(request));
        Changed::PAGE
    }

    /// Whole seconds the code or the question is still good for.
    pub fn pairing_left_s(&self) -> u32 {
        self.cloud_times.left_s
    }

    fn pairing_ends(&self) -> Option<Duration> {
        match &self.cloud.pairing {
            Pairing::Code(code) => Some(code.ends_at),
            Pairing::Asks { ends_at, .. } => Some(*ends_at),
            Pairing::None | Pairing::Begins | Pairing::Answered => None,
        }
    }

    fn pairing_left(&self, now: Duration) -> u32 {
        let left = self.pairing_ends().unwrap_or_default().saturating_sub(now).as_secs_f64().ceil();
        // A day at most: whatever is said, it fits the screen.
        left.min(86_400.0) as u32
    }

    fn link_minutes(&self, now: Duration) -> u32 {
        let minutes = now.saturating_sub(self.cloud_times.link_since).as_secs() / 60;
        u32::try_from(minutes).unwrap_or(u32::MAX)
    }

    /// When something else is shown.
    pub(super) fn cloud_deadline(&self) -> Option<Duration> {
        let left_s = self.cloud_times.left_s;
        let code = self.pairing_ends().filter(|_| left_s > 0);
        let code = code.map(|at| at.saturating_sub(Duration::from_secs(u64::from(left_s - 1))));
        let minute = matches!(self.cloud.link, LinkState::Offline { .. }).then(|| {
            self.cloud_times.link_since + Duration::from_secs(60 * (u64::from(self.cloud.link_minutes) + 1))
        });
        [code, minute, self.usage.deadline()].into_iter().flatten().min()
    }

    pub(super) fn cloud_passed(&mut self, now: Duration) -> Changed {
        if let Some(counts) = self.usage.due(now) {
            self.effect(Effect::Cloud(CloudRequest::Count(counts)));
        }
        let (left_s, minutes) = (self.pairing_left(now), self.link_minutes(now));
        let is_offline = matches!(self.cloud.link, LinkState::Offline { .. });
        let is_same =
            left_s == self.cloud_times.left_s && (!is_offline || minutes == self.cloud.link_minutes);
        (self.cloud_times.left_s, self.cloud.link_minutes) = (left_s, minutes);
        if is_same { Changed::NONE } else { Changed::PAGE }
    }
}

/// What a person is called, on one line.
pub(crate) fn person_name(person: &Person) -> String {
    let name = protocol::tidy_name(&person.name);
    name.or_else(|| person.email.as_deref().and_then(protocol::tidy_name))
        .unwrap_or_else(|| "somebody".into())
}
