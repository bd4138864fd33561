//! The way to the unit: one WebSocket for everything, a few requests for letting phones in and out.

mod frames;
pub mod http;
mod json;
pub mod link;
pub mod socket;
