//! Tags that symphonia read, as fields.
use std::io::Cursor;
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::{MetadataReader, RawTag, RawValue};

use super::fields::Fields;

/// A slice of a file as symphonia's metadata readers take it.
pub(super) fn source(bytes: Vec<u8>) -> MediaSourceStream<'static> {
    MediaSourceStream::new(Box::new(Cursor::new(bytes)), MediaSourceStreamOptions::default())
}

/// Everything `reader` finds; a damaged tag is an empty one.
pub(super) fn read_all(mut reader: impl MetadataReader) -> Fields {
    let mut fields = Fields::default();
    match reader.read_all() {
        Ok(buffer) => buffer.revision.media.tags.iter().for_each(|tag| add(&mut fields, &tag.raw)),
        Err(error) => tracing::debug!(%error, "damaged tag"),
    }
    fields
}

fn add(fields: &mut Fields, raw: &RawTag) {
    let key = match raw.key.as_str() {
        // User-defined text: its description is the key.
        "TXXX" | "TXX" => description(raw),
        key => Some(key),
    };
    let Some(key) = key else { return };
    match &raw.value {
        RawValue::String(text) => fields.add(key, text),
        RawValue::StringList(list) => list.iter().for_each(|text| fields.add(key, text)),
        RawValue::UnsignedInt(number) => fields.add(key, &number.to_string()),
        _ => {}
    }
}

fn description(raw: &RawTag) -> Option<&str> {
    raw.sub_fields.as_ref()?.iter().find_map(|sub| match &sub.value {
        RawValue::String(text) if sub.field == "DESCRIPTION" => Some(text.as_str()),
        _ => None,
    })
}
