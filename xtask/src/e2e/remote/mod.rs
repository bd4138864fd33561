//! The web remote in a real browser, against the built stereo on real music.
//!
//! The browser is driven by `web-remote/tests/run.mjs` (playwright-core); it says one line of JSON for every
//! check, and this part counts them. Pictures of every page stay in `target/remote-shots`.

pub mod browser;
pub mod music;
pub mod report;

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use crate::test::Tally;
use crate::{process, web};

/// Longest the whole journey may take; a browser that hangs is ended by then.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// All journeys in the browser.
///
/// # Errors
/// If the remote, the music or the browser cannot be had.
pub fn check(tally: &mut Tally) -> Result<()> {
    run(tally, "")
}

/// The journeys whose name holds `word`.
///
/// # Errors
/// As [`check`].
fn run(tally: &mut Tally, word: &str) -> Result<()> {
    if crate::test::without_tools() {
        tally.skip("web remote in a browser", "RUSTY_AUDIO_WITHOUT_TOOLS is set");
        return Ok(());
    }
    let browser = browser::find()?;
    web::ensure_test_tools()?;
    let target = process::target_dir()?;
    let scratch = target.join("remote-checks");
    std::fs::remove_dir_all(&scratch).ok();
    std::fs::create_dir_all(&scratch)?;
    let plan = json!({
        "simulator": process::sim("debug")?,
        "browser": browser,
        "music": music::prepare(&target)?,
        "scratch": scratch,
        "shots": target.join("remote-shots"),
        "limit_s": LIMIT.as_secs(),
        "only": std::env::var("REMOTE_ONLY").unwrap_or_else(|_| word.to_owned()),
    });
    let script = process::root()?.join("web-remote/tests/run.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg(plan.to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = node.spawn().context("cannot start Node")?;
    let stdout = child.stdout.take().context("Node has no output")?;
    let ended = report::count(stdout, tally);
    let status = child.wait()?;
    if !status.success() || !ended {
        tally.fail("web remote in a browser", &format!("the journeys broke off: {status}"));
    }
    Ok(())
}
