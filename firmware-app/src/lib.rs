//! The stereo itself: one event loop, the state and its store, the Slint pages.
//!
//! [`App::start`] takes a board and gives a handle. Inside, every event goes through one channel into
//! `app_loop`; `model` (state and navigation, pure) answers with effects and a picture; the loop
//! carries out the effects, sound first, and publishes the picture as one [`frame::Frame`].

pub mod catalog_tools;
pub mod cloud;
pub mod cloud_desk;
pub mod event;
pub mod frame;
pub mod mpd;
pub mod offline;
pub mod percent;
pub mod remote;
pub mod remote_desk;
pub mod remote_files;
pub mod screen;
pub mod sound;
pub mod ui;

mod app;
mod app_loop;
mod asking;
mod catalog;
mod files;
mod indexer;
mod keymap;
mod letters;
mod model;
mod nav;
mod player;
mod publisher;
mod pumps;
mod reader;
mod songs;
mod state;
mod store;
mod view;

/// What may be said to a unit and what it says, for those who depend on this crate alone.
pub use ::protocol;

pub use app::{App, AppConfig, AppHandle, StartError};
pub use asking::{NoAnswer, Reply};
pub use library::WorkerCommand;
pub use sound::{PresetFileError, factory_presets, load_preset_file};
