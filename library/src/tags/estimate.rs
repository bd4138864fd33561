//! How long a stream of frames is that states no length: counted where it is short, estimated where not.
use std::ops::Range;

use super::reader::Span;
use super::source::Source;
use crate::error::LibraryError;

/// Streams up to this length are counted frame by frame, in bytes.
const COUNTED: u64 = 128 << 10;

/// How many places of a longer stream are looked at, and how many bytes at each.
const PLACES: u64 = 8;
const PLACE: usize = 4096;

/// Length in bytes of the frame at a place in a slice, if there is one of the stream.
pub(super) type FrameLength<'a> = &'a dyn Fn(&[u8], usize) -> Option<usize>;

/// The number of frames in `span`, which starts with one.
///
/// # Errors
/// Unreadable.
pub(super) fn frames(
    file: &mut Source,
    span: Span,
    length: FrameLength,
) -> Result<Option<u64>, LibraryError> {
    if span.len() <= COUNTED {
        let bytes = file.read_at(span.start, usize::try_from(span.len()).unwrap_or(0))?;
        return Ok(Some(count(&bytes, 0..bytes.len(), length).1).filter(|&frames| frames > 0));
    }
    let (mut bytes, mut frames) = (0, 0);
    for place in 0..PLACES {
        let start = span.start + (span.len() - PLACE as u64) / (PLACES - 1) * place;
        let part = file.peek(start, PLACE)?;
        if let Some(first) = first_of_two(part, length) {
            let (counted, found) = count(part, first..part.len(), length);
            // The last one goes on behind the part; its header says how long it is all the same.
            bytes += counted;
            frames += found;
        }
    }
    Ok((bytes > 0)
        .then(|| u64::try_from(u128::from(span.len()) * u128::from(frames) / u128::from(bytes)).ok())
        .flatten())
}

/// Bytes and number of the frames that lie one behind the other from the start of `range` on.
fn count(bytes: &[u8], range: Range<usize>, length: FrameLength) -> (u64, u64) {
    let (mut at, mut frames) = (range.start, 0);
    while at < range.end {
        match length(bytes, at) {
            Some(length) => {
                at += length;
                frames += 1;
            }
            // A damaged frame: the next one is looked for.
            None if frames > 0 => at += 1,
            None => break,
        }
    }
    ((at - range.start) as u64, frames)
}

/// The first frame that another one follows.
fn first_of_two(bytes: &[u8], length: FrameLength) -> Option<usize> {
    (0..bytes.len()).find(|&at| {
        bytes.get(at) == Some(&0xff)
            && length(bytes, at).is_some_and(|length_here| length(bytes, at + length_here).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::{Source, Span, frames};
    use crate::bounded_file::BoundedFile;

    fn length(bytes: &[u8], at: usize) -> Option<usize> {
        let &[0xff, length] = bytes.get(at..at + 2)? else { return None };
        Some(usize::from(length) * 4)
    }

    fn estimate(lengths: &[u8]) -> u64 {
        let mut bytes = Vec::new();
        for &length in lengths {
            bytes.extend([0xff, length]);
            bytes.resize(bytes.len() + usize::from(length) * 4 - 2, 0);
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        let mut source = Source::new(BoundedFile::open(file.path(), 1 << 20).unwrap());
        let span = Span { start: 0, end: bytes.len() as u64 };
        frames(&mut source, span, &length).unwrap().unwrap()
    }

    #[test]
    fn short_streams_are_counted_and_long_ones_sampled() {
        assert_eq!(estimate(&[100, 50, 100, 20]), 4);
        assert_eq!(estimate(&[100; 3000]), 3000);
        let mixed = [[40; 1500], [100; 1500]].concat();
        let estimated = estimate(&mixed);
        assert!((2700..3300).contains(&estimated), "{estimated}");
    }
}
