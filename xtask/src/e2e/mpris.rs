//! The simulator on a desktop's bus, as Debian's `playerctl` sees it: what panels and media keys use.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::real_music;
use crate::test::Tally;
use crate::{demo, process};

const PATIENCE: Duration = Duration::from_secs(60);

/// All checks with `playerctl`.
///
/// # Errors
/// The music cannot be made, or bus or simulator not started.
pub fn check(tally: &mut Tally) -> Result<()> {
    for tool in ["dbus-daemon", "playerctl"] {
        if !cfg!(target_os = "linux") || !process::on_path(tool) {
            tally.skip("MPRIS", &format!("{tool} is not installed"));
            return Ok(());
        }
    }
    let folder = real_music::folder()?.join("mpris");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let music = folder.join("Music");
    demo::ensure(&music)?;
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--session", "--nofork", "--print-address=1"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut bus = Running(bus.spawn()?);
    let mut address = String::new();
    BufReader::new(bus.0.stdout.take().context("no standard output")?).read_line(&mut address)?;
    let address = address.trim().to_owned();
    let mut sim = Command::new(process::sim("debug")?);
    sim.args(["--headless", "--no-remote", "--sink", "null", "--music"]).arg(&music);
    sim.arg("--data").arg(folder.join("data")).env("DBUS_SESSION_BUS_ADDRESS", &address);
    let _sim = Running(sim.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?);
    let desktop = Desktop { address };
    tally.check("media keys and a panel", desktop.journey().map_err(|error| format!("{error:#}")));
    Ok(())
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Desktop {
    address: String,
}

impl Desktop {
    fn tell(&self, args: &[&str]) -> Result<String> {
        let mut playerctl = Command::new("playerctl");
        playerctl.args(["--player", "rusty_audio"]).args(args);
        playerctl.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        Ok(String::from_utf8_lossy(&process::output(&mut playerctl)?).trim().to_owned())
    }

    fn until(&self, args: &[&str], is_so: impl Fn(&str) -> bool) -> Result<String> {
        let since = Instant::now();
        loop {
            match self.tell(args) {
                Ok(said) if is_so(&said) => return Ok(said),
                said => {
                    let shown = args.join(" ");
                    ensure!(since.elapsed() < PATIENCE, "waited in vain: playerctl {shown}: {said:?}");
                }
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn journey(&self) -> Result<String> {
        self.until(&["status"], |said| said == "Playing")?;
        let title = ["metadata", "xesam:title"];
        let first = self.until(&title, |said| said.contains("Coast Road"))?;
        let art = self.until(&["metadata", "mpris:artUrl"], |said| said.starts_with("file:///"))?;
        ensure!(std::path::Path::new(art.trim_start_matches("file://")).is_file(), "no cover at {art}");
        let length: i64 = self.until(&["metadata", "mpris:length"], |said| !said.is_empty())?.parse()?;
        ensure!(length > 10_000_000, "{length} microseconds");
        self.tell(&["pause"])?;
        self.until(&["status"], |said| said == "Paused")?;
        self.tell(&["play-pause"])?;
        self.until(&["status"], |said| said == "Playing")?;
        self.tell(&["next"])?;
        self.until(&title, |said| said != first)?;
        self.tell(&["position", "20"])?;
        self.until(&["position"], |said| said.starts_with("20.") || said.starts_with("21."))?;
        self.tell(&["volume", "0.4"])?;
        self.until(&["volume"], |said| said.starts_with("0.40"))?;
        self.tell(&["shuffle", "On"])?;
        self.until(&["shuffle"], |said| said == "On")?;
        self.tell(&["loop", "Track"])?;
        self.until(&["loop"], |said| said == "Track")?;
        self.tell(&["stop"])?;
        self.until(&["status"], |said| said != "Playing")?;
        Ok("status, title, cover, position, volume, modes".to_owned())
    }
}
