//! Which of a device's many configurations is used.

use cpal::{SampleFormat, SupportedBufferSize, SupportedStreamConfig, SupportedStreamConfigRange};

use crate::convert::SampleLayout;

/// Rates most music is made for, the better first.
const USUAL_RATES: [u32; 2] = [48_000, 44_100];

/// The layout of a cpal format; none for those no sound of ours can be written in (DSD, 64-bit
/// integers, and whatever a later cpal may add).
pub(super) fn layout(format: SampleFormat) -> Option<SampleLayout> {
    Some(match format {
        SampleFormat::I8 => SampleLayout::I8,
        SampleFormat::U8 => SampleLayout::U8,
        SampleFormat::I16 => SampleLayout::I16,
        SampleFormat::U16 => SampleLayout::U16,
        SampleFormat::I24 => SampleLayout::I24,
        SampleFormat::U24 => SampleLayout::U24,
        SampleFormat::I32 => SampleLayout::I32,
        SampleFormat::U32 => SampleLayout::U32,
        SampleFormat::F32 => SampleLayout::F32,
        SampleFormat::F64 => SampleLayout::F64,
        _ => return None,
    })
}

/// Picks channels first (stereo, else the fewest above, else mono), then the rate (the device's own
/// if it is a usual one, so that no other program's stream is re-clocked; else a usual one), then the
/// format (no loss first, then the least work).
pub(super) fn choose(
    offers: &[SupportedStreamConfigRange],
    default: Option<&SupportedStreamConfig>,
) -> Option<SupportedStreamConfig> {
    let own_rate = default.map(SupportedStreamConfig::sample_rate);
    offers
        .iter()
        .filter(|offer| layout(offer.sample_format()).is_some() && offer.channels() > 0)
        .filter_map(|offer| offer.try_with_sample_rate(best_rate(offer, own_rate)))
        .min_by_key(|config| {
            let rate = rate_rank(config.sample_rate(), own_rate);
            (channel_rank(config.channels()), rate, format_rank(config.sample_format()))
        })
}

fn best_rate(offer: &SupportedStreamConfigRange, own: Option<u32>) -> u32 {
    let fits = |rate: &u32| (offer.min_sample_rate()..=offer.max_sample_rate()).contains(rate);
    let mut rates: Vec<u32> = USUAL_RATES.into_iter().chain(own).filter(fits).collect();
    rates.sort_by_key(|&rate| rate_rank(rate, own));
    let nearest =
        USUAL_RATES[0].clamp(offer.min_sample_rate(), offer.max_sample_rate().max(offer.min_sample_rate()));
    rates.first().copied().unwrap_or(nearest)
}

fn rate_rank(rate: u32, own: Option<u32>) -> u32 {
    match USUAL_RATES.iter().position(|&usual| usual == rate) {
        Some(_) if own == Some(rate) => 0,
        Some(at) => 1 + at as u32,
        None if own == Some(rate) => 10,
        // Others by their distance, far behind the usual ones.
        None => 100 + rate.abs_diff(USUAL_RATES[0]),
    }
}

fn channel_rank(channels: u16) -> u16 {
    match channels {
        2 => 0,
        1 => u16::MAX,
        more => more,
    }
}

fn format_rank(format: SampleFormat) -> u8 {
    match format {
        SampleFormat::F32 => 0,
        SampleFormat::I32 => 1,
        SampleFormat::I24 => 2,
        SampleFormat::U32 | SampleFormat::U24 => 3,
        SampleFormat::F64 => 4,
        SampleFormat::I16 => 5,
        SampleFormat::U16 => 6,
        _ => 7,
    }
}

/// Frames asked of the device at a time: 10 ms, of which back ends keep two. None where the device
/// does not say what it can.
pub(super) fn buffer_frames(config: &SupportedStreamConfig) -> Option<u32> {
    match *config.buffer_size() {
        SupportedBufferSize::Range { min, max } if min <= max => {
            Some((config.sample_rate() / 100).clamp(min, max))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ANY_BUFFER: SupportedBufferSize = SupportedBufferSize::Range { min: 64, max: 8192 };

    fn offer(channels: u16, min: u32, max: u32, format: SampleFormat) -> SupportedStreamConfigRange {
        SupportedStreamConfigRange::new(channels, min, max, ANY_BUFFER, format)
    }

    fn chosen(offers: &[SupportedStreamConfigRange], own: Option<u32>) -> Option<(u16, u32, SampleFormat)> {
        let default = own.map(|rate| SupportedStreamConfig::new(2, rate, ANY_BUFFER, SampleFormat::F32));
        choose(offers, default.as_ref()).map(|c| (c.channels(), c.sample_rate(), c.sample_format()))
    }

    #[test]
    fn stereo_and_a_usual_rate_win_over_a_better_format() {
        let offers = [
            offer(8, 8_000, 192_000, SampleFormat::F32),
            offer(1, 8_000, 192_000, SampleFormat::F32),
            offer(2, 96_000, 96_000, SampleFormat::F32),
            offer(2, 44_100, 44_100, SampleFormat::I32),
            offer(2, 48_000, 48_000, SampleFormat::I16),
        ];
        assert_eq!(chosen(&offers, None), Some((2, 48_000, SampleFormat::I16)));
        assert_eq!(chosen(&offers, Some(44_100)), Some((2, 44_100, SampleFormat::I32)));
        assert_eq!(chosen(&offers[..3], None), Some((2, 96_000, SampleFormat::F32)));
        assert_eq!(chosen(&offers[..2], Some(192_000)), Some((8, 48_000, SampleFormat::F32)));
        assert_eq!(chosen(&offers[1..2], None), Some((1, 48_000, SampleFormat::F32)));
    }

    #[test]
    fn formats_in_order_of_loss() {
        let formats =
            [SampleFormat::U8, SampleFormat::I16, SampleFormat::I24, SampleFormat::I32, SampleFormat::F32];
        for n in 1..=formats.len() {
            let offers: Vec<_> = formats[..n].iter().map(|&f| offer(2, 48_000, 48_000, f)).collect();
            assert_eq!(chosen(&offers, None).unwrap().2, formats[n - 1]);
        }
    }

    #[test]
    fn an_unusual_device_is_played_at_its_own_rate_or_the_nearest() {
        assert_eq!(chosen(&[offer(2, 8_000, 32_000, SampleFormat::I16)], Some(16_000)).unwrap().1, 16_000);
        assert_eq!(chosen(&[offer(2, 8_000, 32_000, SampleFormat::I16)], None).unwrap().1, 32_000);
        assert_eq!(chosen(&[offer(2, 96_000, 192_000, SampleFormat::I16)], None).unwrap().1, 96_000);
    }

    #[test]
    fn what_cannot_be_written_is_not_chosen() {
        assert_eq!(chosen(&[offer(2, 48_000, 48_000, SampleFormat::DsdU32)], None), None);
        assert_eq!(chosen(&[], Some(48_000)), None);
    }

    #[test]
    fn the_buffer_is_ten_milliseconds_where_the_device_allows() {
        let config = |buffer| SupportedStreamConfig::new(2, 48_000, buffer, SampleFormat::F32);
        assert_eq!(buffer_frames(&config(ANY_BUFFER)), Some(480));
        assert_eq!(buffer_frames(&config(SupportedBufferSize::Range { min: 1024, max: 4096 })), Some(1024));
        assert_eq!(buffer_frames(&config(SupportedBufferSize::Unknown)), None);
    }
}
