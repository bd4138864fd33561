//! Everything about the sound that can change while it plays, and its translation into the
//! fixed-size settings the audio thread takes.
use crate::dsp::biquad::Coeffs;

/// The most bands an equaliser can have.
pub const MAX_BANDS: usize = 31;
/// Band and preamp gains beyond ± this many dB are brought back to it.
const MAX_GAIN_DB: f32 = 24.0;
/// At and below this level the volume is exact silence, dB.
const SILENCE_DB: f32 = -100.0;

/// Everything about the sound that can change while it plays. Every change is ramped.
/// Values out of range are brought back into it; values that are no numbers count as neutral.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Level in dB; −100 and below is exact silence; never above 0.
    pub volume_db: f32,
    /// Silent for the moment.
    pub muted: bool,
    /// Equaliser in the chain.
    pub eq_enabled: bool,
    /// Gain ahead of the bands, dB, ±24.
    pub preamp_db: f32,
    /// At most 31; what is beyond is ignored.
    pub bands: Vec<Band>,
    /// −1 (left) to 1 (right). The near side stays as it is, the far side falls by cos(π/2·|balance|).
    pub balance: f32,
    /// The limiter's ceiling in dBFS, −60 to 0.
    pub ceiling_db: f32,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            volume_db: 0.0,
            muted: false,
            eq_enabled: true,
            preamp_db: 0.0,
            bands: Vec::new(),
            balance: 0.0,
            ceiling_db: 0.0,
        }
    }
}

/// Shape of a band (Robert Bristow-Johnson, Audio EQ Cookbook).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandShape {
    /// Bell.
    Peaking,
    /// Low shelf.
    LowShelf,
    /// High shelf.
    HighShelf,
}

/// One band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Shape.
    pub shape: BandShape,
    /// Hz; at least 5. A band at or above 0.49 of the output rate has no effect.
    pub frequency: f32,
    /// dB, ±24.
    pub gain_db: f32,
    /// Quality factor, 0.1 to 40.
    pub q: f32,
}

/// One band as the audio thread takes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BandSetting {
    /// What it was made from, brought into range: tells small moves from large ones.
    pub design: Band,
    /// The filter at its gain.
    pub coeffs: Coeffs,
    /// The same poles at 0 dB, where the filter changes nothing: where a band comes from and goes to.
    pub neutral: Coeffs,
}

/// What the audio thread is given: plain data of fixed size, all computed on the control side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// `None`: no such band, or one that changes nothing.
    pub bands: [Option<BandSetting>; MAX_BANDS],
    /// Linear gain ahead of the bands.
    pub preamp: f64,
    /// Linear gains left and right: volume and balance together.
    pub gains: [f32; 2],
    /// The limiter's ceiling, linear.
    pub ceiling: f32,
}

impl Settings {
    /// Translates `params` for an output of `rate` Hz.
    pub fn new(params: &Params, rate: u32) -> Self {
        let mut bands = [None; MAX_BANDS];
        let mut preamp = 1.0;
        if params.eq_enabled {
            preamp = linear(f64::from(tidy(params.preamp_db, -MAX_GAIN_DB, MAX_GAIN_DB, 0.0)));
            for (slot, band) in bands.iter_mut().zip(&params.bands) {
                *slot = BandSetting::new(band, rate);
            }
        }
        let ceiling_db = tidy(params.ceiling_db, -60.0, 0.0, 0.0);
        Self { bands, preamp, gains: gains(params), ceiling: linear(f64::from(ceiling_db)) as f32 }
    }
}

impl BandSetting {
    fn new(band: &Band, rate: u32) -> Option<Self> {
        let rate = f64::from(rate);
        let design = Band {
            shape: band.shape,
            frequency: tidy(band.frequency, 5.0, f32::MAX, 1000.0),
            gain_db: tidy(band.gain_db, -MAX_GAIN_DB, MAX_GAIN_DB, 0.0),
            q: tidy(band.q, 0.1, 40.0, 1.0),
        };
        if design.gain_db == 0.0 || f64::from(design.frequency) >= 0.49 * rate {
            return None;
        }
        let neutral = Band { gain_db: 0.0, ..design };
        Some(Self { design, coeffs: Coeffs::new(&design, rate), neutral: Coeffs::new(&neutral, rate) })
    }
}

/// Volume and balance as two linear gains. Exactly 1 at 0 dB in the middle, exactly 0 when silent.
fn gains(params: &Params) -> [f32; 2] {
    let volume_db = tidy(params.volume_db, f32::NEG_INFINITY, 0.0, SILENCE_DB);
    if params.muted || volume_db <= SILENCE_DB {
        return [0.0; 2];
    }
    let volume = linear(f64::from(volume_db));
    let balance = f64::from(tidy(params.balance, -1.0, 1.0, 0.0));
    let far = if balance.abs() >= 1.0 { 0.0 } else { (balance.abs() * std::f64::consts::FRAC_PI_2).cos() };
    let (left, right) = if balance > 0.0 { (far, 1.0) } else { (1.0, far) };
    [(volume * left) as f32, (volume * right) as f32]
}

/// dB to a linear factor; exactly 1 at 0 dB.
pub(crate) fn linear(db: f64) -> f64 {
    if db == 0.0 { 1.0 } else { 10f64.powf(db / 20.0) }
}

fn tidy(value: f32, low: f32, high: f32, otherwise: f32) -> f32 {
    if value.is_nan() { otherwise } else { value.clamp(low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neutral_parameters_are_exactly_one() {
        let settings = Settings::new(&Params::default(), 48_000);
        assert_eq!(settings.gains, [1.0, 1.0]);
        assert!(settings.preamp == 1.0 && settings.ceiling == 1.0);
        assert!(settings.bands.iter().all(Option::is_none));
    }

    #[test]
    fn silence_is_exact_and_garbage_is_harmless() {
        for volume_db in [-100.0, -120.0, f32::NEG_INFINITY, f32::NAN] {
            let params = Params { volume_db, ..Params::default() };
            assert_eq!(Settings::new(&params, 48_000).gains, [0.0, 0.0], "{volume_db}");
        }
        let wild =
            Band { shape: BandShape::Peaking, frequency: f32::NAN, gain_db: f32::INFINITY, q: f32::NAN };
        let params =
            Params { volume_db: 40.0, bands: vec![wild; 40], balance: f32::NAN, ..Params::default() };
        let settings = Settings::new(&params, 48_000);
        assert_eq!(settings.gains, [1.0, 1.0]);
        assert!(settings.bands.iter().flatten().all(|band| band.coeffs.is_stable()));
    }

    #[test]
    fn balance_leaves_the_near_side_alone() {
        let at = |balance| Settings::new(&Params { balance, ..Params::default() }, 48_000).gains;
        assert_eq!(at(1.0), [0.0, 1.0]);
        assert_eq!(at(-1.0), [1.0, 0.0]);
        let half = at(0.5);
        assert!(half[1] == 1.0 && (half[0] - 0.5f32.sqrt()).abs() < 1e-6);
    }
}
