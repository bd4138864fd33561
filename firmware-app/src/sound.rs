//! Sounds: the factory presets, preset files, and what they mean to the engine.

use std::path::Path;
use std::sync::OnceLock;

use engine::{Band, BandShape, Params};
use protocol::{BandKind, EqBand, PresetError, SoundPreset};

use crate::state::State;

/// The limiter's ceiling, dBFS: full scale, so that a flat chain at 0 dB changes no sample.
const CEILING_DB: f32 = 0.0;
/// The level of silence, dB.
const SILENCE_DB: f32 = -100.0;
/// A preset file is a few kilobytes; anything much bigger is something else.
const LARGEST_FILE: u64 = 256 * 1024;

/// The factory presets' files, in the order the driver sees them.
const FACTORY_FILES: [&str; 12] = [
    include_str!("../presets/flat.json"),
    include_str!("../presets/rock.json"),
    include_str!("../presets/pop.json"),
    include_str!("../presets/jazz.json"),
    include_str!("../presets/classical.json"),
    include_str!("../presets/electronic.json"),
    include_str!("../presets/vocal.json"),
    include_str!("../presets/bass_boost.json"),
    include_str!("../presets/treble_boost.json"),
    include_str!("../presets/loudness.json"),
    include_str!("../presets/small_speakers.json"),
    include_str!("../presets/night.json"),
];

/// Why a preset file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PresetFileError {
    /// The system would not let us read it.
    #[error("cannot read the preset {path}: {source}")]
    Read {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Far larger than any preset.
    #[error("{path} is too large to be a preset")]
    TooLarge {
        /// Which file.
        path: String,
    },
    /// Not JSON, or not a preset's.
    #[error("{path} is not a preset: {source}")]
    Syntax {
        /// Which file.
        path: String,
        /// What and where.
        source: serde_json::Error,
    },
    /// A preset with something that is not allowed.
    #[error("the preset {path} cannot be used: {source}")]
    Invalid {
        /// Which file.
        path: String,
        /// What.
        source: PresetError,
    },
}

/// The sounds every unit has, `Flat` first.
#[must_use]
pub fn factory_presets() -> &'static [SoundPreset] {
    static PRESETS: OnceLock<Vec<SoundPreset>> = OnceLock::new();
    PRESETS.get_or_init(|| FACTORY_FILES.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
}

/// A factory preset by its name, in any case.
#[must_use]
pub fn find_preset(name: &str) -> Option<&'static SoundPreset> {
    factory_presets().iter().find(|preset| preset.name.to_lowercase() == name.to_lowercase())
}

/// Reads and checks a preset from a JSON file.
///
/// # Errors
/// The file cannot be read, is not a preset, or holds a number outside its range.
pub fn load_preset_file(path: &Path) -> Result<SoundPreset, PresetFileError> {
    let name = || path.display().to_string();
    let read = |source| PresetFileError::Read { path: name(), source };
    if std::fs::metadata(path).map_err(read)?.len() > LARGEST_FILE {
        return Err(PresetFileError::TooLarge { path: name() });
    }
    let text = std::fs::read(path).map_err(read)?;
    let preset: SoundPreset =
        serde_json::from_slice(&text).map_err(|source| PresetFileError::Syntax { path: name(), source })?;
    preset.validate().map_err(|source| PresetFileError::Invalid { path: name(), source })?;
    Ok(preset)
}

/// A preset as the engine's parameters, at full level and in the middle.
#[must_use]
pub fn preset_params(preset: &SoundPreset) -> Params {
    Params {
        preamp_db: preset.preamp.0,
        bands: preset.bands.iter().map(engine_band).collect(),
        ceiling_db: CEILING_DB,
        ..Params::default()
    }
}

/// Everything the engine has to know of the sound.
pub(crate) fn params(state: &State) -> Params {
    Params {
        volume_db: (state.volume.level.0 + state.sleep.gain_db()).max(SILENCE_DB),
        muted: state.volume.muted,
        eq_enabled: state.sound.eq_enabled,
        balance: state.sound.balance,
        ..preset_params(&state.sound.preset)
    }
}

fn engine_band(band: &EqBand) -> Band {
    let shape = match band.kind {
        BandKind::Peaking => BandShape::Peaking,
        BandKind::LowShelf => BandShape::LowShelf,
        BandKind::HighShelf => BandShape::HighShelf,
    };
    Band { shape, frequency: band.frequency.0, gain_db: band.gain.0, q: band.q }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::GRAPHIC_BANDS_HZ;
    use std::f64::consts::PI;

    #[test]
    fn every_preset_file_is_in_the_table_and_valid() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("presets");
        let mut names = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let preset = load_preset_file(&path).unwrap();
            assert!(factory_presets().contains(&preset), "{} is not in the table", path.display());
            let bands: Vec<f32> = preset.bands.iter().map(|band| band.frequency.0).collect();
            assert_eq!(bands, GRAPHIC_BANDS_HZ, "{}", preset.name);
            names.push(preset.name.to_lowercase());
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), FACTORY_FILES.len());
        assert_eq!(factory_presets().len(), FACTORY_FILES.len());
        assert_eq!(factory_presets()[0], SoundPreset::flat());
    }

    /// Magnitude in dB of a bell (Audio EQ Cookbook, Bristow-Johnson), from its analogue prototype
    /// through the bilinear transform.
    fn bell_db(band: &EqBand, hz: f64, rate: f64) -> f64 {
        let a = 10f64.powf(f64::from(band.gain.0) / 40.0);
        let w0 = 2.0 * PI * f64::from(band.frequency.0) / rate;
        let alpha = w0.sin() / (2.0 * f64::from(band.q));
        let b = [1.0 + alpha * a, -2.0 * w0.cos(), 1.0 - alpha * a];
        let d = [1.0 + alpha / a, -2.0 * w0.cos(), 1.0 - alpha / a];
        let w = 2.0 * PI * hz / rate;
        let power = |c: [f64; 3]| {
            let re = c[0] + c[1] * w.cos() + c[2] * (2.0 * w).cos();
            let im = c[1] * w.sin() + c[2] * (2.0 * w).sin();
            re * re + im * im
        };
        10.0 * (power(b) / power(d)).log10()
    }

    #[test]
    fn no_factory_preset_boosts_any_frequency_beyond_full_level() {
        for preset in factory_presets() {
            for rate in [44_100.0, 48_000.0] {
                for n in 0..400 {
                    let hz = 20.0 * 1000f64.powf(f64::from(n) / 399.0);
                    let sum: f64 = preset.bands.iter().map(|band| bell_db(band, hz, rate)).sum();
                    let total = sum + f64::from(preset.preamp.0);
                    assert!(total <= 0.0, "{} reaches {total:.2} dB at {hz:.0} Hz", preset.name);
                }
            }
        }
    }

    #[test]
    fn presets_are_found_in_any_case_and_bad_files_are_named() {
        assert_eq!(find_preset("ROCK").unwrap().name, "Rock");
        assert!(find_preset("nothing").is_none());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.json");
        assert!(load_preset_file(&file).unwrap_err().to_string().contains("x.json"));
        std::fs::write(&file, "[1, 2]").unwrap();
        assert!(load_preset_file(&file).unwrap_err().to_string().contains("is not a preset"));
        std::fs::write(&file, r#"{"name":"x","preamp":3,"bands":[]}"#).unwrap();
        assert!(load_preset_file(&file).unwrap_err().to_string().contains("preamp"));
    }
}
