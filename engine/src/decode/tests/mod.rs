//! Tests of the decoder, against other decoders, against the signal itself, and against hostile files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod downmix;
mod gapless;
mod hostile;
mod lossless;
mod lossy;
mod mp4;
mod mutate;
mod seek;
mod signal;
mod speed;
mod tools;

use std::path::Path;

use super::Decoder;
use crate::{SourceInfo, TrackError};

/// The whole track by small reads: what a listener gets.
fn decode_all(path: &Path) -> Result<(SourceInfo, Vec<f32>), TrackError> {
    let mut decoder = Decoder::open(path)?;
    let mut out = Vec::new();
    while decoder.read(&mut out)? > 0 {}
    Ok((decoder.info().clone(), out))
}

/// Root mean square of the difference of two signals of the same length.
fn rms_difference(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: f64 = a.iter().zip(b).map(|(x, y)| (f64::from(*x) - f64::from(*y)).powi(2)).sum();
    (sum / a.len().max(1) as f64).sqrt()
}

/// Largest difference of two signals of the same length.
fn peak_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max)
}
