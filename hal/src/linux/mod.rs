//! The board's own drivers on Linux: ALSA, DRM, evdev, sysfs, mountinfo and the service manager's
//! watchdog, without any desktop in between.
//!
//! What tests without hardware can show is shown: conversion, negotiation against plugin PCMs, the
//! parsers, byte streams and sockets. What only a board can show is the timing: latency, xruns under
//! load, and how a particular driver reports that it is gone.

mod alsa_config;
mod alsa_pcm;
mod alsa_run;
mod alsa_sink;
mod backlight;
mod evdev_ignition;
mod evdev_input;
mod evdev_stream;
mod keymap;
mod media;
mod mountinfo;
mod notify;
mod realtime;
mod screen;
mod touch;
mod volume;
mod watch;

pub use alsa_config::AlsaConfig;
pub use alsa_sink::AlsaSink;
pub use backlight::SysfsBacklight;
pub use evdev_ignition::{EvdevIgnition, IgnitionLine, LineCode};
pub use evdev_input::{EvdevInput, RawInput};
pub use evdev_stream::{EventStream, RawEvents};
pub use keymap::{Action, Keymap, KeymapError};
pub use media::MountinfoMedia;
pub use mountinfo::{Mount, parse_mountinfo};
pub use notify::{Notifier, NotifyWatchdog};
pub use screen::{DrmConfig, DrmScreen};
