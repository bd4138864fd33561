//! The journey through the cloud in a real browser: the worker in its runtime, a provider to sign in at, two
//! simulated stereos, and a person with a phone (`web-remote/tests/cloud`).

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::remote::{browser, music, report};
use crate::test::Tally;
use crate::web::{self, Mode};
use crate::{cloud, process};

/// Longest the journey may take.
const LIMIT: Duration = Duration::from_secs(10 * 60);

/// The journey, against the build that is shipped.
///
/// # Errors
/// If the remote, the worker, the music or the browser cannot be had.
pub fn journey(tally: &mut Tally) -> Result<()> {
    if crate::test::without_tools() {
        tally.skip("the cloud in a browser", "RUSTY_AUDIO_WITHOUT_TOOLS is set");
        return Ok(());
    }
    let browser = browser::find()?;
    web::ensure_test_tools()?;
    cloud::build(Mode::Release)?;
    let target = process::target_dir()?;
    let scratch = target.join("cloud-journey");
    std::fs::remove_dir_all(&scratch).ok();
    std::fs::create_dir_all(&scratch)?;
    let plan = json!({
        "simulator": process::sim("debug")?,
        "browser": browser,
        "music": music::prepare(&target)?,
        "scratch": scratch,
        "shots": target.join("remote-shots"),
        "limit_s": LIMIT.as_secs(),
    });
    let script = process::root()?.join("web-remote/tests/cloud/run.mjs");
    let mut node = cloud::node::node()?;
    let mut child = node.arg(script).arg(plan.to_string()).stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().context("Node has no output")?;
    let ended = report::count(stdout, tally);
    let status = child.wait()?;
    if !status.success() || !ended {
        tally.fail("the cloud in a browser", &format!("the journey broke off: {status}"));
    }
    Ok(())
}
