//! The compositions, one a file.

pub mod coast_road;
pub mod home_by_morning;
pub mod rain;
pub mod sodium_lights;
