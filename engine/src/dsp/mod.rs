//! The chain behind the ring: equaliser → volume and balance → limiter, with the taps of the meters.
//! (The source's own gain is applied before the ring, where each track is known.)
pub(crate) mod biquad;
mod eq;
mod gain;
mod limiter;
mod ramp;

use crate::meters::{LevelMeter, SharedLevels};
use crate::params::Settings;
use crate::spectrum::SpectrumTap;
use biquad::Frame;
use eq::Equaliser;
use gain::Gain;
use limiter::Limiter;
use ramp::Ramp;
use std::sync::Arc;
use triple_buffer::Output;

/// The most frames processed at once.
pub(crate) const BLOCK: usize = 256;
/// A sample beyond this (+120 dBFS), or that is no number, is garbage and taken as silence.
const GARBAGE: f32 = 1e6;

/// All stages and what they share.
pub(crate) struct Chain {
    inbox: Output<Settings>,
    /// The latest bands have not been taken yet.
    bands_wait: bool,
    ramp: Ramp,
    preamp: [f64; 2],
    eq: Equaliser,
    gain: Gain,
    limiter: Limiter,
    spectrum: SpectrumTap,
    meter: LevelMeter,
    weights: [f64; BLOCK],
    frames: [Frame; BLOCK],
}

impl Chain {
    /// Settled on what is in `inbox` now.
    pub fn new(
        rate: u32,
        mut inbox: Output<Settings>,
        spectrum: SpectrumTap,
        levels: Arc<SharedLevels>,
    ) -> Self {
        let settings = *inbox.read();
        Self {
            inbox,
            bands_wait: false,
            ramp: Ramp::new(rate),
            preamp: [settings.preamp; 2],
            eq: Equaliser::new(&settings.bands, rate),
            gain: Gain::new(settings.gains),
            limiter: Limiter::new(rate, BLOCK, settings.ceiling),
            spectrum,
            meter: LevelMeter::new(rate, levels),
            weights: [0.0; BLOCK],
            frames: [[0.0; 2]; BLOCK],
        }
    }

    /// Frames by which the chain delays the sound.
    pub fn latency(rate: u32) -> usize {
        Limiter::latency(rate)
    }

    /// Processes `block` (interleaved stereo) in place.
    pub fn run(&mut self, mut block: &mut [f32]) {
        while block.len() >= 2 {
            if self.ramp.left() == 0 {
                self.take_settings();
            }
            let ramping = self.ramp.left();
            let most = if ramping > 0 { ramping.min(BLOCK) } else { BLOCK };
            let (now, later) = block.split_at_mut((2 * most).min(block.len()));
            self.run_part(now, ramping > 0);
            block = later;
        }
    }

    fn take_settings(&mut self) {
        let bands_can_go = self.bands_wait && self.eq.has_room();
        if !self.inbox.update() && !bands_can_go {
            return;
        }
        let settings = self.inbox.output_buffer();
        // After a storm of edits the bands may have to wait for old ones to ring out; the volume never does.
        self.bands_wait = !self.eq.has_room();
        if !self.bands_wait {
            self.eq.retarget(&settings.bands);
        }
        self.gain.retarget(settings.gains);
        self.limiter.set_ceiling(settings.ceiling);
        self.preamp[1] = settings.preamp;
        self.ramp.start();
    }

    fn run_part(&mut self, part: &mut [f32], ramping: bool) {
        for sample in part.iter_mut() {
            // False for what is no number, too.
            *sample = if sample.abs() <= GARBAGE { *sample } else { 0.0 };
        }
        let frames = part.len() / 2;
        if ramping && let Some(weights) = self.weights.get_mut(..frames) {
            self.ramp.advance(weights);
        }
        if !self.eq.is_idle() || self.preamp != [1.0; 2] {
            self.equalise(part, ramping);
        }
        self.spectrum.store(part);
        if ramping {
            self.gain.run_ramp(self.weights.get(..frames).unwrap_or_default(), part);
        } else {
            self.gain.run(part);
        }
        self.limiter.run(part);
        self.meter.measure(part, self.limiter.take_lowest());
        if ramping && self.ramp.left() == 0 {
            self.eq.settle();
            self.gain.settle();
            self.preamp[0] = self.preamp[1];
        }
    }

    fn equalise(&mut self, part: &mut [f32], ramping: bool) {
        let samples = part.as_chunks_mut::<2>().0;
        let Some(frames) = self.frames.get_mut(..samples.len()) else { return };
        let [from, to] = self.preamp;
        if ramping {
            let weights = self.weights.get(..samples.len()).unwrap_or_default();
            for ((frame, sample), weight) in frames.iter_mut().zip(&*samples).zip(weights) {
                let preamp = from + weight * (to - from);
                *frame = [f64::from(sample[0]) * preamp, f64::from(sample[1]) * preamp];
            }
            self.eq.run_ramp(weights, frames);
        } else {
            for (frame, sample) in frames.iter_mut().zip(&*samples) {
                *frame = [f64::from(sample[0]) * to, f64::from(sample[1]) * to];
            }
            self.eq.run(frames);
        }
        // Bands can add up to more than f32 holds; the limiter wants finite numbers.
        let narrow = |x: f64| x.clamp(-1e30, 1e30) as f32;
        for (sample, frame) in samples.iter_mut().zip(&*frames) {
            *sample = [narrow(frame[0]), narrow(frame[1])];
        }
    }
}
