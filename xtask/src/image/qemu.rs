//! A QEMU that is driven by its monitor protocol (QMP): keys, wheel, fingers, pictures of its screen.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::picture::Picture;

/// A machine that runs. Ended when it is dropped.
pub struct Machine {
    child: Child,
    monitor: BufReader<UnixStream>,
    /// A serial line to the guest's commands.
    door: UnixStream,
    folder: PathBuf,
    log: Arc<Mutex<Vec<(Duration, String)>>>,
    began: Instant,
}

/// What to start.
pub struct Boot<'a> {
    /// Its board, disks and firmware; sound, screen, knobs and lines to talk over are added.
    pub board: Vec<String>,
    /// Where the sockets, the pictures and the WAV file go.
    pub folder: &'a Path,
}

/// Longest time for a monitor's answer.
const PATIENCE: Duration = Duration::from_secs(20);

impl Machine {
    /// Starts it by emulation, which needs nothing of the host.
    ///
    /// # Errors
    /// If QEMU is too old for a sound device that needs no mixer, or does not start.
    pub fn start(boot: &Boot<'_>) -> Result<Self> {
        let _ = std::fs::remove_dir_all(boot.folder);
        std::fs::create_dir_all(boot.folder)?;
        let file = |name: &str| boot.folder.join(name).display().to_string();
        let socket = |name: &str| format!("unix:{},server=on,wait=off", file(name));
        let mut command = Command::new("qemu-system-x86_64");
        command.args(["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1024"]);
        command.args(["-display", "none", "-nodefaults"]).args(&boot.board);
        command.args(["-serial", &socket("log"), "-serial", &socket("door"), "-qmp", &socket("qmp")]);
        for device in [
            "virtio-vga,xres=800,yres=480",
            "virtio-keyboard-pci",
            "virtio-mouse-pci",
            "virtio-sound-pci,audiodev=sound",
        ] {
            command.args(["-device", device]);
        }
        command.args(["-audiodev", &format!("wav,id=sound,path={},out.frequency=48000", file("sound.wav"))]);
        let errors = File::create(boot.folder.join("qemu.err"))?;
        let child = command.stdin(Stdio::null()).stderr(errors).spawn().context("cannot start QEMU")?;
        let began = Instant::now();
        let mut child = Guard(Some(child));
        let connect = |name: &str| connect(&boot.folder.join(name), boot.folder);
        let (serial, door, monitor) = (connect("log")?, connect("door")?, connect("qmp")?);
        monitor.set_read_timeout(Some(PATIENCE))?;
        let log = Arc::default();
        listen(serial, began, Arc::clone(&log), File::create(boot.folder.join("log.txt"))?);
        let child = child.0.take().context("QEMU has ended")?;
        let monitor = BufReader::new(monitor);
        let mut machine = Self { child, monitor, door, folder: boot.folder.to_owned(), log, began };
        machine.line()?;
        machine.tell("qmp_capabilities", json!({}))?;
        Ok(machine)
    }

