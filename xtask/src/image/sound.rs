//! What a guest has played, as QEMU wrote it, and whether it is the music.

use std::path::Path;

use anyhow::{Context, Result};

/// Mono samples at 48 kHz of what QEMU's `wav` sound device was given: 16 bits, two channels. The header's length
/// may be that of the moment it was opened; the file goes to its end.
///
/// # Errors
/// If it cannot be read.
pub fn played(path: &Path) -> Result<Vec<f32>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let frames = bytes.get(44..).unwrap_or_default().chunks_exact(4);
    let sample = |low, high| f32::from(i16::from_le_bytes([low, high])) / 32768.0;
    Ok(frames.map(|f| (sample(f[0], f[1]) + sample(f[2], f[3])) / 2.0).collect())
}

/// How well the best seconds of `heard` agree with the music, whatever the volume is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Normalised cross-correlation, 1 is the same.
    pub correlation: f64,
    /// Where in the music it is, in frames.
    pub at: usize,
}

/// Finds `heard` in `music` and says how well it agrees there. Both at the same rate.
pub fn find(heard: &[f32], music: &[f32]) -> Match {
    // A coarse look by every 8th frame of sums of 8, then a fine one around the best places: music repeats itself, and
    // the coarse look may take a part for another that is much like it.
    const STEP: usize = 8;
    const PLACES: usize = 12;
    let coarse =
        |samples: &[f32]| -> Vec<f32> { samples.chunks_exact(STEP).map(|c| c.iter().sum()).collect() };
    let (few_heard, few_music) = (coarse(heard), coarse(music));
    let mut rough = places(&few_heard, &few_music, 0..few_music.len().saturating_sub(few_heard.len()) + 1);
    rough.sort_unstable_by(|a, b| b.correlation.total_cmp(&a.correlation));
    let mut found = Match { correlation: 0.0, at: 0 };
    let mut tried: Vec<usize> = Vec::new();
    for place in rough {
        // Its neighbours are looked at together with it.
        if tried.iter().any(|at| at.abs_diff(place.at) <= 4) {
            continue;
        }
        let (from, to) = ((place.at * STEP).saturating_sub(4 * STEP), place.at * STEP + 4 * STEP);
        let fine = places(heard, music, from..to.min(music.len().saturating_sub(heard.len())) + 1);
        let best = fine.into_iter().max_by(|a, b| a.correlation.total_cmp(&b.correlation));
        found = best.filter(|best| best.correlation > found.correlation).unwrap_or(found);
        tried.push(place.at);
        if tried.len() == PLACES {
            break;
        }
    }
    found
}

/// How well it agrees at each of these places.
fn places(heard: &[f32], music: &[f32], places: std::ops::Range<usize>) -> Vec<Match> {
    let energy = |samples: &[f32]| samples.iter().map(|s| f64::from(*s) * f64::from(*s)).sum::<f64>();
    let own = energy(heard).max(1e-12);
    let at = |at: usize| {
        let part = music.get(at..at + heard.len())?;
        let dot: f64 = heard.iter().zip(part).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        Some(Match { correlation: dot / (own * energy(part).max(1e-12)).sqrt(), at })
    };
    places.filter_map(at).collect()
}

/// The first frame that can be heard.
pub fn onset(samples: &[f32]) -> Option<usize> {
    samples.iter().position(|sample| sample.abs() > 1e-3)
}

/// Pauses of at least `shortest` frames of digital silence after the sound has begun and before it ends, in frames
/// from the onset: what an interrupted stream leaves in the file.
pub fn gaps(samples: &[f32], shortest: usize) -> Vec<(usize, usize)> {
    let (mut gaps, mut began) = (Vec::new(), None);
    for (at, sample) in samples.iter().enumerate() {
        if *sample == 0.0 {
            began.get_or_insert(at);
        } else if let Some(from) = began.take()
            && at - from >= shortest
        {
            gaps.push((from, at - from));
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(frames: usize) -> Vec<f32> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as f32 / 65_536.0 - 0.5
        };
        // Smoothed, as music is.
        let mut last = 0.0;
        (0..frames)
            .map(|_| {
                last = 0.97 * last + next() * 0.1;
                last
            })
            .collect()
    }

    #[test]
    fn a_part_is_found_whatever_its_volume_is() {
        let music = noise(20_000);
        let heard: Vec<f32> = music[7_123..12_123].iter().map(|sample| sample * 0.2).collect();
        let found = find(&heard, &music);
        assert_eq!(found.at, 7_123);
        assert!(found.correlation > 0.999, "{found:?}");
    }

    #[test]
    fn a_part_is_told_from_one_much_like_it() {
        let mut music = noise(20_000);
        // The same again off the coarse look's grid, but for a little noise, and once more on it.
        let theme = music[2_000..7_000].to_vec();
        let other = noise(5_100);
        for (n, sample) in theme.iter().enumerate() {
            music[9_003 + n] = *sample;
            music[14_400 + n] = sample + 0.05 * other[n + 100];
        }
        let found = find(&music[9_003..14_003], &music[7_000..]);
        assert_eq!(found.at, 2_003);
        assert!(found.correlation > 0.9999, "{found:?}");
    }

    #[test]
    fn other_music_is_not_taken_for_it() {
        let music = noise(20_000);
        let other: Vec<f32> = (0..5_000).map(|n| (n as f32 * 0.05).sin()).collect();
        assert!(find(&other, &music).correlation < 0.5);
    }

    #[test]
    fn gaps_and_the_onset_are_seen() {
        let mut samples = vec![0.0; 100];
        samples.extend(vec![0.5; 50]);
        samples.extend(vec![0.0; 30]);
        samples.extend(vec![0.5; 50]);
        assert_eq!(onset(&samples), Some(100));
        assert_eq!(gaps(&samples[100..], 20), [(50, 30)]);
        assert_eq!(gaps(&samples[100..], 31), []);
        assert_eq!(onset(&[0.0; 9]), None);
    }
}
