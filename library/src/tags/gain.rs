//! How much louder or quieter a track wants to be played.

/// Gains beyond this are damage, not loudness.
const PLAUSIBLE_DB: f32 = 64.0;

/// ReplayGain 2.0 aims at −18 LUFS, R128 tags at −23 LUFS (RFC 7845, section 5.2.1).
const R128_TO_REPLAYGAIN_DB: f32 = 5.0;

/// `-6.48 dB`, also without unit or with a decimal comma.
pub(super) fn replaygain_db(text: &str) -> Option<f32> {
    let text = text.trim();
    let end = text
        .find(|character: char| !matches!(character, '0'..='9' | '+' | '-' | '.' | ','))
        .unwrap_or(text.len());
    let gain: f32 = text.get(..end)?.replace(',', ".").parse().ok()?;
    (gain.abs() <= PLAUSIBLE_DB).then_some(gain)
}

/// A whole number in 1/256 dB relative to −23 LUFS (RFC 7845), as ReplayGain.
pub(super) fn r128_db(text: &str) -> Option<f32> {
    let gain: i16 = text.trim().parse().ok()?;
    let gain = f32::from(gain) / 256.0 + R128_TO_REPLAYGAIN_DB;
    (gain.abs() <= PLAUSIBLE_DB).then_some(gain)
}

#[cfg(test)]
mod tests {
    use super::{r128_db, replaygain_db};

    #[test]
    fn the_spellings_in_the_wild() {
        assert_eq!(replaygain_db("-6.48 dB"), Some(-6.48));
        assert_eq!(replaygain_db(" +1,50dB"), Some(1.5));
        assert_eq!(replaygain_db("3"), Some(3.0));
        for nonsense in ["", "dB", "1e9", "NaN", "inf", "-999 dB", "--3"] {
            assert!(replaygain_db(nonsense).is_none_or(|gain| gain.abs() <= 64.0), "{nonsense}");
        }
        assert_eq!(replaygain_db("-999 dB"), None);
    }

    #[test]
    fn r128_is_five_db_below_replaygain() {
        assert_eq!(r128_db("-2560"), Some(-5.0));
        assert_eq!(r128_db("0"), Some(5.0));
        assert_eq!(r128_db("99999"), None);
    }
}
