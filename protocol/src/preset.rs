//! Sound presets: the part of the sound that travels from unit to unit.

use serde::{Deserialize, Serialize};

use crate::{Decibels, Hertz};

/// Centre frequencies of the 10-band graphic view, in Hz (octaves around 1 kHz, ISO 266).
pub const GRAPHIC_BANDS_HZ: [f32; 10] =
    [31.5, 63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0];
/// Quality factor of a one-octave graphic band.
pub const GRAPHIC_Q: f32 = 1.41;
/// Largest boost or cut of a band, in dB.
pub const BAND_GAIN_LIMIT_DB: f32 = 12.0;
/// Most bands a preset may hold.
pub const MAX_BANDS: usize = 31;

/// The shape of one equaliser band.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BandKind {
    /// A bell around the frequency.
    #[default]
    Peaking,
    /// Everything below the frequency.
    LowShelf,
    /// Everything above the frequency.
    HighShelf,
}

/// One band of the parametric equaliser.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EqBand {
    /// The shape; a bell where it is not given.
    #[serde(default)]
    pub kind: BandKind,
    /// Centre (bell) or corner (shelf) frequency, 20 Hz to 20 kHz.
    pub frequency: Hertz,
    /// Boost or cut, ±[`BAND_GAIN_LIMIT_DB`].
    pub gain: Decibels,
    /// Quality factor, 0.1 to 10.
    pub q: f32,
}

/// A named sound: the equaliser and its head-room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SoundPreset {
    /// Shown to the driver; 1 to 40 characters.
    pub name: String,
    /// Gain ahead of the bands, −24 to 0 dB, that keeps boosts out of the limiter.
    #[serde(default)]
    pub preamp: Decibels,
    /// At most [`MAX_BANDS`] bands, in the order of their frequencies.
    pub bands: Vec<EqBand>,
}

/// Why a preset is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PresetError {
    /// The name is empty or too long to show.
    #[error("a preset's name has 1 to 40 characters, this one has {0}")]
    Name(usize),
    /// More bands than the equaliser has.
    #[error("a preset has at most {MAX_BANDS} bands, this one has {0}")]
    TooManyBands(usize),
    /// A number is outside its range, or is not a number.
    #[error("{field} of band {band} is {value}; it must lie from {min} to {max}")]
    Range {
        /// Index of the band, from 1; 0 is the preset itself.
        band: usize,
        /// What the number stands for.
        field: &'static str,
        /// The number given.
        value: f32,
        /// Smallest allowed.
        min: f32,
        /// Largest allowed.
        max: f32,
    },
}

impl SoundPreset {
    /// The 10-band graphic view with every band at 0 dB: changes no sample.
    #[must_use]
    pub fn flat() -> Self {
        let band =
            |hz| EqBand { kind: BandKind::Peaking, frequency: Hertz(hz), gain: Decibels(0.0), q: GRAPHIC_Q };
        Self {
            name: "Flat".to_owned(),
            preamp: Decibels(0.0),
            bands: GRAPHIC_BANDS_HZ.into_iter().map(band).collect(),
        }
    }

    /// Checks a preset that came from outside.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn validate(&self) -> Result<(), PresetError> {
        let length = self.name.chars().count();
        if !(1..=40).contains(&length) {
            return Err(PresetError::Name(length));
        }
        if self.bands.len() > MAX_BANDS {
            return Err(PresetError::TooManyBands(self.bands.len()));
        }
        in_range(0, "preamp", self.preamp.0, -24.0, 0.0)?;
        for (index, band) in self.bands.iter().enumerate() {
            let number = index + 1;
            in_range(number, "frequency", band.frequency.0, 20.0, 20_000.0)?;
            in_range(number, "gain", band.gain.0, -BAND_GAIN_LIMIT_DB, BAND_GAIN_LIMIT_DB)?;
            in_range(number, "q", band.q, 0.1, 10.0)?;
        }
        Ok(())
    }
}

fn in_range(band: usize, field: &'static str, value: f32, min: f32, max: f32) -> Result<(), PresetError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(PresetError::Range { band, field, value, min, max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_is_valid_and_survives_json() {
        let flat = SoundPreset::flat();
        flat.validate().unwrap();
        let text = serde_json::to_string(&flat).unwrap();
        assert_eq!(serde_json::from_str::<SoundPreset>(&text).unwrap(), flat);
    }

    #[test]
    fn numbers_outside_their_range_are_refused_by_name() {
        let mut preset = SoundPreset::flat();
        preset.bands[2].gain = Decibels(f32::NAN);
        let error = preset.validate().unwrap_err().to_string();
        assert!(error.starts_with("gain of band 3"), "{error}");
        preset.bands = vec![preset.bands[0]; MAX_BANDS + 1];
        assert_eq!(preset.validate(), Err(PresetError::TooManyBands(MAX_BANDS + 1)));
        preset.name.clear();
        assert_eq!(preset.validate(), Err(PresetError::Name(0)));
    }
}
