//! Units of measure as types, where a bare number could be read two ways.

use serde::{Deserialize, Serialize};

/// A level or gain in decibels. As an amplitude factor: `10^(dB / 20)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Decibels(pub f32);

impl Decibels {
    /// Amplitude factor of this gain, `10^(dB / 20)`.
    #[must_use]
    pub fn amplitude(self) -> f32 {
        10.0_f32.powf(self.0 / 20.0)
    }
}

/// A frequency in hertz.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Hertz(pub f32);

/// A time in seconds; a position in a track or a duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Seconds(pub f64);
