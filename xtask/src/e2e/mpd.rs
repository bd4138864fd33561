//! The MPD server of a running simulator, as Debian's `mpc` sees it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::real_music;
use crate::test::Tally;
use crate::{demo, process};

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "correct horse battery";

/// All checks with `mpc`.
///
/// # Errors
/// The music cannot be made or the simulator not started.
pub fn check(tally: &mut Tally) -> Result<()> {
    if !process::on_path("mpc") {
        tally.skip("mpc", "it is not installed");
        return Ok(());
    }
    let folder = real_music::folder()?.join("mpd");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let music = folder.join("Music");
    demo::ensure(&music)?;
    let unit = Running::start(&folder.join("open"), &music, None)?;
    for (name, step) in STEPS {
        tally.check(name, step(&unit).map(|()| "as it should be".to_owned()).map_err(|e| format!("{e:#}")));
    }
    drop(unit);
    let locked = Running::start(&folder.join("locked"), &music, Some(PASSWORD))?;
    tally.check(
        "password",
        password(&locked).map(|()| "kept out, let in".into()).map_err(|e| format!("{e:#}")),
    );
    let refused = refused(&folder, &music).map_err(|e| format!("{e:#}"));
    tally.check("an open address without a password", refused);
    Ok(())
}

type Step = fn(&Running) -> Result<()>;

const STEPS: [(&str, Step); 6] = [
    ("browse and search", browse),
    ("queue", queue),
    ("play, seek and volume", play),
    ("playlists", playlists),
    ("idle", idle),
    ("cover", cover),
];

/// A simulator that serves.
struct Running {
    sim: Child,
    port: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.sim.kill();
        let _ = self.sim.wait();
    }
}

fn command(folder: &Path, music: &Path) -> Result<Command> {
    let mut sim = Command::new(process::sim("debug")?);
    sim.args(["--headless", "--no-remote", "--sink", "null", "--music"])
        .arg(music)
        .arg("--data")
        .arg(folder.join("data"));
    sim.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    Ok(sim)
}

fn password_file(folder: &Path, password: &str) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join("password");
    std::fs::write(&file, format!("{password}\n"))?;
    Ok(file)
}

