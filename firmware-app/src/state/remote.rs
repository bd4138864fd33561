//! What the remotes' server reports.

use std::time::Duration;

use protocol::Changed;
use protocol::remote::Role;

use super::{Effect, State};
use crate::remote_desk::{RemoteReport, RemoteRequest};

impl State {
    /// Takes over what the server says, and tells the driver who joined.
    pub fn remote_report(&mut self, now: Duration, report: RemoteReport) -> Changed {
        match report {
            RemoteReport::Addresses(addresses) => self.remote.addresses = addresses,
            RemoteReport::Phones(phones) => self.remote.phones = phones,
            RemoteReport::Enrolment(enrolment) => {
                let ran_out =
                    enrolment.is_none() && self.remote.enrolment.is_some() && self.is_running_out(now);
                self.remote.enrolment = enrolment;
                self.enrolment_left_s = self.enrolment_left(now);
                if ran_out {
                    return self.say(now, "Nobody has used the code in time") | Changed::PAGE;
                }
            }
            RemoteReport::Joined { name, role } => {
                let name = protocol::tidy_name(&name).unwrap_or_else(|| "A phone".into());
                let may = match role {
                    Role::Owner => "may now control this unit",
                    Role::Guest => "may now look at what plays",
                };
                return self.say(now, format!("“{name}” {may}")) | Changed::PAGE;
            }
            RemoteReport::Told(text) => return self.say(now, text),
        }
        Changed::PAGE
    }

    /// What the driver asks of the server.
    pub fn ask_remotes(&mut self, now: Duration, request: RemoteRequest) -> Changed {
        if matches!(request, RemoteRequest::OpenEnrolment { .. }) && self.remote.addresses.is_empty() {
            return self.say(now, "There is no network a phone could reach this unit by");
        }
        self.effect(Effect::Remote(request));
        Changed::NONE
    }

    /// Whole seconds in which a phone may still join, as they are shown.
    pub fn enrolment_left_s(&self) -> u32 {
        self.enrolment_left_s
    }

    fn is_running_out(&self, now: Duration) -> bool {
        let is_silent = self.message.is_none();
        is_silent && self.enrolment_left(now) <= 1
    }

    fn enrolment_left(&self, now: Duration) -> u32 {
        let closes_at = self.remote.enrolment.as_ref().map_or(Duration::ZERO, |open| open.closes_at);
        let left = closes_at.saturating_sub(now).as_secs_f64().ceil();
        // A day at most: whatever is said, it fits the screen.
        left.min(86_400.0) as u32
    }

    /// When a second less is shown.
    pub(super) fn enrolment_deadline(&self) -> Option<Duration> {
        let open = self.remote.enrolment.as_ref().filter(|_| self.enrolment_left_s > 0)?;
        let after = Duration::from_secs(u64::from(self.enrolment_left_s - 1));
        Some(open.closes_at.saturating_sub(after))
    }

    pub(super) fn enrolment_passed(&mut self, now: Duration) -> Changed {
        let left = self.enrolment_left(now);
        if std::mem::replace(&mut self.enrolment_left_s, left) == left {
            Changed::NONE
        } else {
            Changed::PAGE
        }
    }
}
