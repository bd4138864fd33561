//! How an ALSA device is to be opened.

use crate::convert::SampleLayout;

/// What to ask of the device; it may grant something near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlsaConfig {
    /// PCM name: `default`, `hw:CARD=sndrpihifiberry`, `plughw:0,0`. Name cards by id, their order
    /// changes from boot to boot.
    pub device: String,
    /// Rates in order of preference, Hz; the nearest to the first if it has none of them.
    pub rates: Vec<u32>,
    /// Interleaved channels; the nearest number the device has.
    pub channels: u16,
    /// Frames in a period. The latency is at most `period_frames × periods` at the rate.
    pub period_frames: u32,
    /// Periods in the device's buffer, at least 2.
    pub periods: u32,
    /// Layouts in order of preference, of [`AlsaConfig::LAYOUTS`]; others are passed over.
    pub layouts: Vec<SampleLayout>,
    /// SCHED_FIFO priority of the audio thread, 1 to 99; none leaves it an ordinary thread.
    pub realtime_priority: Option<i32>,
    /// Keep the process in memory, where the limit on locked memory allows it.
    pub lock_memory: bool,
}

impl AlsaConfig {
    /// What the sink can write, the better first.
    pub const LAYOUTS: [SampleLayout; 5] =
        [SampleLayout::I32, SampleLayout::I24Packed, SampleLayout::I24, SampleLayout::I16, SampleLayout::F32];
}

impl Default for AlsaConfig {
    /// Stereo at 48 kHz from the default device, 256 frames × 4: 21 ms.
    fn default() -> Self {
        Self {
            device: "default".into(),
            rates: vec![48_000, 44_100],
            channels: 2,
            period_frames: 256,
            periods: 4,
            layouts: Self::LAYOUTS.to_vec(),
            realtime_priority: Some(70),
            lock_memory: true,
        }
    }
}
