//! One running worker, from its start to its burial.
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use super::WorkerCommand;
use super::answer::{self, Outcome};
use super::child::HELLO;
use super::link::{Link, Received};
use super::observe::{self, Seen};
use super::request::{Kind, Request};
use super::sandbox::Locks;
use crate::beneath::OpenFile;

/// How long the end of a process may take before nobody waits for it any more.
const BURIAL: Duration = Duration::from_millis(500);

/// Most memory kept for answers to come, in bytes.
const MAX_KEPT: usize = 256 << 10;

/// A worker process and what it sent so far.
#[derive(Debug)]
pub(super) struct Process {
    child: Option<Child>,
    link: Link,
    inbox: Vec<u8>,
    /// Bytes of the inbox that were used.
    used: usize,
    greeted: bool,
}

/// What the next bytes of the inbox are.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    Incomplete,
    Answer(u32, Outcome),
    /// Nothing an honest worker sends.
    Nonsense,
}

impl Process {
    /// # Errors
    /// When the program is not there, or the system has no more processes or descriptors.
    pub(super) fn start(command: &WorkerCommand) -> io::Result<Self> {
        let (child, link) = Link::start(&mut prepare(command))?;
        Ok(Self { child: Some(child), link, inbox: Vec::new(), used: 0, greeted: false })
    }

    pub(super) fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Whether it has said that it is a worker and ready.
    pub(super) fn has_greeted(&self) -> bool {
        self.greeted
    }

    pub(super) fn ask<'a>(
        &mut self,
        requests: impl Iterator<Item = (Request, &'a OpenFile)>,
    ) -> io::Result<()> {
        self.link.ask(requests)
    }

    pub(super) fn receive(&mut self, patience: Duration) -> io::Result<Received> {
        self.link.receive(&mut self.inbox, patience)
    }

    /// Takes the first answer out of the inbox, which must be one to `kind`.
    pub(super) fn take(&mut self, kind: Kind) -> Frame {
        if !self.greeted {
            match self.greet() {
                Some(true) => {}
                Some(false) => return Frame::Nonsense,
                None => return Frame::Incomplete,
            }
        }
        let waiting = self.inbox.get(self.used..).unwrap_or_default();
        let (sequence, body) = match answer::first_frame(waiting, kind) {
            None => return Frame::Incomplete,
            Some(Err(answer::TooLong)) => return Frame::Nonsense,
            Some(Ok(frame)) => frame,
        };
        let Some(outcome) = answer::read(body, kind) else { return Frame::Nonsense };
        self.used += answer::frame_length(body);
        if self.used == self.inbox.len() {
            self.inbox.clear();
            // A picture's memory is not kept for the next track.
            self.inbox.shrink_to(MAX_KEPT);
            self.used = 0;
        }
        Frame::Answer(sequence, outcome)
    }

    /// Reads the greeting; `None` while it is incomplete.
    fn greet(&mut self) -> Option<bool> {
        let greeting = self.inbox.get(..=HELLO.len())?;
        let is_worker = greeting.starts_with(&HELLO);
        let locks = Locks::from_byte(*greeting.last()?);
        self.used = greeting.len();
        self.greeted = is_worker;
        if is_worker && locks != (Locks { landlock: true, seccomp: true }) {
            tracing::debug!(?locks, "the system cannot lock the reading process in completely");
        }
        Some(is_worker)
    }

    pub(super) fn observe(&self) -> Option<Seen> {
        observe::look_at(self.id()?)
    }

    /// How it ended, after it closed its side; `None` when it does not end.
    pub(super) fn finish(mut self) -> Option<ExitStatus> {
        let mut child = self.child.take()?;
        let status = wait(&mut child);
        if status.is_none() {
            bury(child);
        }
        status
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            bury(child);
        }
    }
}

/// Without the parent's environment, which may hold what is none of a stranger's business.
fn prepare(command: &WorkerCommand) -> Command {
    let program = &command.program;
    // A bare name is looked up by the system; every other path must not depend on the folder.
    let is_name = program.parent().is_none_or(|parent| parent == Path::new(""));
    let absolute = if is_name { None } else { std::path::absolute(program).ok() };
    let mut prepared = Command::new(absolute.as_ref().unwrap_or(program));
    prepared.args(&command.args);
    #[cfg(unix)]
    {
        prepared.env_clear().current_dir("/");
    }
    prepared
}

/// Kills `child` and sees to it that it does not stay as a zombie. One that hangs in a dead device
/// cannot be waited for: a thread does.
fn bury(mut child: Child) {
    // Fails only if it has ended already.
    let _ = child.kill();
    if wait(&mut child).is_none() {
        let buried = thread::Builder::new().name("worker-burial".into()).spawn(move || child.wait());
        if let Err(error) = buried {
            tracing::warn!(%error, "a reading process could not be waited for");
        }
    }
}

/// Waits for a process that is about to end.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(50);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if start.elapsed() < BURIAL => {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(10));
            }
            Ok(None) | Err(_) => return None,
        }
    }
}
