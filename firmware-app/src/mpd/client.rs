//! What the server remembers of one client.

use std::net::IpAddr;

use super::idle::Watch;
use super::tag::TagSet;

/// Bytes of a picture sent at a time, unless the client asks for more or less.
const BINARY: usize = 8192;

/// A client.
#[derive(Debug)]
pub(super) struct Client {
    pub address: IpAddr,
    /// Let in by the password, or without one.
    pub is_in: bool,
    pub wrong_passwords: u32,
    /// Tags it wants to see of songs.
    pub tags: TagSet,
    pub binary_limit: usize,
    pub watch: Watch,
    /// It said `close`.
    pub is_closing: bool,
}

impl Client {
    pub fn new(address: IpAddr, is_in: bool, watch: Watch) -> Self {
        Self {
            address,
            is_in,
            wrong_passwords: 0,
            tags: TagSet::ALL,
            binary_limit: BINARY,
            watch,
            is_closing: false,
        }
    }
}
