//! All knobs and keys of the board, by evdev: whatever is plugged in, now or later.
//!
//! One thread looks through the folder whenever something in it comes, goes or changes its owner; each device has
//! a thread of its own that sleeps in `read`. On the appliance the udev rules decide what the process may open, a
//! moment after the device has come.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, Weak};
use std::thread;
use std::time::Duration;

use evdev::{AbsoluteAxisCode, AttributeSetRef, Device, KeyCode};

use super::watch::{Alarm, FolderWatch, wait};
use super::{EventStream, Keymap, RawEvents};
use crate::sync::lock;
use crate::{InputEvent, InputSource, Key, PartGone};

/// How often the folder is looked through where it cannot be watched.
const RESCAN: Duration = Duration::from_secs(2);
/// And where it can, in case a change was missed.
const LONG_RESCAN: Duration = Duration::from_secs(300);

/// A device that could not be opened is tried this often before only a change in the folder counts.
const RETRIES: u32 = 5;

/// Opens a device of the folder if it is of use. An error is a device that may be tried again later.
type Opener = Box<dyn Fn(&Path, &Keymap) -> io::Result<Option<Box<dyn EventStream>>> + Send>;

/// Knobs and keys of all input devices.
#[derive(Debug)]
pub struct EvdevInput {
    events: Receiver<InputEvent>,
    /// Its end is how the scanning thread learns that it is no longer needed.
    alive: Option<Arc<()>>,
    alarm: Alarm,
}

impl Drop for EvdevInput {
    fn drop(&mut self) {
        self.alive = None;
        self.alarm.ring();
    }
}

impl EvdevInput {
    /// Listens to every device of `/dev/input` that has a key or an axis of the keymap, except touch
    /// screens. `grab` keeps the events from everybody else (the console, other programs).
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn open(keymap: Keymap, grab: bool) -> Result<Self, PartGone> {
        let opener: Opener = Box::new(move |path, keymap| open_device(path, keymap, grab));
        Self::scanning(Path::new("/dev/input"), keymap, opener)
    }

    fn scanning(folder: &Path, keymap: Keymap, opener: Opener) -> Result<Self, PartGone> {
        let gone = |error: io::Error| PartGone(format!("input: {error}"));
        let (sender, events) = mpsc::channel();
        let alive = Arc::new(());
        let needed = Arc::downgrade(&alive);
        let alarm = Alarm::new().map_err(gone)?;
        let watch = FolderWatch::new(folder)
            .inspect_err(|error| tracing::warn!(%error, "devices that are plugged are noticed late"));
        let bell = Bell { alarm: alarm.clone(), watch: watch.ok(), retries: 0 };
        let scanner = Scanner {
            folder: folder.to_owned(),
            keymap: Arc::new(keymap),
            opener,
            sender,
            open: Arc::default(),
            alarm: alarm.clone(),
        };
        thread::Builder::new()
            .name("input scan".into())
            .spawn(move || scanner.run(&needed, bell))
            .map_err(gone)?;
        Ok(Self { events, alive: Some(alive), alarm })
    }
}

/// What ends the scanner's sleep.
struct Bell {
    alarm: Alarm,
    watch: Option<FolderWatch>,
    /// Looks since something changed.
    retries: u32,
}

impl Bell {
    /// Until something has changed, or it is time to look again: soon if something is `missing`, but not forever.
    fn sleep(&mut self, missing: bool) {
        let files = [Some(self.alarm.as_fd()), self.watch.as_ref().map(AsFd::as_fd)];
        let files: Vec<_> = files.into_iter().flatten().collect();
        let is_short = self.watch.is_none() || (missing && self.retries < RETRIES);
        match wait(&files, if is_short { RESCAN } else { LONG_RESCAN }) {
            Ok(told) if told.contains(&true) => self.retries = 0,
            Ok(_) => self.retries = self.retries.saturating_add(1),
            Err(_) => thread::sleep(RESCAN),
        }
        self.alarm.hush();
        if let Some(watch) = &mut self.watch {
            watch.heard();
        }
    }
}

impl InputSource for EvdevInput {
    fn next(&mut self) -> Result<InputEvent, PartGone> {
        self.events.recv().map_err(|_| PartGone("input devices".into()))
    }
}

struct Scanner {
    folder: PathBuf,
    keymap: Arc<Keymap>,
    opener: Opener,
    sender: Sender<InputEvent>,
    open: Arc<Mutex<HashSet<PathBuf>>>,
    /// Rung when a device has ended: its node may be another one already.
    alarm: Alarm,
}