impl Running {
    /// Starts it and waits until the music is in its index.
    fn start(folder: &Path, music: &Path, password: Option<&str>) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut command = command(folder, music)?;
        command.args(["--mpd", "127.0.0.1:0"]);
        if let Some(password) = password {
            command.arg("--mpd-password-file").arg(password_file(folder, password)?);
        }
        let mut sim = command.spawn().context("the simulator does not start")?;
        let lines = BufReader::new(sim.stderr.take().context("no standard error")?).lines();
        let mut unit = Self { sim, port: String::new() };
        let mut lines = lines.map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("MPD server: ").map(str::to_owned));
        let address = address.context("the simulator does not say where it serves")?;
        unit.port = address.rsplit(':').next().unwrap_or_default().to_owned();
        // Taken on, so that the simulator never waits for somebody to read.
        thread::spawn(move || lines.for_each(drop));
        let host = password.map_or("127.0.0.1".to_owned(), |password| format!("{password}@127.0.0.1"));
        unit.until_at(&host, &["stats"], |text| text.contains("Songs:        5"))?;
        unit.until_at(&host, &["status"], |text| !text.contains("Updating"))?;
        Ok(unit)
    }

    fn at(&self, host: &str, args: &[&str]) -> Result<String> {
        let mut mpc = Command::new("mpc");
        mpc.args(["--host", host, "--port", &self.port]).args(args);
        Ok(String::from_utf8_lossy(&process::output(&mut mpc)?).into_owned())
    }

    /// What `mpc` says.
    fn mpc(&self, args: &[&str]) -> Result<String> {
        self.at("127.0.0.1", args)
    }

    fn until_at(&self, host: &str, args: &[&str], is_so: impl Fn(&str) -> bool) -> Result<String> {
        let since = Instant::now();
        loop {
            let said = self.at(host, args)?;
            if is_so(&said) {
                return Ok(said);
            }
            ensure!(since.elapsed() < PATIENCE, "waited in vain: mpc {} says {said:?}", args.join(" "));
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn until(&self, args: &[&str], is_so: impl Fn(&str) -> bool) -> Result<String> {
        self.until_at("127.0.0.1", args, is_so)
    }

    /// Lines of what `mpc` says, which must be so many.
    fn lines(&self, args: &[&str], count: usize) -> Result<Vec<String>> {
        let lines: Vec<String> = self.mpc(args)?.lines().map(str::to_owned).collect();
        ensure!(lines.len() == count, "mpc {}: {count} lines expected: {lines:?}", args.join(" "));
        Ok(lines)
    }

    /// Empties the queue and puts everything into it.
    fn refill(&self) -> Result<()> {
        self.mpc(&["clear"])?;
        self.mpc(&["add", "/"])?;
        self.lines(&["playlist"], 5).map(drop)
    }
}

fn browse(unit: &Running) -> Result<()> {
    ensure!(unit.mpc(&["ls"])?.lines().next() == Some("Music"), "the medium is not listed");
    ensure!(unit.lines(&["ls", "Music"], 1)? == ["Music/Night Drive Home"], "the folder is not listed");
    unit.lines(&["ls", "Music/Night Drive Home"], 5)?;
    unit.lines(&["listall"], 5)?;
    unit.lines(&["search", "any", "coast road"], 2)?;
    let one = "((album == 'Night Drive Home') AND (track == '3'))";
    let found = unit.lines(&["find", one], 1)?;
    ensure!(found.iter().all(|file| file.contains("Sodium Lights")), "found {found:?}");
    unit.lines(&["list", "album", "group", "albumartist"], 2)?;
    ensure!(unit.lines(&["list", "artist"], 1)? == ["Rusty Audio"], "no artist");
    ensure!(unit.mpc(&["ls", "Music/Nowhere"]).is_err(), "a folder that is not there is listed");
    Ok(())
}

fn queue(unit: &Running) -> Result<()> {
    unit.refill()?;
    let format = ["--format", "%id%", "playlist"];
    let before = unit.lines(&format, 5)?;
    unit.mpc(&["move", "1", "3"])?;
    let after = unit.lines(&format, 5)?;
    ensure!(after[2] == before[0] && after[0] == before[1], "moved: {before:?} {after:?}");
    unit.mpc(&["del", "2"])?;
    let fewer = unit.lines(&format, 4)?;
    ensure!(!fewer.contains(&after[1]), "deleted: {fewer:?}");
    unit.mpc(&["play", "2"])?;
    unit.mpc(&["crop"])?;
    ensure!(unit.lines(&format, 1)? == fewer[1..2], "cropped to what plays");
    unit.mpc(&["findadd", "title", "Sodium Lights"])?;
    unit.mpc(&["insert", "Music/Night Drive Home/05 Home by Morning.aiff"])?;
    let titles = unit.lines(&["--format", "%title%", "playlist"], 3)?;
    ensure!(titles[1..] == ["Home by Morning", "Sodium Lights"], "inserted: {titles:?}");
    Ok(())
}

fn play(unit: &Running) -> Result<()> {
    unit.refill()?;
    let status = |unit: &Running| unit.mpc(&["status"]);
    ensure!(unit.mpc(&["play", "1"])?.contains("[playing] #1/5"), "does not play");
    ensure!(unit.mpc(&["next"])?.contains("[playing] #2/5"), "no next");
    ensure!(unit.mpc(&["prev"])?.contains("[playing] #1/5"), "no previous");
    ensure!(unit.mpc(&["seek", "0:20"])?.contains(" 0:2"), "no seek");
    unit.until(&["status"], |text| text.contains(" 0:21/") || text.contains(" 0:22/"))?;
    ensure!(unit.mpc(&["pause"])?.contains("[paused]"), "no pause");
    ensure!(unit.mpc(&["volume", "37"])?.contains("volume: 37%"), "no volume");
    ensure!(unit.mpc(&["volume", "-7"])?.contains("volume: 30%"), "no change of volume");
    ensure!(unit.mpc(&["random", "on"])?.contains("random: on"), "no random");
    unit.mpc(&["random", "off"])?;
    ensure!(unit.mpc(&["repeat", "off"])?.contains("repeat: off"), "no repeat");
    unit.mpc(&["repeat", "on"])?;
    ensure!(unit.mpc(&["consume", "on"]).is_err(), "it consumes");
    unit.mpc(&["stop"])?;
    ensure!(!status(unit)?.contains("["), "does not stop");
    Ok(())
}

fn playlists(unit: &Running) -> Result<()> {
    unit.refill()?;
    unit.mpc(&["save", "On the road"])?;
    ensure!(unit.mpc(&["save", "On the road"]).is_err(), "saved twice");
    unit.lines(&["lsplaylists"], 1)?;
    unit.mpc(&["clear"])?;
    unit.mpc(&["load", "On the road"])?;
    unit.lines(&["playlist"], 5)?;
    unit.mpc(&["rm", "On the road"])?;
    unit.lines(&["lsplaylists"], 0)?;
    Ok(())
}

fn idle(unit: &Running) -> Result<()> {
    let mut waiting = Command::new("mpc");
    waiting.args(["--host", "127.0.0.1", "--port", &unit.port, "idle", "mixer"]).stdout(Stdio::piped());
    let mut waiting = waiting.spawn()?;
    thread::sleep(Duration::from_millis(500));
    unit.mpc(&["random", "on"])?;
    unit.mpc(&["random", "off"])?;
    ensure!(waiting.try_wait()?.is_none(), "told of what it did not ask for");
    unit.mpc(&["volume", "33"])?;
    let since = Instant::now();
    while waiting.try_wait()?.is_none() {
        if since.elapsed() > PATIENCE {
            waiting.kill()?;
            bail!("not told");
        }
        thread::sleep(Duration::from_millis(20));
    }
    let said = waiting.wait_with_output()?;
    ensure!(said.stdout == b"mixer\n", "told {:?}", String::from_utf8_lossy(&said.stdout));
    Ok(())
}

fn cover(unit: &Running) -> Result<()> {
    let mut mpc = Command::new("mpc");
    mpc.args(["--host", "127.0.0.1", "--port", &unit.port, "readpicture"]);
    let picture = process::output(mpc.arg("Music/Night Drive Home/01 Coast Road (Part One).flac"))?;
    ensure!(picture.starts_with(&[0xff, 0xd8]) && picture.len() > 8192, "{} bytes", picture.len());
    Ok(())
}

fn password(unit: &Running) -> Result<()> {
    ensure!(unit.mpc(&["status"]).is_err(), "let in without a password");
    ensure!(unit.at("wrong@127.0.0.1", &["status"]).is_err(), "let in with a wrong password");
    ensure!(unit.at(&format!("{PASSWORD}@127.0.0.1"), &["status"])?.contains("volume"), "kept out");
    Ok(())
}

/// Others could connect: it does not even start.
fn refused(folder: &Path, music: &Path) -> Result<String> {
    let mut sim = command(&folder.join("refused"), music)?;
    let said = sim.args(["--mpd", "0.0.0.0:0"]).output()?;
    let text = String::from_utf8_lossy(&said.stderr).into_owned();
    ensure!(
        said.status.code() == Some(2) && text.contains("--mpd-password-file"),
        "{:?} {text}",
        said.status
    );
    Ok("refused, and it says why".to_owned())
}
