//! Carrying a script out, line by line, against a running stereo.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use firmware_app::event::Event;
use firmware_app::protocol::{Command, Decibels, Power, Seconds, Snapshot, Theme};
use hal::InputEvent;

use super::expect::Expect;
use super::{Line, Script, Step};
use crate::cloud::CloudDesk;
use crate::folders::straight;
use crate::process;
use crate::screenshot::Camera;
use crate::unit::Unit;

/// How long, in real time, an expectation may take to come true: tags, covers and folders are read in
/// the background, and a script must not depend on how fast.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks at the snapshot.
const LOOK: Duration = Duration::from_millis(5);

/// How a script ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// At its last line, or because the time asked for is over.
    Done,
    /// A line could not be done or did not hold: `line 7: …`.
    Failed(String),
}

/// What a script works with.
pub struct Runner<'a> {
    /// The stereo.
    pub unit: &'a Unit,
    /// Takes pictures of its screen.
    pub camera: &'a Camera,
    /// The link to the cloud, if there is one.
    pub cloud: Option<&'a CloudDesk>,
    /// Where `play` looks for relative paths after the script's own folder.
    pub music: &'a [PathBuf],
    /// On the unit's clock; when it comes the script ends.
    pub deadline: Option<Duration>,
}

impl Runner<'_> {
    /// Does all lines.
    pub fn run(&self, script: &Script) -> Outcome {
        self.await_music();
        self.unit.settle();
        for line in &script.lines {
            if self.is_over() {
                break;
            }
            tracing::info!(line = line.number, at_s = self.unit.now().as_secs_f64(), "{}", line.text);
            if let Err(why) = self.step(line, &script.folder) {
                return Outcome::Failed(format!("line {}: {why}", line.number));
            }
        }
        Outcome::Done
    }

    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| self.unit.now() >= deadline)
    }

    fn step(&self, line: &Line, folder: &Path) -> Result<(), String> {
        let say = |why: String| format!("{}: {why}", line.text);
        match &line.step {
            Step::Play(None) => self.unit.command(Command::Play),
            Step::Play(Some(path)) => self.play(line.number, path, folder).map_err(say)?,
            Step::Pause => self.unit.command(Command::Pause),
            Step::Next => self.unit.command(Command::Next),
            Step::Previous => self.unit.command(Command::Previous),
            Step::Seek(to) => self.unit.command(Command::Seek { to: Seconds(*to) }),
            Step::Volume(db) => self.unit.command(Command::SetVolume { level: Decibels(*db) }),
            Step::Turn(knob, detents) => self.unit.send(Event::Input(InputEvent::Turn(*knob, *detents))),
            Step::Press(key, hold) => {
                self.unit.send(Event::Input(InputEvent::Down(*key)));
                self.wait(*hold);
                self.unit.send(Event::Input(InputEvent::Up(*key)));
            }
            Step::Wait(time) => self.wait(*time),
            Step::Expect(expect) => self.expect(expect).map_err(|why| format!("{expect}: {why}"))?,
            Step::Screenshot(path) => self.camera.take(&folder.join(path)).map_err(say)?,
            Step::MediaPlug { name, folder: dir } => self.plug(name, dir, folder).map_err(say)?,
            Step::MediaYank(name) => {
                self.unit.yank(name).map_err(say)?;
                self.unit.sync();
            }
            Step::Ignition(on) => self.unit.send(Event::Ignition(*on)),
            Step::Kill => {
                self.unit.settle_disk();
                process::cut_power()
            }
            Step::Day(true) => self.unit.command(Command::SetTheme { theme: Theme::Day }),
            Step::Day(false) => self.unit.command(Command::SetTheme { theme: Theme::Night }),
            Step::Preset(name) => self.unit.command(Command::SelectPreset { name: name.clone() }),
            Step::Cloud(step) => step.run(self.unit, self.cloud).map_err(say)?,
            Step::Eq { band, gain_db } => self.eq(*band, *gain_db).map_err(say)?,
        }
        Ok(())
    }

    fn wait(&self, time: Duration) {
        let until = self.unit.now() + time;
        self.unit.wait_until(self.deadline.map_or(until, |deadline| until.min(deadline)));
    }

    fn expect(&self, expect: &Expect) -> Result<(), String> {
        let since = Instant::now();
        loop {
            let result = expect.check(&self.unit.snapshot());
            if result.is_ok() || since.elapsed() >= PATIENCE {
                return result;
            }
            thread::sleep(LOOK);
        }
    }

    fn play(&self, number: usize, path: &str, folder: &Path) -> Result<(), String> {
        let found = find(path, folder, self.music);
        if !found.exists() {
            tracing::warn!("line {number}: there is no {path}; the stereo is asked all the same");
        }
        if self.unit.slots().served(&found) == found {
            // As if a stick with this folder were plugged in: the stereo plays nothing else.
            let medium = if found.is_dir() { Some(&*found) } else { found.parent() };
            medium.map_or(Ok(()), |medium| self.unit.plug(None, medium))?;
        }
        let path = self.unit.slots().served(&found);
        let path = path.to_str().ok_or("the path is not Unicode")?.to_owned();
        let before = Arc::clone(&self.unit.frame().snapshot);
        self.unit.command(Command::PlayPath { path });
        self.await_answer(&before);
        Ok(())
    }

    fn plug(&self, name: &str, dir: &str, folder: &Path) -> Result<(), String> {
        self.unit.plug(Some(name), &find(dir, folder, &[]))?;
        self.unit.sync();
        self.await_music();
        Ok(())
    }

    /// A medium that is there plays by itself if nothing else does: waits until its music is found or the
    /// stereo says that there is none, so that this answer is not taken for one to the next line.
    fn await_music(&self) {
        let since = Instant::now();
        while since.elapsed() < PATIENCE && !self.unit.slots().plugged().is_empty() {
            let now = &self.unit.frame().snapshot;
            if now.queue.len > 0 || !now.message.is_empty() || now.power == Power::Off {
                return;
            }
            thread::sleep(LOOK);
        }
    }

    /// The tracks are collected in the background: waits until the queue is another one, or the stereo says
    /// why not.
    fn await_answer(&self, before: &Snapshot) {
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            let now = &self.unit.frame().snapshot;
            let is_answered = now.queue.revision != before.queue.revision || now.message != before.message;
            if is_answered {
                return;
            }
            thread::sleep(LOOK);
        }
    }

    fn eq(&self, band: usize, gain_db: f32) -> Result<(), String> {
        let sound = self.unit.frame().snapshot.sound.preset.clone();
        let count = sound.bands.len();
        let Some(mut new) = sound.bands.get(band - 1).copied() else {
            return Err(format!("the sound has bands 1 to {count}"));
        };
        new.gain = Decibels(gain_db);
        self.unit.command(Command::SetBand { index: band - 1, band: new });
        Ok(())
    }
}

