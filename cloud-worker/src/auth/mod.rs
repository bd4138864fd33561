//! Signing in: providers, the authorization code flow, sessions and access tokens.

pub mod access_token;
mod callback;
mod discovery;
mod exchange;
mod github;
mod id_token;
mod identify;
mod jwks;
mod link;
mod login;
pub mod outside;
pub mod provider;
pub mod session;
mod state;

pub use callback::callback;
pub use link::{Link, link, unlink};
pub use login::{ProviderList, login, providers};
pub use state::LOGIN_SECONDS;
