//! What all parts of the server share: who is known, who is connected, what is open.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use protocol::remote::{ByeCode, Role, UnitIdentity};

use super::art::ArtShelf;
use super::config::{InviteListener, RemoteConfig, RemoteError, ReportListener, WebFiles};
use super::connections::Connections;
use super::door::Hosts;
use super::enrolment::{Denied, Doorkeeper};
use super::gzip::GzipShelf;
use super::host::Host;
use super::hub::Hub;
use super::phones::PhoneBook;
use super::secret;
use super::spectrum::Spectrum;
use crate::app::AppHandle;
use crate::event::Event;
use crate::frame::Frame;
use crate::remote_desk::{Enrolment, RemoteReport, RemoteRequest};

/// The server's heart.
pub(crate) struct Server {
    pub app: AppHandle,
    pub files: WebFiles,
    pub hosts: Hosts,
    pub phones: PhoneBook,
    pub connections: Connections,
    pub hub: Hub,
    pub spectrum: Spectrum,
    pub art: ArtShelf,
    pub gzip: GzipShelf,
    /// Of the authority that signs the unit's https, in DER.
    pub certificate: OnceLock<Bytes>,
    name: String,
    doorkeeper: Mutex<Doorkeeper>,
    /// The best address, for invitations.
    address: Mutex<String>,
    keeps_invitation: bool,
    listener: Option<ReportListener>,
    invites: Option<InviteListener>,
}

impl Server {
    /// # Errors
    /// The system gives no random numbers.
    pub fn new(app: AppHandle, config: &RemoteConfig) -> Result<Self, RemoteError> {
        let store = app.clone();
        let keep = Arc::new(move |phones, stored| store.store_phones(phones, stored));
        let phones = PhoneBook::new(app.stored_phones(), keep)?;
        let frames = app.frames();
        let now = Arc::clone(&frames.borrow());
        Ok(Self {
            files: config.files.clone(),
            hosts: Hosts::default(),
            phones,
            connections: Connections::default(),
            hub: Hub::new(now),
            spectrum: Spectrum::default(),
            art: ArtShelf::default(),
            gzip: GzipShelf::default(),
            certificate: OnceLock::new(),
            name: config.name.clone(),
            doorkeeper: Mutex::default(),
            address: Mutex::default(),
            keeps_invitation: config.standing_invite,
            listener: config.reports.clone(),
            invites: config.invites.clone(),
            app,
        })
    }

    /// The unit, as it is told to whoever asks.
    pub fn unit(&self) -> UnitIdentity {
        UnitIdentity {
            id: self.phones.unit_id(),
            name: self.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..UnitIdentity::default()
        }
    }

    /// The newest frame.
    pub fn frame(&self) -> Arc<Frame> {
        Arc::clone(&self.app.frames().borrow())
    }

    /// Tells the stereo.
    pub fn report(&self, report: RemoteReport) {
        if let Some(listener) = &self.listener {
            listener(&report);
        }
        self.app.post(Event::Remote(report));
    }

    pub fn report_phones(&self) {
        self.report(RemoteReport::Phones(self.phones.list(|id| self.connections.is_connected(id))));
    }

    /// Takes over where the unit can be reached.
    pub fn set_addresses(&self, addresses: Vec<String>) {
        *lock(&self.address) = addresses.first().cloned().unwrap_or_default();
        self.app.set_ways(|ways| ways.lan = addresses.first().cloned());
        self.report(RemoteReport::Addresses(addresses));
        // What is open shows the address it was opened with.
        if lock(&self.doorkeeper).is_open().is_some() {
            self.report_enrolment("");
        }
    }

    /// The unit asks for something.
    pub fn carry_out(&self, request: RemoteRequest) {
        match request {
            RemoteRequest::OpenEnrolment { role } => self.open(role),
            RemoteRequest::CloseEnrolment => {
                lock(&self.doorkeeper).close();
                self.report_enrolment("");
            }
            RemoteRequest::Revoke { id } => {
                self.forget(id, ByeCode::Revoked, "This phone was forgotten on the unit.");
            }
            RemoteRequest::RevokeAll => {
                self.phones.remove_all();
                self.connections.send_away(
                    ByeCode::Revoked,
                    "All phones were forgotten on the unit.",
                    |_| true,
                );
                self.report_phones();
            }
        }
    }

