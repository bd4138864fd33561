//! The pages of the phones.

use protocol::remote::Role;
use protocol::tidy_name;

use super::{row, window};
use crate::nav::{Nav, PhoneRow};
use crate::remote_desk::Phone;
use crate::screen::{Action, EnrolView, List, Page, Row, RowKind};
use crate::state::State;

/// Where the unit can be reached, the way in, and who is in.
pub(super) fn phones(state: &State, nav: &Nav) -> List {
    window("Phones", &nav.phones, PhoneRow::total(state), |index| match PhoneRow::at(state, index) {
        Some(PhoneRow::Address(index)) => {
            let address = state.remote.addresses.get(index).map_or("", String::as_str);
            let detail = if index == 0 { "in any browser" } else { "" };
            row(address, detail.into(), RowKind::Address, false)
        }
        Some(PhoneRow::NoNetwork) => {
            row("No network", "Connect Wi-Fi or a cable".into(), RowKind::Address, false)
        }
        Some(PhoneRow::Add(Role::Owner)) => action("Add a phone", "", Action::AddPhone),
        Some(PhoneRow::Add(Role::Guest)) => action("Add a guest", "looks only", Action::AddGuest),
        Some(PhoneRow::Phone(index)) => match state.remote.phones.get(index) {
            Some(phone) => phone_row(phone),
            None => action("", "", Action::Keep),
        },
        Some(PhoneRow::ForgetAll) | None => action("Forget all phones …", "", Action::Delete),
    })
}

fn action(label: &str, detail: &str, action: Action) -> Row {
    row(label, detail.into(), RowKind::Action(action), false)
}

fn phone_row(phone: &Phone) -> Row {
    let detail = match (phone.role, phone.connected) {
        (Role::Owner, true) => "connected",
        (Role::Owner, false) => "",
        (Role::Guest, true) => "guest · connected",
        (Role::Guest, false) => "guest",
    };
    row(&phone_name(phone), detail.into(), RowKind::Phone, phone.connected)
}

/// What its owner calls it, on one line.
pub(crate) fn phone_name(phone: &Phone) -> String {
    tidy_name(&phone.name).unwrap_or_else(|| "A phone".into())
}

/// The code, while its page is open and somebody may join.
pub(super) fn enrol(state: &State, nav: &Nav) -> Option<EnrolView> {
    let open = state.remote.enrolment.as_ref().filter(|_| nav.page() == Page::Enrol)?;
    Some(EnrolView {
        pin: open.pin.clone(),
        url: open.url.clone(),
        address: state.remote.addresses.first().cloned().unwrap_or_default(),
        role: open.role,
        left_s: state.enrolment_left_s(),
        note: open.note.clone(),
    })
}
