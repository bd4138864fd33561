//! Requests to the cloud as whoever is signed in: an access token that is over is renewed once, unseen.

use serde::Deserialize;

use super::http::{Heard, request, request_if};
use super::json::read;

/// What a ticket request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ticket {
    /// It opens one WebSocket, soon.
    Given(String),
    /// Nobody is signed in.
    SignedOut,
    /// The unit is not, or no longer, of this account.
    Gone,
    /// The cloud did not answer, or not now.
    Unclear,
}

/// Asks; where the access token is over, renews it and asks again. `heard` is called once.
fn ask(method: &'static str, address: &str, heard: impl FnOnce(Heard) + 'static) {
    ask_boxed(method, address.to_owned(), None, None, Box::new(heard));
}

/// The same with a body, and on a condition: the value of `If-Match`.
pub fn ask_if(
    method: &'static str,
    address: &str,
    body: Option<String>,
    condition: Option<String>,
    heard: impl FnOnce(Heard) + 'static,
) {
    ask_boxed(method, address.to_owned(), body, condition, Box::new(heard));
}

fn ask_boxed(
    method: &'static str,
    address: String,
    body: Option<String>,
    condition: Option<String>,
    heard: Box<dyn FnOnce(Heard)>,
) {
    let (to, first, when) = (address.clone(), body.clone(), condition.clone());
    let answered = Box::new(move |said: Heard| match said {
        Some((401, _)) => request("POST", "/api/auth/refresh", None, move |renewed| match renewed {
            // 409: another tab has just renewed it, for this one too.
            Some((200 | 409, _)) => {
                request_if(method, &address, body.as_deref(), condition.as_deref(), heard);
            }
            None => heard(None),
            _ => heard(said),
        }),
        said => heard(said),
    });
    request_if(method, &to, first.as_deref(), when.as_deref(), answered);
}

/// Asks for a way to a unit.
pub fn ticket(device: &str, heard: impl FnOnce(Ticket) + 'static) {
    let address = format!("/api/devices/{device}/ticket");
    ask("POST", &address, move |said| heard(read_ticket(said)));
}

fn read_ticket(said: Heard) -> Ticket {
    #[derive(Deserialize)]
    struct Given {
        ticket: String,
    }
    match said {
        Some((200 | 201, body)) => {
            read::<Given>(&body).map_or(Ticket::Unclear, |given| Ticket::Given(given.ticket))
        }
        Some((401, _)) => Ticket::SignedOut,
        Some((404, _)) => Ticket::Gone,
        _ => Ticket::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_to_a_ticket_request_has_its_meaning() {
        let said = |status, body: &str| read_ticket(Some((status, body.to_owned())));
        assert_eq!(said(200, r#"{"ticket":"abc","expires_in":30}"#), Ticket::Given("abc".into()));
        assert_eq!(said(200, "<html>"), Ticket::Unclear);
        assert_eq!(said(401, "{}"), Ticket::SignedOut);
        assert_eq!(said(404, "{}"), Ticket::Gone);
        for status in [400, 403, 429, 500, 503] {
            assert_eq!(said(status, "{}"), Ticket::Unclear, "{status}");
        }
        assert_eq!(read_ticket(None), Ticket::Unclear);
    }
}
