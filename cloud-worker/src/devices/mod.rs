//! Units that belong to somebody: seen by their owner ([`list()`], [`rename`], [`unpair`], [`transfer`]) and by
//! themselves ([`own`]).

mod change;
mod list;
pub mod own;
mod ticket;
pub mod transfer;

use protocol::cloud::Asker;
use serde::Deserialize;

pub use change::{NewName, rename, unpair};
pub use list::{DeviceList, list};
pub use ticket::{TicketGiven, remote, ticket};

/// The unit that has signed a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Device {
    /// `devices.id`.
    pub id: String,
    /// Whose it is: `users.id`.
    #[serde(rename = "user_id")]
    pub user: String,
    /// Its name in the account.
    pub name: String,
    /// Thumbprint of its key.
    #[serde(rename = "key_hash")]
    pub key: String,
}

/// A name and an address of mail as the queries have them.
#[derive(Clone, Debug, Deserialize)]
struct Owner {
    owner_name: String,
    owner_email: Option<String>,
}

impl From<Owner> for Asker {
    fn from(owner: Owner) -> Self {
        Self { name: owner.owner_name, email: owner.owner_email }
    }
}
