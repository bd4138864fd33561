//! The page of phones: where the unit can be reached, who may control it, and the way in for one more.

use protocol::remote::Role;

use super::sheet::{Choice, Sheet, Then};
use super::{Act, Nav};
use crate::remote_desk::{Phone, RemoteRequest};
use crate::screen::{Action, Page};
use crate::state::State;

/// Addresses shown; the best come first.
const ADDRESSES: usize = 2;

/// A row of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneRow {
    /// There is no address.
    NoNetwork,
    /// One to type into a phone, from 0.
    Address(usize),
    /// Lets a phone join.
    Add(Role),
    /// One that has joined, from 0.
    Phone(usize),
    /// Forgets them all.
    ForgetAll,
}

impl PhoneRow {
    fn heads(state: &State) -> usize {
        state.remote.addresses.len().clamp(1, ADDRESSES)
    }

    pub fn total(state: &State) -> usize {
        let phones = state.remote.phones.len();
        Self::heads(state) + 2 + phones + usize::from(phones > 1)
    }

    pub fn at(state: &State, index: usize) -> Option<Self> {
        let heads = Self::heads(state);
        let Some(index) = index.checked_sub(heads) else {
            let is_reachable = !state.remote.addresses.is_empty();
            return Some(if is_reachable { Self::Address(index) } else { Self::NoNetwork });
        };
        let phones = state.remote.phones.len();
        match index {
            0 => Some(Self::Add(Role::Owner)),
            1 => Some(Self::Add(Role::Guest)),
            _ if index - 2 < phones => Some(Self::Phone(index - 2)),
            _ => (index - 2 == phones && phones > 1).then_some(Self::ForgetAll),
        }
    }

    /// Where the focus rests: on the first row that does something.
    pub fn rest(state: &State) -> usize {
        Self::heads(state)
    }
}

impl Nav {
    pub(super) fn press_phone(&mut self, state: &State) {
        match PhoneRow::at(state, self.phones.focus()) {
            Some(PhoneRow::Add(role)) => self.add_phone(state, role),
            Some(PhoneRow::Phone(index)) => {
                if let Some(phone) = state.remote.phones.get(index) {
                    self.open_sheet(state, phone_sheet(phone));
                }
            }
            Some(PhoneRow::ForgetAll) => {
                let question = "Forget all phones?".to_owned();
                let all = Act::Remote(RemoteRequest::RevokeAll);
                let sheet = Sheet::confirm(question, "Keep them", Action::Delete, "Forget them all", all);
                self.open_sheet(state, sheet);
            }
            Some(PhoneRow::NoNetwork | PhoneRow::Address(_)) | None => {}
        }
    }

    fn add_phone(&mut self, state: &State, role: Role) {
        if state.remote.enrolment.as_ref().is_some_and(|open| open.role == role) {
            return self.open(state, Page::Enrol);
        }
        // The page comes with the server's answer: only then there is a code to show.
        self.awaits_enrolment = true;
        self.acts.push(Act::Remote(RemoteRequest::OpenEnrolment { role }));
    }

    /// The server has said something.
    pub fn remote_changed(&mut self, state: &State) {
        let is_open = state.remote.enrolment.is_some();
        match self.page() {
            Page::Phones if is_open && std::mem::take(&mut self.awaits_enrolment) => {
                self.open(state, Page::Enrol);
            }
            Page::Enrol if !is_open => self.leave_page(state),
            _ => {}
        }
    }

    /// The page with the code is left: nobody may join behind the driver's back.
    pub(super) fn close_enrolment(&mut self) {
        if self.page() == Page::Enrol {
            self.acts.push(Act::Remote(RemoteRequest::CloseEnrolment));
        }
    }
}

fn phone_sheet(phone: &Phone) -> Sheet {
    let name = crate::view::phone_name(phone);
    let forget = Act::Remote(RemoteRequest::Revoke { id: phone.id });
    let sure = format!("Forget “{name}”?");
    let sure = Sheet::confirm(sure, "Keep it", Action::Delete, "Forget it", forget);
    Sheet::new(name, vec![Choice::new("Forget this phone …", Action::Delete, Then::Ask(sure))])
}