impl Scanner {
    fn run(&self, needed: &Weak<()>, mut bell: Bell) {
        let mut refused = HashSet::new();
        while needed.strong_count() > 0 {
            let present = event_files(&self.folder);
            // A node that went and came again is another device: it gets another chance.
            refused.retain(|path| present.contains(path));
            let mut missing = false;
            for path in present {
                if refused.contains(&path) || lock(&self.open).contains(&path) {
                    continue;
                }
                match (self.opener)(&path, &self.keymap) {
                    Ok(Some(stream)) => self.listen(path, stream),
                    Ok(None) => drop(refused.insert(path)),
                    Err(error) => {
                        tracing::debug!(%error, path = %path.display(), "not ours, or not yet");
                        missing = true;
                    }
                }
            }
            bell.sleep(missing);
        }
    }

    fn listen(&self, path: PathBuf, stream: Box<dyn EventStream>) {
        lock(&self.open).insert(path.clone());
        let (keymap, sender, open) = (Arc::clone(&self.keymap), self.sender.clone(), Arc::clone(&self.open));
        let (node, alarm) = (path.clone(), self.alarm.clone());
        let spawned = thread::Builder::new().name("input".into()).stack_size(256 * 1024).spawn(move || {
            let mut input = Translated::new(stream, keymap);
            while let Some(event) = input.next_event() {
                if sender.send(event).is_err() {
                    break;
                }
            }
            lock(&open).remove(&node);
            alarm.ring();
        });
        if let Err(error) = spawned {
            tracing::warn!(%error, path = %path.display(), "no thread for an input device");
            lock(&self.open).remove(&path);
        }
    }
}

fn event_files(folder: &Path) -> HashSet<PathBuf> {
    let is_event =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("event"));
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).filter(is_event).collect()
}

fn open_device(path: &Path, keymap: &Keymap, grab: bool) -> io::Result<Option<Box<dyn EventStream>>> {
    let mut device = Device::open(path)?;
    if !is_of_use(&device, keymap) {
        return Ok(None);
    }
    if grab && let Err(error) = device.grab() {
        tracing::warn!(%error, path = %path.display(), "an input device is not ours alone");
    }
    tracing::info!(path = %path.display(), name = device.name(), "input device");
    Ok(Some(Box::new(device)))
}

fn is_of_use(device: &Device, keymap: &Keymap) -> bool {
    let is_touch = is_touch(device.supported_keys(), device.supported_absolute_axes());
    let has_key = device.supported_keys().is_some_and(|keys| keys.iter().any(|key| keymap.has_key(key)));
    let has_axis =
        device.supported_relative_axes().is_some_and(|axes| axes.iter().any(|axis| keymap.has_axis(axis)));
    !is_touch && (has_key || has_axis)
}

/// Touch screens and pads belong to the screen. BTN_TOUCH alone says nothing: QEMU's mouse has it.
fn is_touch(
    keys: Option<&AttributeSetRef<KeyCode>>,
    axes: Option<&AttributeSetRef<AbsoluteAxisCode>>,
) -> bool {
    let has_button = keys.is_some_and(|keys| keys.contains(KeyCode::BTN_TOUCH));
    axes.is_some_and(|axes| {
        axes.contains(AbsoluteAxisCode::ABS_MT_POSITION_X)
            || (has_button && axes.contains(AbsoluteAxisCode::ABS_X))
    })
}

/// A stream of kernel events as the stereo's: translated, and with every key released at its end.
struct Translated<S> {
    stream: S,
    keymap: Arc<Keymap>,
    /// In reverse order.
    waiting: Vec<InputEvent>,
    held: Vec<Key>,
}

impl<S: EventStream> Translated<S> {
    fn new(stream: S, keymap: Arc<Keymap>) -> Self {
        Self { stream, keymap, waiting: Vec::new(), held: Vec::new() }
    }

    /// The next event; none once the stream has ended and nothing is held any more.
    fn next_event(&mut self) -> Option<InputEvent> {
        loop {
            if let Some(event) = self.waiting.pop() {
                match event {
                    InputEvent::Down(key) => self.held.push(key),
                    InputEvent::Up(key) => self.held.retain(|&held| held != key),
                    InputEvent::Turn(..) => {}
                }
                return Some(event);
            }
            match self.stream.read_events() {
                Ok(events) => {
                    self.waiting
                        .extend(events.into_iter().rev().filter_map(|event| self.keymap.translate(event)));
                }
                Err(_) => return self.held.pop().map(InputEvent::Up),
            }
        }
    }
}

impl EventStream for Box<dyn EventStream> {
    fn read_events(&mut self) -> io::Result<Vec<evdev::InputEvent>> {
        (**self).read_events()
    }
}

/// An input source over raw `input_event` bytes: a pipe from a helper, or a recording.
pub struct RawInput<R> {
    input: Translated<RawEvents<R>>,
}

impl<R: Read + Send> RawInput<R> {
    /// Reads and translates these bytes.
    pub fn new(reader: R, keymap: Keymap) -> Self {
        Self { input: Translated::new(RawEvents::new(reader), Arc::new(keymap)) }
    }
}