    /// Since it was started.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn line(&mut self) -> Result<Value> {
        let mut line = String::new();
        self.monitor.read_line(&mut line).context("the monitor is silent")?;
        serde_json::from_str(&line).with_context(|| format!("the monitor said {line:?}"))
    }

    /// A monitor command and its answer.
    ///
    /// # Errors
    /// If it is refused.
    pub fn tell(&mut self, command: &str, arguments: Value) -> Result<Value> {
        let message = json!({ "execute": command, "arguments": arguments });
        writeln!(self.monitor.get_mut(), "{message}")?;
        loop {
            let answer = self.line()?;
            if let Some(error) = answer.get("error") {
                bail!("{command}: {error}");
            }
            if let Some(value) = answer.get("return") {
                return Ok(value.clone());
            }
        }
    }

    /// Presses and releases a key, by QEMU's name for it.
    ///
    /// # Errors
    /// As [`Self::tell`].
    pub fn key(&mut self, name: &str) -> Result<()> {
        self.tell("send-key", json!({ "keys": [{ "type": "qcode", "data": name }] })).map(drop)
    }

    /// Presses keys together and releases them.
    ///
    /// # Errors
    /// As [`Self::tell`].
    pub fn keys(&mut self, names: &[&str]) -> Result<()> {
        let keys: Vec<Value> = names.iter().map(|name| json!({ "type": "qcode", "data": name })).collect();
        self.tell("send-key", json!({ "keys": keys })).map(drop)
    }

    /// Turns the wheel by one step.
    ///
    /// # Errors
    /// As [`Self::tell`].
    pub fn wheel(&mut self, up: bool) -> Result<()> {
        let button = if up { "wheel-up" } else { "wheel-down" };
        for down in [true, false] {
            let event = json!({ "type": "btn", "data": { "button": button, "down": down } });
            self.tell("input-send-event", json!({ "events": [event] }))?;
        }
        std::thread::sleep(Duration::from_millis(150));
        Ok(())
    }

    /// Taps the touch screen; places are shares of its width and height.
    ///
    /// # Errors
    /// As [`Self::tell`].
    pub fn tap(&mut self, x: f64, y: f64) -> Result<()> {
        const MOST: f64 = 32767.0;
        let touch = |kind: &str, id: i32, axis: &str, value: f64| {
            json!({ "type": "mtt", "data": {
                "type": kind, "slot": 0, "tracking-id": id, "axis": axis, "value": value.round() as i64 } })
        };
        let down =
            [touch("begin", 1, "x", 0.0), touch("data", 1, "x", x * MOST), touch("data", 1, "y", y * MOST)];
        self.tell("input-send-event", json!({ "events": down }))?;
        std::thread::sleep(Duration::from_millis(120));
        self.tell("input-send-event", json!({ "events": [touch("end", -1, "x", 0.0)] })).map(drop)
    }

    /// What the screen shows, also kept as `NAME.png`.
    ///
    /// # Errors
    /// As [`Self::tell`].
    pub fn look(&mut self, name: &str) -> Result<Picture> {
        let path = self.folder.join("screen.ppm");
        self.tell("screendump", json!({ "filename": path }))?;
        let picture = Picture::read_ppm(&path)?;
        picture.write_png(&self.folder.join(format!("{name}.png")))?;
        Ok(picture)
    }

    /// Has the guest run a line of shell.
    ///
    /// # Errors
    /// If the line is cut.
    pub fn shell(&mut self, line: &str) -> Result<()> {
        writeln!(self.door, "{line}").context("the guest has no door")
    }

    /// The lines of the guest's log that hold `word`.
    pub fn said(&self, word: &str) -> Vec<String> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().filter(|(_, line)| line.contains(word)).map(|(_, line)| line.clone()).collect()
    }

    /// The first line that holds `word`, and when it came, if it has come.
    pub fn heard(&self, word: &str) -> Option<(Duration, String)> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().find(|(_, line)| line.contains(word)).cloned()
    }

    /// What follows `prefix` in the lines between the last `begin` and `end`.
    pub fn since(&self, begin: &str, end: &str, prefix: &str) -> Vec<String> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let from = log.iter().rposition(|(_, line)| line.contains(begin)).unwrap_or(0);
        let lines = log[from..].iter().map(|(_, line)| line).take_while(|line| !line.contains(end));
        lines.filter_map(|line| Some(line.split_once(prefix)?.1.to_owned())).collect()
    }

    /// Waits for the `count`th line that holds `word`; gives it and when it came.
    ///
    /// # Errors
    /// If it does not come in time; the message ends with the last lines of the log.
    pub fn wait_for(&mut self, word: &str, count: usize, longest: Duration) -> Result<(Duration, String)> {
        let since = Instant::now();
        loop {
            let log = self.log.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(found) = log.iter().filter(|(_, line)| line.contains(word)).nth(count - 1) {
                return Ok(found.clone());
            }
            let ended = self.child.try_wait()?;
            if since.elapsed() > longest || ended.is_some() {
                let tail: Vec<&str> = log.iter().rev().take(12).map(|(_, line)| line.as_str()).collect();
                let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
                bail!("the guest did not say {word:?} ({ended:?}); it said last:\n{tail}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the guest has switched itself off.
    ///
    /// # Errors
    /// If it does not.
    pub fn wait_for_end(&mut self, longest: Duration) -> Result<()> {
        let since = Instant::now();
        while self.child.try_wait()?.is_none() {
            if since.elapsed() > longest {
                bail!("the guest does not switch itself off");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ends QEMU if its sockets do not come up.
struct Guard(Option<Child>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn connect(path: &Path, folder: &Path) -> Result<UnixStream> {
    let since = Instant::now();
    loop {
        match UnixStream::connect(path) {
            Ok(stream) => return Ok(stream),
            Err(_) if since.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(20)),
            Err(_) => {
                let said = std::fs::read_to_string(folder.join("qemu.err")).unwrap_or_default();
                bail!(
                    "QEMU did not start (its sound device needs QEMU 8.2; Debian 12 has one in backports): {}",
                    said.trim()
                );
            }
        }
    }
}

fn listen(serial: UnixStream, began: Instant, log: Arc<Mutex<Vec<(Duration, String)>>>, mut file: File) {
    std::thread::spawn(move || {
        let mut line = Vec::new();
        for byte in BufReader::new(serial).bytes() {
            match byte {
                Ok(b'\n') => {
                    let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                    let (at, text) = (began.elapsed(), plain(&text));
                    // The file is for people, who may watch it grow.
                    let _ = writeln!(file, "{:8.2} {text}", at.as_secs_f64());
                    log.lock().unwrap_or_else(PoisonError::into_inner).push((at, text));
                    line.clear();
                }
                Ok(byte) => line.push(byte),
                Err(_) => return,
            }
        }
    });
}

/// Without the terminal's colours.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.find(|c: char| c.is_ascii_alphabetic()).map_or(after.len(), |end| end + 1);
        rest = &after[end..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out_of_the_log() {
        assert_eq!(plain("\x1b[2m2026\x1b[0m \x1b[32m INFO\x1b[0m hal: display"), "2026  INFO hal: display");
        assert_eq!(plain("none \x1b"), "none ");
    }
}
