//! What the remotes' server reports.

use std::time::Duration;

use protocol::Changed;

use super::State;
use crate::remote_desk::RemoteReport;

impl State {
    /// Takes over what the server says, and tells the driver who joined.
    pub fn remote_report(&mut self, now: Duration, report: RemoteReport) -> Changed {
        match report {
            RemoteReport::Addresses(addresses) => self.remote.addresses = addresses,
            RemoteReport::Phones(phones) => self.remote.phones = phones,
            RemoteReport::Enrolment(enrolment) => self.remote.enrolment = enrolment,
            RemoteReport::Joined { name, .. } => {
                return self.say(now, format!("“{name}” may now control this unit")) | Changed::PAGE;
            }
        }
        Changed::PAGE
    }
}
