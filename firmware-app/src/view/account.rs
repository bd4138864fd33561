//! The pages of the account.

use protocol::cloud::UsageKind;
use protocol::tidy_name;

use super::{row, window};
use crate::cloud_desk::{LinkState, Pairing, UsageLine};
use crate::nav::{AccountRow, Nav, SentRow};
use crate::screen::{Action, List, Page, PairView, Row, RowKind};
use crate::state::{State, person_name};

/// Whose the unit is, and how the link stands.
pub(super) fn account(state: &State, nav: &Nav) -> List {
    window("Account", &nav.account, AccountRow::total(state), |index| {
        match AccountRow::at(state, index).unwrap_or(AccountRow::Link) {
            AccountRow::Link => row(&state.cloud.server, link_text(state), RowKind::Address, false),
            AccountRow::Pair => {
                row("Link this unit to an account …", String::new(), RowKind::Action(Action::Pair), false)
            }
            AccountRow::Owner => {
                let owner = state.cloud.owner.clone().unwrap_or_default();
                let email = owner.email.as_deref().and_then(tidy_name).unwrap_or_default();
                row(&person_name(&owner), email, RowKind::Owner, true)
            }
            AccountRow::Sent => {
                let detail = if state.cloud.tells_usage { "how the unit is used" } else { "nothing" };
                row("What is sent", detail.into(), RowKind::Page, false)
            }
            AccountRow::Unlink => row("Unlink …", String::new(), RowKind::Action(Action::Delete), false),
        }
    })
}

fn link_text(state: &State) -> String {
    match &state.cloud.link {
        LinkState::Off => "not linked".into(),
        LinkState::Connecting => "connecting …".into(),
        LinkState::Online => "connected".into(),
        LinkState::Offline { why } if state.cloud.link_minutes == 0 => format!("offline · {why}"),
        LinkState::Offline { why } => format!("offline for {} · {why}", minutes(state.cloud.link_minutes)),
    }
}

fn minutes(minutes: u32) -> String {
    if minutes < 120 { format!("{minutes} min") } else { format!("{} h", minutes / 60) }
}

/// What of the unit's use is told, and what waits.
pub(super) fn sent(state: &State, nav: &Nav) -> List {
    window("What is sent", &nav.sent, SentRow::total(state), |index| match SentRow::at(state, index) {
        Some(SentRow::Switch) | None => {
            let value = if state.cloud.tells_usage { "On" } else { "Off" };
            row("Tell how this unit is used", value.into(), RowKind::Value, false)
        }
        Some(SentRow::Promise) => {
            row("Counts of a day, as below. Never what you hear.", String::new(), RowKind::Words, false)
        }
        Some(SentRow::Nothing) => {
            let text =
                if state.cloud.tells_usage { "Nothing waits to be sent" } else { "Nothing is counted" };
            row(text, String::new(), RowKind::Words, false)
        }
        Some(SentRow::Pending(index)) => match state.cloud.pending.get(index) {
            Some(line) => pending(line),
            None => row("", String::new(), RowKind::Words, false),
        },
    })
}

fn pending(line: &UsageLine) -> Row {
    let what = match line.kind {
        UsageKind::PlayedSeconds => "Music played",
        UsageKind::TracksFinished => "Tracks heard to their end",
        UsageKind::Starts => "Starts",
        UsageKind::RemoteCommands => "Commands by remotes",
        UsageKind::Underruns => "Gaps in the sound",
    };
    let amount = match line.kind {
        UsageKind::PlayedSeconds => length(line.amount),
        _ => line.amount.to_string(),
    };
    row(what, format!("{} · {amount}", date(line.day)), RowKind::Count, false)
}

fn length(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// A day as `2026-11-22` (days to a date of the Gregorian calendar; H. Hinnant, `chrono`-compatible low-level
/// date algorithms, `civil_from_days`).
fn date(days: u32) -> String {
    let days = u64::from(days) + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

/// The pairing, while its page is open.
pub(super) fn pair(state: &State, nav: &Nav) -> Option<PairView> {
    if nav.page() != Page::Pair {
        return None;
    }
    let left_s = state.pairing_left_s();
    Some(match &state.cloud.pairing {
        Pairing::None => return None,
        Pairing::Begins => PairView::Waits { text: format!("Asking {} for a code …", state.cloud.server) },
        Pairing::Answered => PairView::Waits { text: format!("Telling {} …", state.cloud.server) },
        Pairing::Code(code) => PairView::Code {
            code: code.code.clone(),
            address: code.address.clone(),
            url: code.url.clone(),
            left_s,
        },
        Pairing::Asks { person, .. } => PairView::Asks {
            name: person_name(person),
            email: person.email.as_deref().and_then(tidy_name).unwrap_or_default(),
            left_s,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        for (days, text) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_779, "2026-11-22"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(date(days), text);
        }
        assert!(date(u32::MAX).len() > 10);
    }

    #[test]
    fn lengths_and_times_read_easily() {
        assert_eq!([length(59), length(60), length(3600 * 30 + 61)], ["59 s", "1 min", "30 h 1 min"]);
        assert_eq!(
            [minutes(1), minutes(119), minutes(120), minutes(6000)],
            ["1 min", "119 min", "2 h", "100 h"]
        );
    }
}
