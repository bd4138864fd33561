//! The cloud companion: accounts, pairing, presets, relay and usage, on Cloudflare Workers.
//!
//! An event comes in by [`entry`], passes the edge ([`edge`]) and reaches the handler that [`routes`] names.
//! What can be decided without the runtime is decided in functions that know nothing of it, and is tested on
//! the machine that builds.

pub mod auth;
pub mod clock;
pub mod config;
pub mod devices;
pub mod edge;
pub mod entry;
pub mod features;
pub mod health;
pub mod ids;
pub mod limits;
pub mod openapi;
pub mod pairing;
pub mod people;
pub mod presets;
pub mod proof;
pub mod relay;
pub mod routes;
pub mod store;
pub mod sweep;
pub mod usage;
