//! Parts that several pages are made of.

pub mod actions;
pub mod button;
pub mod player;
pub mod rows;
pub mod sleep;
pub mod slider;
pub mod spectrum;
pub mod state;
pub mod volume;

pub use button::{button, choice, tool};
