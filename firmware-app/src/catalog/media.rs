//! The media that are plugged in, as the index and the collection name them.

use library::{IndexReader, MediumId, MediumKey};

use crate::event::MediumKnown;
use crate::state::{Medium, MediumRef};

/// A medium that is plugged in.
#[derive(Clone, Debug)]
pub(super) struct Present {
    pub id: MediumRef,
    /// Its key in the index; `None` as long as it was never scanned.
    pub key: Option<MediumKey>,
}

/// The media with their keys, as far as the index knows them.
pub(super) fn present(media: &[Medium], reader: Option<&IndexReader>) -> Vec<Present> {
    let key = |id: &MediumRef| reader?.medium(&MediumId::new(id)?).ok().flatten();
    media.iter().map(|medium| Present { key: key(&medium.id), id: MediumRef::clone(&medium.id) }).collect()
}

/// What the index holds of them.
pub(super) fn known(media: &[Present], reader: Option<&IndexReader>) -> Vec<MediumKnown> {
    let records = reader.and_then(|reader| reader.media().ok()).unwrap_or_default();
    let of = |present: &Present| {
        let record = records.iter().find(|record| Some(record.key) == present.key)?;
        let id = MediumRef::clone(&present.id);
        Some(MediumKnown { id, tracks: record.tracks, is_complete: record.scanned_s.is_some() })
    };
    media.iter().filter_map(of).collect()
}
