//! The way to the unit: one WebSocket for everything, a few requests for letting phones in and out; on the
//! unit's own network, or through the cloud.

pub mod cloud;
mod frames;
pub mod http;
pub mod json;
pub mod link;
pub mod place;
mod relay;
pub mod socket;
