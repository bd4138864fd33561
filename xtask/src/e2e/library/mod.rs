//! The music library, end to end: hostile trees, kills at any moment, a journey with a real stick.

mod bombs;
mod bytes;
mod cut_edits;
mod cut_scan;
mod hostile;
mod journey;
mod kin;
mod names;
mod tools;

use anyhow::Result;

use crate::test::Tally;

/// A hostile stick.
///
/// # Errors
/// If its files cannot be made.
pub fn hostile(tally: &mut Tally) -> Result<()> {
    if !hostile::is_possible() {
        tally.skip("a hostile stick", "its files are made with Linux' tools");
        return Ok(());
    }
    tools::build()?;
    hostile::check(tally)
}

/// A drive with a stick.
///
/// # Errors
/// If the stick cannot be made.
pub fn journey(tally: &mut Tally) -> Result<()> {
    journey::check(tally)
}

/// Kills at any moment.
///
/// # Errors
/// If a check cannot be prepared.
pub fn cut(tally: &mut Tally) -> Result<()> {
    tools::build()?;
    tally.check("favourites and playlists", cut_edits::check().map_err(|error| format!("{error:#}")));
    if !kin::is_told() {
        tally.skip("scans killed at any moment", "the system does not list processes under /proc");
        return Ok(());
    }
    tally.check("scans killed at any moment", cut_scan::check().map_err(|error| format!("{error:#}")));
    Ok(())
}
