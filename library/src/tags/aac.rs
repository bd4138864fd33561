//! AAC in ADTS frames. Such a stream states no length: it is estimated from its first frames.
use symphonia::core::formats::{FormatOptions, FormatReader};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::default::formats::AdtsReader;

use super::mpeg::mean_bitrate;
use super::reader::Span;
use super::source::Source;
use super::stream::{Stream, seconds};
use crate::error::LibraryError;

/// Reads a stream whose first frame starts at `span.start`.
///
/// # Errors
/// Unreadable or not music.
pub(super) fn read(file: Source, span: Span) -> Result<Stream, LibraryError> {
    let window = Box::new(file.into_window(span.start, span.end));
    let source = MediaSourceStream::new(window, MediaSourceStreamOptions::default());
    let reader = AdtsReader::try_new(source, FormatOptions::default()).map_err(|_| LibraryError::NotMusic)?;
    let track = reader.tracks().first().ok_or(LibraryError::NotMusic)?;
    let rate = track.codec_params.as_ref().and_then(|params| params.audio()?.sample_rate);
    let duration_s = track.num_frames.zip(rate).and_then(|(frames, rate)| seconds(frames, rate));
    let bitrate = duration_s.and_then(|duration| mean_bitrate(span.len(), duration));
    Ok(Stream { rate, duration_s, bitrate, ..Stream::new("AAC") })
}
