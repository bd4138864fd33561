//! What the catalog says to the pages.

use super::rows::ListRow;

/// An answer for a page. The number is the request's.
#[derive(Debug)]
pub enum ListAnswer {
    /// A part of a list.
    Page(PageAnswer),
    /// How many rows a list has.
    Count(CountAnswer),
    /// What was found.
    Found(FoundAnswer),
}

/// A part of a list.
#[derive(Debug)]
pub struct PageAnswer {
    pub(crate) request: u64,
    pub(crate) result: Result<ListPart, CatalogError>,
}

/// How many rows a list has.
#[derive(Debug)]
pub struct CountAnswer {
    pub(crate) request: u64,
    pub(crate) result: Result<u64, CatalogError>,
}

/// What was found: artists, albums and tracks, the best of each first.
#[derive(Debug)]
pub struct FoundAnswer {
    pub(crate) request: u64,
    pub(crate) result: Result<Vec<ListRow>, CatalogError>,
}

/// Rows in the list's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ListPart {
    pub rows: Vec<ListRow>,
    /// Index in the whole list of the first row, where the anchor alone does not say it.
    pub first: Option<usize>,
    /// Nothing comes before them.
    pub at_start: bool,
    /// Nothing comes after them.
    pub at_end: bool,
}

/// Why the catalog has no answer, in words for the driver.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CatalogError {
    /// The library has not been read yet, or cannot be.
    #[error("the library is not there yet")]
    NoIndex,
    /// The list is another one now: show it anew.
    #[error("this list has changed")]
    Changed,
    /// The owner's collection says no.
    #[error(transparent)]
    Collection(#[from] library::CollectionError),
    /// The playlist could not be written to the medium.
    #[error(transparent)]
    Export(#[from] library::ExportError),
    /// The library is damaged; it will be built anew.
    #[error("the library must be read anew")]
    Damaged,
}

impl From<library::IndexError> for CatalogError {
    fn from(error: library::IndexError) -> Self {
        use library::IndexError;
        tracing::debug!(%error, "the index has no answer");
        match error {
            IndexError::Question(_) | IndexError::UnknownMedium | IndexError::Interrupted => Self::Changed,
            IndexError::Damaged(_) => Self::Damaged,
            _ => Self::NoIndex,
        }
    }
}
