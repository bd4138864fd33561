//! ID3v1: the last 128 bytes of the file.
use symphonia::core::meta::MetadataOptions;
use symphonia::default::meta::Id3v1Reader;

use super::fields::Fields;
use super::reader::Span;
use super::symphonia_tags::{read_all, source};
use crate::bounded_file::BoundedFile;
use crate::error::LibraryError;

/// Length of the tag.
const LENGTH: u64 = 128;

/// The tag at the end of `span`, and where what comes before it ends.
///
/// # Errors
/// Unreadable.
pub(super) fn read(file: &mut BoundedFile, span: Span) -> Result<(Fields, u64), LibraryError> {
    if span.len() < LENGTH {
        return Ok((Fields::default(), span.end));
    }
    let start = span.end - LENGTH;
    let tag = file.read_at(start, 128)?;
    if !tag.starts_with(b"TAG") {
        return Ok((Fields::default(), span.end));
    }
    let reader = Id3v1Reader::try_new(source(tag), MetadataOptions::default());
    Ok((reader.map(read_all).unwrap_or_default(), start))
}
