//! Tracks in the search index: neighbours share a row of it.
//!
//! Tracks that are numbered one after the other are mostly those of one album, with the same artist, album
//! and genre: their words are indexed once for all of them. A search looks at each track of the rows it finds.
use rusqlite::{CachedStatement, Connection, params};

use super::error::IndexError;
use super::grams::Grams;
use super::keys::{MediumKey, rows_of};

/// 2 to this many row numbers share a row of the index: about an album.
const SHIFT: u32 = 4;

/// The row of the index that holds a track's words.
fn block_of(row: i64) -> i64 {
    row >> SHIFT
}

/// First and last row of the index of a medium's tracks.
pub(super) fn blocks_of(medium: MediumKey) -> (i64, i64) {
    let (first, last) = rows_of(medium);
    (block_of(first), block_of(last))
}

/// First and last track that share a row of the index.
pub(super) fn tracks_in(block: i64) -> (i64, i64) {
    (block << SHIFT, (block << SHIFT) | ((1 << SHIFT) - 1))
}

/// The next row number that shares no row of the index with one before `number`.
pub(super) fn next_block(number: i64) -> i64 {
    let (_, last) = tracks_in(block_of(number - 1));
    last + 1
}

/// Texts of a track that are searched.
pub(super) struct Texts<'a> {
    /// Title and file name.
    pub own: [&'a str; 2],
    /// Artist, album, album artist, genre, composer: mostly those of the track before.
    pub shared: [&'a str; 5],
}

/// What a file's name says besides the title it ends with.
fn without_title<'a>(stem: &'a str, title: &str) -> &'a str {
    // After a space, so that no word is torn apart.
    stem.strip_suffix(title).filter(|rest| rest.is_empty() || rest.ends_with(' ')).unwrap_or(stem)
}

/// Writes the words of tracks, which come in the order of their rows.
pub(super) struct TrackWords<'a> {
    insert: CachedStatement<'a>,
    grams: Grams,
    block: Option<i64>,
    /// What the track before had.
    shared: [String; 5],
}

impl<'a> TrackWords<'a> {
    pub(super) fn new(db: &'a Connection) -> Result<Self, IndexError> {
        let insert = db.prepare_cached("INSERT INTO track_words(rowid, words) VALUES (?1, ?2)")?;
        Ok(Self { insert, grams: Grams::default(), block: None, shared: Default::default() })
    }

    /// Adds a track.
    pub(super) fn add(&mut self, row: i64, texts: &Texts<'_>) -> Result<(), IndexError> {
        let block = block_of(row);
        let begins = self.block != Some(block);
        if begins {
            self.flush()?;
            self.block = Some(block);
        }
        self.grams.row();
        let [title, stem] = texts.own;
        self.grams.add(title);
        self.grams.add(without_title(stem, title));
        for (last, text) in self.shared.iter_mut().zip(texts.shared) {
            if begins || last != text {
                self.grams.add(text);
                text.clone_into(last);
            }
        }
        Ok(())
    }

    /// Writes the words of the tracks added last. No track of their block may come later.
    pub(super) fn flush(&mut self) -> Result<(), IndexError> {
        if let Some(block) = self.block.take() {
            self.insert.execute(params![block, self.grams.take()])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{block_of, next_block, tracks_in, without_title};

    #[test]
    fn only_whole_words_are_left_out() {
        assert_eq!(without_title("01 - Love", "Love"), "01 - ");
        assert_eq!(without_title("Clove", "love"), "Clove");
        assert_eq!(without_title("Love", "Love"), "");
        assert_eq!(without_title("01 Love", "Hate"), "01 Love");
    }

    #[test]
    fn a_block_begun_is_never_gone_on_with() {
        for next in 1..100 {
            let number = next_block(next);
            assert!(number >= next && block_of(number) > block_of(next - 1), "{next}");
            assert!(number - next < 16);
        }
        assert_eq!(tracks_in(block_of(33)), (32, 47));
    }
}
