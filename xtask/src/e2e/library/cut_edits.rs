//! Edits of favourites and playlists killed at random moments: whatever was acknowledged is there afterwards,
//! and nothing half done.
//!
//! The editing program (`library/examples/collection_edits.rs`) says `ack N` when edit N is on the disk, and at
//! its start examines the file and says `state N`: exactly the first N edits are there.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::tools::{self, Random};
use crate::process;

/// Kills in all.
pub const KILLS: usize = 100;
/// Longest life of an editor.
const LIFE: Duration = Duration::from_millis(400);

/// All kills; a sentence about them.
///
/// # Errors
/// What did not hold.
pub fn check() -> Result<String> {
    let folder = tools::folder("edits")?;
    let mut random = Random(100);
    // Edits that must be there.
    let (mut owed, mut early) = (0, 0);
    for kill in 1..=KILLS {
        let said = edit_for(&folder, Duration::from_micros(random.below(LIFE.as_micros() as u64)))?;
        match examined(&said).with_context(|| format!("after {kill} kills"))? {
            Some((state, last)) => {
                ensure!(
                    state >= owed,
                    "{owed} edits were acknowledged, {state} are there after {kill} kills"
                );
                owed = last.map_or(state, |last| last + 1);
            }
            // Killed while it still examined the file.
            None => early += 1,
        }
        if kill % 25 == 0 {
            println!("      {kill} of {KILLS} kills, {owed} edits");
        }
    }
    let said = process::output(tools::example("collection_edits")?.arg(&folder).arg("0"))?;
    let (state, _) =
        examined(&String::from_utf8_lossy(&said))?.context("the last examination said nothing")?;
    ensure!(state >= owed && owed > 0, "{owed} edits were acknowledged, {state} are there in the end");
    ensure!(early < KILLS / 2, "{early} of {KILLS} editors were killed before their first edit");
    Ok(format!(
        "{KILLS} kills ({early} during the examination); {owed} acknowledged edits are there, nothing else"
    ))
}

/// Lets an editor work for so long, kills it, and returns what it had said.
fn edit_for(folder: &Path, life: Duration) -> Result<String> {
    let mut editor = tools::example("collection_edits")?
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start collection_edits")?;
    let mut stdout = editor.stdout.take().context("the editor has no output")?;
    let reader = std::thread::spawn(move || {
        let mut said = Vec::new();
        stdout.read_to_end(&mut said).map(|_| said)
    });
    std::thread::sleep(life);
    editor.kill()?;
    editor.wait()?;
    let said = reader.join().map_err(|_| anyhow::anyhow!("the reader of its output died"))??;
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// The number of edits found at the start and the last one acknowledged after it.
fn examined(said: &str) -> Result<Option<(u64, Option<u64>)>> {
    let (mut state, mut last) = (None, None);
    // A line without its end was not acknowledged.
    for line in said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        match line.split_once(' ') {
            Some(("state", number)) => state = Some(number.parse()?),
            Some(("ack", number)) => last = Some(number.parse()?),
            _ => bail!("the collection is not what its edits make: {line}"),
        }
    }
    Ok(state.map(|state| (state, last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acknowledgements_are_read_and_breakage_is_not_overlooked() {
        assert_eq!(examined("").unwrap(), None);
        assert_eq!(examined("state 7\n").unwrap(), Some((7, None)));
        assert_eq!(examined("state 7\nack 7\nack 8\nack 1").unwrap(), Some((7, Some(8))));
        assert!(examined("state 7\nbroken favourites\n").is_err());
    }
}
