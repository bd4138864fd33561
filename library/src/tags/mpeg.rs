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
    let (length, bitrate) = be32(&first, 0).and_then(mpeg_length).ok_or(LibraryError::NotMusic)?;
    let window = Box::new(file.into_window(span.start, span.end));
    let source = MediaSourceStream::new(window, MediaSourceStreamOptions::default());
    let reader = MpaReader::try_new(source, FormatOptions::default()).map_err(|_| LibraryError::NotMusic)?;
    let track = reader.tracks().first().ok_or(LibraryError::NotMusic)?;
    let audio = track.codec_params.as_ref().and_then(|params| params.audio());
    let rate = audio.and_then(|audio| audio.sample_rate);
    let mut stream = Stream { rate, ..Stream::new("MP3") };
    if stated_tag(&first).is_some() {
        stream.duration_s = track.num_frames.zip(rate).and_then(|(frames, rate)| seconds(frames, rate));
        // LAME writes `Info` for constant bitrates; the frame that carries it may have another one.
        stream.bitrate = match stated_tag(&first) {
            Some(b"Info") => be32(&first, length).and_then(mpeg_length).map(|(_, bitrate)| bitrate),
            _ => stream.duration_s.and_then(|duration| mean_bitrate(span.len(), duration)),
        };
    } else {
        // Nothing states the length: assume, as all players do, the first frame's bitrate throughout.
        stream.duration_s = seconds(span.len() * 8, bitrate);
        stream.bitrate = Some(bitrate);
    }
    Ok(stream)
}

/// The tag by which the first frame carries a number of frames instead of sound.
fn stated_tag(first: &[u8]) -> Option<&'static [u8; 4]> {
    let head = first.get(..first.len().min(200))?;
    let tags: [&[u8; 4]; 3] = [b"Xing", b"Info", b"VBRI"];
    tags.into_iter().find(|&tag| match find(head, tag) {
        Some(_) if tag == b"VBRI" => true,
        // Bit 0 of the flags: the number of frames follows.
        Some(at) => be32(first, at + 4).is_some_and(|flags| flags & 1 == 1),
        None => false,
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
