//! MPEG layer III streams: the frame header and the Xing, LAME or VBRI header in the first frame.
use symphonia::core::formats::{FormatOptions, FormatReader};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::default::formats::MpaReader;

use super::container::mpeg_length;
use super::reader::Span;
use super::stream::{Stream, seconds};
use crate::bounded_file::BoundedFile;
use crate::bytes::be32;
use crate::error::LibraryError;

/// Longest first frame looked at for a header that states the number of frames.
const FIRST_FRAME: usize = 2048;

/// Reads a stream whose first frame starts at `span.start`.
///
/// # Errors
/// Unreadable or not music.
pub(super) fn read(mut file: BoundedFile, span: Span) -> Result<Stream, LibraryError> {
    let first = file.read_at(span.start, FIRST_FRAME)?;
    let (_, bitrate) = be32(&first, 0).and_then(mpeg_length).ok_or(LibraryError::NotMusic)?;
    let window = Box::new(file.into_window(span.start, span.end));
    let source = MediaSourceStream::new(window, MediaSourceStreamOptions::default());
    let reader = MpaReader::try_new(source, FormatOptions::default()).map_err(|_| LibraryError::NotMusic)?;
    let track = reader.tracks().first().ok_or(LibraryError::NotMusic)?;
    let audio = track.codec_params.as_ref().and_then(|params| params.audio());
    let rate = audio.and_then(|audio| audio.sample_rate);
    let mut stream = Stream { rate, ..Stream::new("MP3") };
    if states_length(&first) {
        stream.duration_s = track.num_frames.zip(rate).and_then(|(frames, rate)| seconds(frames, rate));
        stream.bitrate = stream.duration_s.and_then(|duration| mean_bitrate(span.len(), duration));
    } else {
        // Nothing states the length: assume, as all players do, the first frame's bitrate throughout.
        stream.duration_s = seconds(span.len() * 8, bitrate);
        stream.bitrate = Some(bitrate);
    }
    Ok(stream)
}

/// Whether the first frame carries a number of frames (Xing, Info or VBRI) instead of sound.
fn states_length(first: &[u8]) -> bool {
    let has_count =
        |tag: &[u8]| first.get(4..first.len().min(200)).is_some_and(|part| find(part, tag).is_some());
    has_count(b"VBRI")
        || [b"Xing", b"Info"].iter().any(|tag| {
            let Some(at) = find(first.get(..first.len().min(200)).unwrap_or_default(), *tag) else {
                return false;
            };
            // Bit 0 of the flags: the number of frames follows.
            be32(first, at + 4).is_some_and(|flags| flags & 1 == 1)
        })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// Bits per second of `bytes` bytes that last `duration` seconds.
pub(super) fn mean_bitrate(bytes: u64, duration: f64) -> Option<u32> {
    // Truncation cannot matter: the range is checked, and a bitrate is shown in whole kbit/s.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    {
        let bitrate = bytes as f64 * 8.0 / duration;
        (bitrate.is_finite() && (1000.0..5_000_000.0).contains(&bitrate)).then_some(bitrate as u32)
    }
}