    /// Forgets a phone and ends its connections.
    pub fn forget(&self, id: u64, code: ByeCode, message: &str) {
        if self.phones.remove(id) {
            self.connections.send_away(code, message, |phone| phone == id);
            self.report_phones();
        }
    }

    fn open(&self, role: Role) {
        let secrets = secret::pin().and_then(|pin| Ok((pin, secret::invitation()?)));
        let (pin, invitation) = match secrets {
            Ok(secrets) => secrets,
            Err(error) => {
                tracing::error!(%error, "no phone can join");
                return;
            }
        };
        let now = self.app.now();
        let wait = {
            let mut doorkeeper = lock(&self.doorkeeper);
            doorkeeper.open(now, role, pin, invitation);
            doorkeeper.wait(now)
        };
        self.report_enrolment(&note_of_wait(wait));
    }

    /// Looks at a code somebody sent.
    ///
    /// # Errors
    /// It is not let in, and why.
    pub fn admit(&self, code: &str) -> Result<Role, Denied> {
        let (verdict, was_over) = {
            let mut doorkeeper = lock(&self.doorkeeper);
            let was_over = doorkeeper.time_passed(self.app.now());
            (doorkeeper.admit(self.app.now(), code), was_over)
        };
        match verdict {
            Ok(_) => {
                self.report_enrolment("");
                self.invite();
            }
            Err(Denied::WrongCode { tries_left }) => {
                tracing::warn!(tries_left, "a wrong code");
                if tries_left == 0 {
                    // The page with the code goes away: the driver is told why.
                    let why = "Too many wrong codes were typed: the code is no longer good";
                    self.report(RemoteReport::Told(why.to_owned()));
                }
                let plural = if tries_left == 1 { "try" } else { "tries" };
                self.report_enrolment(&format!("A wrong code was typed: {tries_left} {plural} left"));
            }
            Err(Denied::NotOpen | Denied::Wait(_)) if was_over => self.report_enrolment(""),
            Err(Denied::NotOpen | Denied::Wait(_)) => {}
        }
        verdict
    }

    /// Keeps one invitation open, if there is to be one, and tells where it leads.
    pub fn invite(&self) {
        if !self.keeps_invitation {
            return;
        }
        let invitation = {
            let mut doorkeeper = lock(&self.doorkeeper);
            if doorkeeper.has_standing() {
                return;
            }
            let Ok(invitation) = secret::invitation() else { return };
            doorkeeper.set_standing(invitation.clone());
            invitation
        };
        if let Some(invites) = &self.invites {
            invites(&self.link(&invitation));
        }
    }

    /// Closes what was open for too long.
    pub fn time_passed(&self) {
        let closed = lock(&self.doorkeeper).time_passed(self.app.now());
        if closed {
            self.report_enrolment("");
        }
        self.phones.write_seen(false);
    }

    fn report_enrolment(&self, note: &str) {
        let open = lock(&self.doorkeeper).is_open().cloned();
        let report = open.map(|open| Enrolment {
            url: self.link(&open.invitation),
            pin: open.pin,
            role: open.role,
            closes_at: open.closes_at,
            note: note.to_owned(),
        });
        self.report(RemoteReport::Enrolment(report));
    }

    fn link(&self, invitation: &str) -> String {
        let address = lock(&self.address);
        if address.is_empty() { String::new() } else { format!("{address}/enrol#{invitation}") }
    }
}

impl Host for Server {
    fn app(&self) -> &AppHandle {
        &self.app
    }

    fn hub(&self) -> &Hub {
        &self.hub
    }

    fn spectrum(&self) -> Option<&Spectrum> {
        Some(&self.spectrum)
    }

    fn identity(&self) -> UnitIdentity {
        // Remotes that were let in are told; whoever asks for the unit's health is not.
        UnitIdentity { cloud: self.app.ways().cloud, ..self.unit() }
    }

    fn capabilities(&self) -> Vec<&'static str> {
        super::CAPABILITIES.to_vec()
    }

    fn is_known(&self, member: u64) -> bool {
        self.phones.is_known(member)
    }

    fn seen(&self, member: u64) {
        self.phones.seen(member);
    }
}

fn note_of_wait(wait: Duration) -> String {
    if wait.is_zero() {
        return String::new();
    }
    let seconds = wait.as_millis().div_ceil(1000);
    format!("Too many wrong codes: digits are taken again in {seconds} s")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