/// Where a path of a script leads: itself if absolute, else below the first of the folders that has it,
/// else below the script's own folder.
fn find(path: &str, folder: &Path, music: &[PathBuf]) -> PathBuf {
    let candidates = || std::iter::once(folder).chain(music.iter().map(PathBuf::as_path));
    let found = candidates().map(|base| base.join(path)).find(|path| path.exists());
    straight(found.unwrap_or_else(|| folder.join(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_at_the_script_and_then_at_the_music() {
        let dir = tempfile::tempdir().unwrap();
        let (script, music) = (dir.path().join("script"), dir.path().join("music"));
        std::fs::create_dir_all(script.join("sub")).unwrap();
        std::fs::create_dir_all(&music).unwrap();
        for file in [script.join("a"), music.join("a"), music.join("b")] {
            std::fs::write(file, "").unwrap();
        }
        let music = [music];
        assert_eq!(find("a", &script, &music), script.join("a"));
        assert_eq!(find("./b", &script, &music), music[0].join("b"));
        assert_eq!(find("c", &script, &music), script.join("c"));
        let absolute = music[0].join("a");
        assert_eq!(find(absolute.to_str().unwrap(), &script, &music), absolute);
        let round = find("sub/../a", &script, &music);
        assert_eq!(round, script.join("a").canonicalize().unwrap());
    }
}
