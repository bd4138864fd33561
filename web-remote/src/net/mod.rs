//! The way to the unit: one WebSocket for everything, a few requests for letting phones in and out.

pub mod http;
pub mod link;
pub mod socket;