impl<R: Read + Send> InputSource for RawInput<R> {
    fn next(&mut self) -> Result<InputEvent, PartGone> {
        self.input.next_event().ok_or_else(|| PartGone("raw input".into()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Knob;
    use crate::linux::evdev_stream::raw_bytes;
    use std::io::Write;
    use std::process::Command;

    const KEY: u16 = 1;
    const MUTE: u16 = 113;
    const VOLUME_UP: u16 = 115;

    #[test]
    fn a_key_held_at_the_end_is_released() {
        let bytes = [raw_bytes(KEY, MUTE, 1), raw_bytes(0, 0, 0), raw_bytes(KEY, VOLUME_UP, 1)].concat();
        let mut input = RawInput::new(&bytes[..], Keymap::default());
        assert_eq!(input.next(), Ok(InputEvent::Down(Key::Mute)));
        assert_eq!(input.next(), Ok(InputEvent::Turn(Knob::Volume, 1)));
        assert_eq!(input.next(), Ok(InputEvent::Up(Key::Mute)));
        assert!(input.next().is_err());
    }

    #[test]
    fn what_can_be_touched_has_places() {
        use evdev::AttributeSet;
        let keys: AttributeSet<KeyCode> = [KeyCode::BTN_TOUCH, KeyCode::BTN_LEFT].into_iter().collect();
        let places: AttributeSet<AbsoluteAxisCode> = [AbsoluteAxisCode::ABS_X].into_iter().collect();
        let fingers: AttributeSet<_> = [AbsoluteAxisCode::ABS_MT_POSITION_X].into_iter().collect();
        assert!(is_touch(Some(&keys), Some(&places)) && is_touch(None, Some(&fingers)));
        assert!(!is_touch(Some(&keys), None), "a mouse with BTN_TOUCH");
        assert!(!is_touch(None, Some(&places)), "a joystick");
    }

    fn fifo(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    fn open_pipe(path: &Path, _: &Keymap) -> io::Result<Option<Box<dyn EventStream>>> {
        Ok(Some(Box::new(RawEvents::new(fs::File::open(path)?))))
    }

    #[test]
    fn devices_may_come_go_and_come_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut input = EvdevInput::scanning(dir.path(), Keymap::default(), Box::new(open_pipe)).unwrap();
        fs::write(dir.path().join("mouse0"), "not an event device").unwrap();
        for round in 0..2 {
            let path = dir.path().join("event7");
            fifo(&path);
            let mut pipe = fs::OpenOptions::new().write(true).open(&path).unwrap();
            pipe.write_all(&raw_bytes(KEY, MUTE, 1)).unwrap();
            assert_eq!(input.next(), Ok(InputEvent::Down(Key::Mute)), "round {round}");
            fs::remove_file(&path).unwrap();
            drop(pipe);
            assert_eq!(input.next(), Ok(InputEvent::Up(Key::Mute)), "round {round}");
        }
    }

    /// Counts how often a node is tried; `answer` says what came of it.
    fn counting(answer: fn() -> io::Result<Option<Box<dyn EventStream>>>) -> (Arc<Mutex<u32>>, Opener) {
        let tries = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&tries);
        let opener: Opener = Box::new(move |_, _| {
            *lock(&counted) += 1;
            answer()
        });
        (tries, opener)
    }

    #[test]
    fn a_device_of_no_use_is_tried_once_until_it_comes_again() {
        let dir = tempfile::tempdir().unwrap();
        let (tries, opener) = counting(|| Ok(None));
        let path = dir.path().join("event0");
        fs::write(&path, "").unwrap();
        let input = EvdevInput::scanning(dir.path(), Keymap::default(), opener).unwrap();
        for other in 0..3 {
            thread::sleep(Duration::from_millis(50));
            fs::write(dir.path().join(format!("mouse{other}")), "").unwrap();
        }
        thread::sleep(Duration::from_millis(100));
        assert_eq!(*lock(&tries), 1);
        fs::remove_file(&path).unwrap();
        thread::sleep(Duration::from_millis(100));
        fs::write(&path, "").unwrap();
        thread::sleep(Duration::from_millis(200));
        assert_eq!(*lock(&tries), 2);
        drop(input);
    }

    #[test]
    fn a_device_that_is_not_ours_yet_is_tried_when_its_owner_is_set() {
        let dir = tempfile::tempdir().unwrap();
        let (tries, opener) = counting(|| Err(io::ErrorKind::PermissionDenied.into()));
        let path = dir.path().join("event0");
        fs::write(&path, "").unwrap();
        let input = EvdevInput::scanning(dir.path(), Keymap::default(), opener).unwrap();
        thread::sleep(Duration::from_millis(100));
        let before = *lock(&tries);
        thread::sleep(Duration::from_millis(200));
        assert_eq!(*lock(&tries), before, "not again and again");
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
        thread::sleep(Duration::from_millis(200));
        assert!(*lock(&tries) > before);
        drop(input);
    }

    #[test]
    fn a_plain_file_is_not_a_device() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("event0");
        fs::write(&path, "").unwrap();
        assert!(open_device(&path, &Keymap::default(), true).is_err());
    }
}
