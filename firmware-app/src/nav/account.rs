//! The pages of the account: whose the unit is, how it gets an owner, what of its use is told.

use super::sheet::Sheet;
use super::{Act, Nav};
use crate::cloud_desk::{CloudRequest, Pairing};
use crate::screen::{Action, Page};
use crate::state::{State, person_name};

/// A row of the account's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountRow {
    /// The cloud, and how the link stands.
    Link,
    /// Gives the unit an owner.
    Pair,
    /// Whose it is.
    Owner,
    /// What of its use is told.
    Sent,
    /// Makes it nobody's.
    Unlink,
}

impl AccountRow {
    fn all(state: &State) -> &'static [Self] {
        match state.cloud.owner {
            Some(_) => &[Self::Owner, Self::Link, Self::Sent, Self::Unlink],
            None => &[Self::Link, Self::Pair],
        }
    }

    pub fn total(state: &State) -> usize {
        Self::all(state).len()
    }

    pub fn at(state: &State, index: usize) -> Option<Self> {
        Self::all(state).get(index).copied()
    }

    /// Where the focus rests: on a row that does something and gives nothing away.
    pub fn rest(state: &State) -> usize {
        let is_it = |row: &Self| matches!(row, Self::Pair | Self::Sent);
        Self::all(state).iter().position(is_it).unwrap_or(0)
    }
}

/// A row of the page that says what is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SentRow {
    /// Tell it, or not.
    Switch,
    /// What is told, and what never.
    Promise,
    /// A count that waits, from 0.
    Pending(usize),
    /// None waits.
    Nothing,
}

impl SentRow {
    pub fn total(state: &State) -> usize {
        2 + state.cloud.pending.len().max(1)
    }

    pub fn at(state: &State, index: usize) -> Option<Self> {
        match index {
            0 => Some(Self::Switch),
            1 => Some(Self::Promise),
            2 if state.cloud.pending.is_empty() => Some(Self::Nothing),
            _ => (index < Self::total(state)).then_some(Self::Pending(index - 2)),
        }
    }
}

impl Nav {
    pub(super) fn press_account(&mut self, state: &State) {
        match AccountRow::at(state, self.account.focus()) {
            Some(AccountRow::Pair) if state.cloud.pairing == Pairing::None => {
                // The page comes once there is something to wait for.
                self.awaits_pairing = true;
                self.acts.push(Act::Cloud(CloudRequest::Pair));
            }
            Some(AccountRow::Pair) => self.open(state, Page::Pair),
            Some(AccountRow::Sent) => self.open(state, Page::Sent),
            Some(AccountRow::Unlink) => {
                let name = state.cloud.owner.as_ref().map(person_name).unwrap_or_default();
                let question = format!("Unlink from {name}?");
                let unlink = Act::Cloud(CloudRequest::Unlink);
                let sheet = Sheet::confirm(question, "Stay linked", Action::Delete, "Unlink", unlink);
                self.open_sheet(state, sheet);
            }
            Some(AccountRow::Link | AccountRow::Owner) | None => {}
        }
    }

    pub(super) fn press_sent(&mut self, state: &State) {
        if SentRow::at(state, self.sent.focus()) == Some(SentRow::Switch) {
            self.acts.push(Act::Cloud(CloudRequest::SetUsage { on: !state.cloud.tells_usage }));
        }
    }

    /// The link has said something, or was asked something.
    pub fn cloud_changed(&mut self, state: &State) {
        let is_pairing = state.cloud.pairing != Pairing::None;
        match self.page() {
            Page::Account if is_pairing && std::mem::take(&mut self.awaits_pairing) => {
                self.open(state, Page::Pair);
            }
            Page::Pair if !is_pairing => {
                self.leave_page(state);
                self.account.focus_on(AccountRow::rest(state));
            }
            Page::Sent if state.cloud.owner.is_none() => self.leave_page(state),
            _ => {}
        }
    }

    /// The driver says whether who asks may have the unit. While nobody asks, a press means nothing.
    pub(super) fn answer_pairing(&mut self, state: &State, accept: bool) {
        if self.page() == Page::Pair && matches!(state.cloud.pairing, Pairing::Asks { .. }) {
            self.acts.push(Act::Cloud(CloudRequest::Answer { accept }));
        }
    }

    /// The page of the pairing is left: nobody gets the unit behind the driver's back.
    pub(super) fn close_pairing(&mut self, state: &State) {
        self.awaits_pairing = false;
        if self.page() != Page::Pair {
            return;
        }
        let request = match state.cloud.pairing {
            Pairing::None | Pairing::Answered => return,
            Pairing::Asks { .. } => CloudRequest::Answer { accept: false },
            Pairing::Begins | Pairing::Code(_) => CloudRequest::CancelPairing,
        };
        self.acts.push(Act::Cloud(request));
    }
}
