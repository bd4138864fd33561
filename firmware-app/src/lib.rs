//! The stereo itself: one event loop, the state and its store, the Slint pages.

pub mod event;
pub mod frame;
pub mod screen;
