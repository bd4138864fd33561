//! `cargo xtask cloud`: the whole companion on this machine: the worker in its runtime, the web remote, a provider to
//! sign in at, and a simulated stereo that may be paired. Everything begins anew each time.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{build, node};
use crate::steps::Steps;
use crate::system::{self, Need};
use crate::web::{self, Mode};
use crate::{music, process, run};

/// Where the worker listens, if nobody else does.
const PORT: u16 = 8787;
/// What a stereo without a window does: it shows its code, and presses its knob when somebody asks for it.
const SCRIPT: &str = "wait 1s\ncloud pair\ncloud confirm 290s\nwait 1440min\n";

/// Builds what is needed, starts everything and waits for the end of the stereo. `args` go to the simulator.
///
/// # Errors
/// If a step fails; the message says which and what to do.
pub fn command(args: &[&str]) -> Result<bool> {
    let windowed = run::has_display() && !args.contains(&"--headless");
    let mut steps = Steps::new(6);

    steps.next("System packages");
    let needs: &[Need] = if windowed { &[Need::Build, Need::Window] } else { &[Need::Build] };
    steps.done(&system::ensure(needs)?);

    steps.next("Build the web remote (the first time takes some minutes)");
    steps.done(&web::build(Mode::Release)?.verdict());

    steps.next("Build the worker (the first time takes some minutes)");
    steps.done(&build(Mode::Dev)?.verdict(Mode::Dev));

    steps.next("Build the stereo (the first time takes some minutes)");
    process::run(&mut process::cargo(["build", "-p", "firmware-app", "-p", "desktop-sim"])?)?;
    steps.done("built");

    steps.next("Start the worker and a provider to sign in at");
    let scratch = process::target_dir()?.join("cloud");
    std::fs::remove_dir_all(&scratch).ok();
    std::fs::create_dir_all(&scratch)?;
    let mut worker = Worker::start(&scratch)?;
    steps.done(&format!("ready; its log is {}", worker.log));

    steps.next("Start the stereo");
    announce(&worker.base, windowed);
    stereo(&mut worker, &scratch, windowed, args)
}

fn announce(base: &str, windowed: bool) {
    println!("\n      Open {base}\n");
    println!("      Sign in with Home: any name will do, there are no passwords. Then choose Add a stereo.");
    if windowed {
        println!("      In the stereo's window: Menu, Account, Pair shows the code; the knob confirms.");
    } else {
        println!("      No window here, so the stereo pairs by itself: its code follows, and it confirms.");
    }
    println!("      Ctrl-C ends everything.\n");
}

/// Runs the stereo until it ends; without a window again with a new code when nobody has typed the last one.
fn stereo(worker: &mut Worker, scratch: &Path, windowed: bool, args: &[&str]) -> Result<bool> {
    let script = scratch.join("pair.script");
    std::fs::write(&script, SCRIPT)?;
    let music = music::find()?;
    loop {
        let mut command = Command::new(process::sim("debug")?);
        command.arg("--music").arg(&music.folder).arg("--data").arg(scratch.join("unit"));
        command.args(["--cloud", worker.base.as_str()]);
        if !windowed {
            command.arg("--headless").arg("--script").arg(&script);
        }
        if !args.iter().any(|arg| arg.starts_with("--sink")) {
            command.args(["--sink", if run::has_sound() { "device" } else { "null" }]);
        }
        command.args(args.iter().filter(|arg| **arg != "--headless" && **arg != "--"));
        let status = command.stdin(Stdio::null()).status().context("cannot start the simulator")?;
        // Ctrl-C ends both.
        if windowed || status.success() || worker.child.try_wait()?.is_some() {
            return Ok(status.success());
        }
        println!("      Nobody has paired it in time. Once more:");
    }
}

/// The worker with its provider; it ends when this is dropped, or when this program ends, however it does.
struct Worker {
    child: Child,
    base: String,
    log: String,
}

impl Worker {
    fn start(scratch: &Path) -> Result<Self> {
        let port = if std::net::TcpListener::bind(("127.0.0.1", PORT)).is_ok() { PORT } else { 0 };
        let mut command = node::node()?;
        command.arg("tests/dev.mjs").arg(scratch.join("worker")).arg(port.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().context("Node has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        match ready(&line) {
            Some((base, log)) => Ok(Self { child, base, log }),
            None => {
                child.wait()?;
                bail!("the worker did not start; what it said is above")
            }
        }
    }
}

/// Where the worker is and where its log, as `tests/dev.mjs` says it.
fn ready(line: &str) -> Option<(String, String)> {
    let said: Value = serde_json::from_str(line).ok()?;
    Some((said["base"].as_str()?.to_owned(), said["log"].as_str()?.to_owned()))
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Without its input it ends, and ends the runtime before.
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workers_only_line_is_read() {
        let line = "{\"base\":\"http://127.0.0.1:8787\",\"log\":\"/x/worker.log\"}\n";
        assert_eq!(ready(line), Some(("http://127.0.0.1:8787".into(), "/x/worker.log".into())));
        for line in ["", "error", "{\"base\":1}"] {
            assert_eq!(ready(line), None, "{line}");
        }
    }
}
