//! How a remote gets to a unit: a ticket for one connection, and the connection. A page cannot give a WebSocket
//! a header, and a cookie alone would let pages of others in.

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::edge::{Call, Problem, Reply};
use crate::ids;
use crate::relay::{self, Ask, TICKET_SECONDS};
use crate::store::devices;

/// A ticket.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct TicketGiven {
    /// To be given as `ticket`, once.
    ticket: String,
    /// Seconds that it is good for.
    expires_in: u32,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// `POST /api/devices/{id}/ticket`: a ticket of this session for this unit.
///
/// # Errors
/// 404 if it is not one's own; 429 if too many tickets wait for use.
pub async fn ticket(call: Call) -> Result<Reply, Problem> {
    let who = call.who()?;
    let values = [call.param(0).into(), (&who.user).into()];
    let device: Option<Id> = call.db()?.first(devices::OWN_DEVICE, &values).await?;
    let device = device.ok_or(Problem::NotFound)?.id;
    let ticket = ids::secret()?;
    let ask =
        Ask::Ticket { device: device.clone(), digest: ids::digest(&ticket), session: who.session.clone() };
    relay::ask(&call.env, &device, &ask).await?;
    Reply::json(&TicketGiven { ticket, expires_in: TICKET_SECONDS })
}

/// `GET /api/devices/{id}/remote?ticket=…`: the WebSocket of a remote. Only pages of ours may open it.
///
/// # Errors
/// 403 `cross_origin`, `ticket`; 400 `upgrade` without a WebSocket; 429 with too many remotes there.
pub async fn remote(call: Call) -> Result<Reply, Problem> {
    relay::wants_socket(&call)?;
    let origin = call.header("origin").unwrap_or_default();
    let known = origin == call.config.public_origin || call.config.cors_origins.contains(&origin);
    if !known {
        return Err(Problem::Forbidden("cross_origin", "Pages of other origins may not do this."));
    }
    let ticket = call.query("ticket").filter(|ticket| ids::is_token(ticket, ids::SECRET_LENGTH));
    let id = call.param(0);
    let ticket = ticket.filter(|_| ids::is_token(id, ids::ID_LENGTH)).ok_or(relay::BAD_TICKET)?;
    relay::open(&call.env, id, &Ask::Remote { digest: ids::digest(&ticket) }).await
}
