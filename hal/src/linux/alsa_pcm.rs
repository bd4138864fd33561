//! Opens an ALSA PCM and settles its parameters.

use std::ffi::CString;

use alsa::pcm::{Access, Format, HwParams, PCM};
use alsa::{Direction, ValueOr};

use super::AlsaConfig;
use crate::convert::SampleLayout;
use crate::{AudioError, AudioFormat};

/// What the device granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Granted {
    pub(super) format: AudioFormat,
    pub(super) layout: SampleLayout,
    pub(super) period_frames: usize,
    pub(super) buffer_frames: usize,
}

impl Granted {
    /// Bytes of one frame.
    pub(super) fn frame_bytes(&self) -> usize {
        self.layout.bytes() * usize::from(self.format.channels)
    }
}

/// Opens without waiting for a device that is in use, and configures.
pub(super) fn open(config: &AlsaConfig) -> Result<(PCM, Granted), AudioError> {
    let no_device = |text: String| AudioError::NoDevice(format!("{}: {text}", config.device));
    let name = CString::new(config.device.as_str()).map_err(|error| no_device(error.to_string()))?;
    let pcm = PCM::open(&name, Direction::Playback, true).map_err(|error| no_device(error.to_string()))?;
    let granted = configure(&pcm, config).map_err(|error| match error {
        Refusal::Layout => AudioError::NoFormat(format!("{}: no known sample format", config.device)),
        Refusal::Alsa(error) => AudioError::NoFormat(format!("{}: {error}", config.device)),
    })?;
    tracing::info!(device = %config.device, ?granted, "sound device opened");
    Ok((pcm, granted))
}

enum Refusal {
    Layout,
    Alsa(alsa::Error),
}

impl From<alsa::Error> for Refusal {
    fn from(error: alsa::Error) -> Self {
        Self::Alsa(error)
    }
}

fn configure(pcm: &PCM, config: &AlsaConfig) -> Result<Granted, Refusal> {
    let hw = HwParams::any(pcm)?;
    hw.set_access(Access::RWInterleaved)?;
    let layout = set_layout(&hw, &config.layouts)?;
    let channels = u32::from(config.channels.max(1));
    if hw.set_channels(channels).is_err() {
        hw.set_channels_near(channels)?;
    }
    set_rate(&hw, &config.rates)?;
    // The buffer first: with the period fixed first, some drivers grant a buffer of whole seconds.
    let period = config.period_frames.max(16);
    hw.set_buffer_size_near(i64::from(period.saturating_mul(config.periods.max(2))) as _)?;
    hw.set_period_size_near(i64::from(period) as _, ValueOr::Nearest)?;
    pcm.hw_params(&hw)?;

    let (period_frames, buffer_frames) = (hw.get_period_size()?, hw.get_buffer_size()?);
    let sw = pcm.sw_params_current()?;
    // Start when the buffer is full, to the last whole period.
    sw.set_start_threshold(buffer_frames - buffer_frames % period_frames.max(1))?;
    sw.set_avail_min(period_frames)?;
    pcm.sw_params(&sw)?;

    let channels = u16::try_from(hw.get_channels()?).map_err(|_| Refusal::Layout)?;
    Ok(Granted {
        format: AudioFormat { rate: hw.get_rate()?, channels },
        layout,
        period_frames: usize::try_from(period_frames).unwrap_or(256).max(1),
        buffer_frames: usize::try_from(buffer_frames).unwrap_or(1024),
    })
}

fn set_layout(hw: &HwParams<'_>, wanted: &[SampleLayout]) -> Result<SampleLayout, Refusal> {
    let accepted = wanted.iter().copied().find_map(|layout| {
        let format = alsa_format(layout)?;
        hw.test_format(format).is_ok().then_some((layout, format))
    });
    let (layout, format) = accepted.ok_or(Refusal::Layout)?;
    hw.set_format(format)?;
    Ok(layout)
}

fn set_rate(hw: &HwParams<'_>, wanted: &[u32]) -> Result<(), alsa::Error> {
    match wanted.iter().find(|&&rate| hw.test_rate(rate).is_ok()) {
        Some(&rate) => hw.set_rate(rate, ValueOr::Nearest),
        None => hw.set_rate_near(wanted.first().copied().unwrap_or(48_000), ValueOr::Nearest).map(|_| ()),
    }
}

fn alsa_format(layout: SampleLayout) -> Option<Format> {
    Some(match layout {
        SampleLayout::I32 => Format::s32(),
        SampleLayout::I24Packed => Format::s24_3(),
        SampleLayout::I24 => Format::s24(),
        SampleLayout::I16 => Format::s16(),
        SampleLayout::F32 => Format::float(),
        _ => return None,
    })
}
