//! Moving to a frame.
use symphonia::core::formats::{SeekMode, SeekTo};
use symphonia::core::units::Timestamp;

use crate::TrackError;

use super::probe::Kind;
use super::step::{Step, Track};
use super::{Decoder, open_stream};

/// Bytes a seek may read: formats without an index are searched frame by frame from the start.
const SEEK_BUDGET: u64 = 512 << 20;
/// Ogg pages are searched this much earlier, seconds: the start of the very last page cannot be known
/// without the one before.
const OGG_MARGIN_S: i64 = 5;

/// Moves `decoder` to `frame`; the frame reached.
pub(super) fn seek(decoder: &mut Decoder, frame: u64) -> Result<u64, TrackError> {
    let target = decoder.info.frames.map_or(frame, |frames| frame.min(frames));
    let from = i64::try_from(target).unwrap_or(i64::MAX);
    decoder.pending.clear();
    if Some(target) == decoder.info.frames {
        decoder.track.restart(from);
        decoder.track.finish();
        return Ok(target);
    }
    decoder.state.allow(SEEK_BUDGET);
    if !by_index(decoder, from) {
        by_reading(decoder, from)?;
    }
    settle(decoder, target)
}

/// Lets the demuxer find the place.
fn by_index(decoder: &mut Decoder, from: i64) -> bool {
    let track = &mut decoder.track;
    let margin = match decoder.found.kind {
        // symphonia's Ogg search does not end on files of several streams, and knows one link only.
        Kind::Ogg { plain: false } => return false,
        Kind::Ogg { plain: true } if track.chained => return false,
        Kind::Ogg { plain: true } => OGG_MARGIN_S * i64::from(track.stream.rate),
        _ => 0,
    };
    let lead = margin.saturating_add_unsigned(track.stream.preroll);
    let early = from.saturating_add(track.stream.origin).saturating_sub(lead);
    let place = early.max(track.first_pts.unwrap_or(0));
    let to = SeekTo::Timestamp {
        ts: Timestamp::new(track.stream.clock.ticks(place)),
        track_id: track.stream.track,
    };
    let done = track.stream.reader.seek(SeekMode::Accurate, to).is_ok();
    track.restart(from);
    done
}

/// Opens the stream again; packets before the place are read and left undecoded.
fn by_reading(decoder: &mut Decoder, from: i64) -> Result<(), TrackError> {
    let stream = open_stream(&decoder.file, &decoder.found, &decoder.state)?;
    decoder.track = Track::new(stream);
    decoder.track.restart(from);
    decoder.state.allow(SEEK_BUDGET);
    Ok(())
}

/// Decodes up to the place; what lies behind it is kept for the next read.
fn settle(decoder: &mut Decoder, target: u64) -> Result<u64, TrackError> {
    let mut heard = std::mem::take(&mut decoder.pending);
    let step = loop {
        let step = decoder.track.step(&decoder.found.kind, &mut heard);
        if !heard.is_empty() || step != Ok(Step::More) {
            break step;
        }
    };
    decoder.pending = heard;
    step.map_err(|e| decoder.state.failure().unwrap_or(e))?;
    if let Some(started) = decoder.track.started {
        return Ok(u64::try_from(started).unwrap_or(target));
    }
    // The track ended before the place.
    match decoder.state.failure() {
        Some(failure) => Err(failure),
        None => Ok(u64::try_from(decoder.track.position()).unwrap_or(0).min(target)),
    }
}
