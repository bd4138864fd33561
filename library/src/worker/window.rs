//! The parent's side: up to 32 files in flight, and what to do when the worker dies of one.
use std::collections::VecDeque;
use std::io;
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use super::WorkerCommand;
use super::answer::{Answer, Outcome};
use super::bucket::Bucket;
use super::link::Received;
use super::process::{Frame, Process};
use super::request::{Kind, Request, WINDOW};
use super::watch::{TICK, Verdict, Watch};
use crate::beneath::OpenFile;
use crate::error::LibraryError;
use crate::tags::TrackInfo;

/// Requests that are sent together while the worker has at least as many before it.
const BATCH: usize = 8;

/// How long answers are left to gather while the worker has much before it: to be woken for each one would
/// cost both processes more than reading a file's tags does. Its window lasts longer.
const GATHER: Duration = Duration::from_micros(100);

/// Starts in a row that may fail.
const MAX_STARTS: u32 = 3;

/// How long a program may take to say that it is a worker.
const GREETING: Duration = Duration::from_secs(5);

/// How long the failure to start is believed before it is tried again.
const HOPELESS: Duration = Duration::from_secs(1);

/// A worker process: started at the first request, started again after it died. One user at a time.
#[derive(Debug)]
pub struct Worker {
    command: WorkerCommand,
    process: Option<Process>,
    /// Asked and not answered, the oldest first.
    window: VecDeque<Asked>,
    /// How many at the end of the window were not sent yet.
    unsent: usize,
    /// Answered and not taken.
    ready: VecDeque<(u64, Result<TrackInfo, LibraryError>)>,
    sequence: u32,
    watch: Watch,
    bucket: Bucket,
    started: Instant,
    failed_starts: u32,
    hopeless: Option<(Instant, LibraryError)>,
}

/// A request in flight. The file stays open for the case that it must be asked again.
#[derive(Debug)]
struct Asked {
    token: u64,
    request: Request,
    file: OpenFile,
    /// Somebody else killed the worker over it once; the file is not to blame for that.
    excused: bool,
}

impl Worker {
    /// A worker that `command` will start when it is needed.
    #[must_use]
    pub fn new(command: WorkerCommand) -> Self {
        let now = Instant::now();
        Self {
            command,
            process: None,
            window: VecDeque::with_capacity(WINDOW),
            unsent: 0,
            ready: VecDeque::with_capacity(WINDOW),
            sequence: 0,
            watch: Watch::default(),
            bucket: Bucket::new(now),
            started: now,
            failed_starts: 0,
            hopeless: None,
        }
    }

    /// Asks for the tags of `file`; [`Self::answer`] will name it `token`.
    ///
    /// Blocks only while 32 files are in flight. Answers wait until they are taken: take them in the same
    /// loop.
    ///
    /// # Errors
    /// [`LibraryError::Unreadable`] when the worker cannot be started; then nothing can be read.
    pub fn submit(&mut self, token: u64, file: OpenFile) -> Result<(), LibraryError> {
        while self.window.len() >= WINDOW {
            if let Some(done) = self.step(TICK) {
                self.keep(done);
            }
        }
        if let Some(error) = self.failure() {
            return Err(error);
        }
        self.push(token, Kind::Track, file);
        if (self.unsent >= BATCH || self.unsent == self.window.len())
            && let Some(done) = self.step(Duration::ZERO)
        {
            self.keep(done);
        }
        Ok(())
    }

    /// The next answer, in the order of asking; waits for it. `None` when nothing is in flight.
    pub fn answer(&mut self) -> Option<(u64, Result<TrackInfo, LibraryError>)> {
        loop {
            if let Some(answer) = self.ready.pop_front() {
                return Some(answer);
            }
            if self.window.is_empty() {
                return None;
            }
            if let Some(done) = self.step(TICK) {
                self.keep(done);
            }
        }
    }

    /// The next answer if it is there; never waits for the worker.
    pub fn try_answer(&mut self) -> Option<(u64, Result<TrackInfo, LibraryError>)> {
        if self.ready.is_empty()
            && let Some(done) = self.step(Duration::ZERO)
        {
            self.keep(done);
        }
        self.ready.pop_front()
    }

    /// The next answer, in the order of asking, if it comes within `patience` (or little later).
    pub fn answer_within(&mut self, patience: Duration) -> Option<(u64, Result<TrackInfo, LibraryError>)> {
        if self.ready.is_empty()
            && let Some(done) = self.step(patience)
        {
            self.keep(done);
        }
        self.ready.pop_front()
    }

    /// Whether the worker could not be started a moment ago: then no file is to blame for its error.
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        self.failure().is_some()
    }

    /// How many files were submitted and not taken as answers yet.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.window.len() + self.ready.len()
    }

    /// The running process, for figures about it. `None` before the first request and after a death.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().and_then(Process::id)
    }

    /// One question now; what is in flight is finished first.
    pub(super) fn ask(&mut self, kind: Kind, file: OpenFile) -> Outcome {
        while !self.window.is_empty() {
            if let Some(done) = self.step(TICK) {
                self.keep(done);
            }
        }
        self.push(0, kind, file);
        loop {
            if let Some((_, outcome)) = self.step(TICK) {
                return outcome;
            }
        }
    }

    fn push(&mut self, token: u64, kind: Kind, file: OpenFile) {
        self.sequence = self.sequence.wrapping_add(1);
        let request = Request { kind, sequence: self.sequence, ending: file.ending_bytes() };
        self.window.push_back(Asked { token, request, file, excused: false });
        self.unsent += 1;
    }

    fn keep(&mut self, (token, outcome): (u64, Outcome)) {
        let result = match outcome {
            Ok(Answer::Track(info)) => Ok(*info),
            // Answers are read as what was asked for, so that there is no other.
            Ok(_) => Err(LibraryError::Hostile),
            Err(error) => Err(error),
        };
        self.ready.push_back((token, result));
    }

    /// Settles the oldest request if it can be within `patience`; waits once at most.
    fn step(&mut self, patience: Duration) -> Option<(u64, Outcome)> {
        let head = self.window.front()?.request;
        if self.process.is_none()
            && let Err(error) = self.start(patience)?
        {
            return self.give_up(error);
        }
        let lost = self.send().is_err();
        let process = self.process.as_mut()?;
        for received in [false, true] {
            if received {
                if self.window.len() >= self.unsent + 2 * BATCH && !patience.is_zero() {
                    thread::sleep(GATHER);
                }
                match process.receive(patience) {
                    Ok(Received::Bytes) => {}
                    Ok(Received::Nothing) if !lost => return self.look(),
                    Ok(Received::Nothing | Received::Closed) | Err(_) => return self.died(),
                }
            }
            match process.take(head.kind) {
                Frame::Incomplete => {}
                Frame::Answer(sequence, outcome) if sequence == head.sequence => {
                    return self.settle(outcome);
                }
                Frame::Answer(..) | Frame::Nonsense => return self.betrayed(),
            }
        }
        None
    }

    fn settle(&mut self, outcome: Outcome) -> Option<(u64, Outcome)> {
        let asked = self.window.pop_front()?;
        self.unsent = self.unsent.min(self.window.len());
        Some((asked.token, outcome))
    }

    /// The worker is gone or no longer wanted: what is in flight is for the next one.
    fn abandon(&mut self) -> Option<Process> {
        self.unsent = self.window.len();
        self.watch.reset();
        self.bucket.add(Instant::now());
        self.process.take()
    }

    /// The inner result: whether there is a process now. `None` when it is too early for another one.
    fn start(&mut self, patience: Duration) -> Option<Result<(), LibraryError>> {
        if let Some(error) = self.failure() {
            return Some(Err(error));
        }
        let delay = self.bucket.delay(Instant::now());
        if !delay.is_zero() {
            thread::sleep(delay.min(patience));
            return None;
        }
        self.started = Instant::now();
        match Process::start(&self.command) {
            Ok(process) => {
                self.process = Some(process);
                Some(Ok(()))
            }
            Err(error) => {
                Some(Err(LibraryError::Unreadable(format!("the reading process cannot be started: {error}"))))
            }
        }
    }

    fn send(&mut self) -> io::Result<()> {
        let sent = self.window.len() - self.unsent;
        let due = self.unsent > 0 && (self.unsent >= BATCH || sent < BATCH);
        let (Some(process), true) = (self.process.as_mut(), due) else { return Ok(()) };
        process.ask(self.window.iter().skip(sent).map(|asked| (asked.request, &asked.file)))?;
        self.unsent = 0;
        Ok(())
    }

    /// Nothing came for a while.
    fn look(&mut self) -> Option<(u64, Outcome)> {
        let (process, head) = (self.process.as_ref()?, self.window.front()?);
        if !process.has_greeted() {
            if self.started.elapsed() < GREETING {
                return None;
            }
            self.abandon();
            return self.give_up(cannot_start("it does not answer"));
        }
        let sequence = head.request.sequence;
        let outcome = match self.watch.look(sequence, Instant::now(), process.observe()) {
            Verdict::Wait => return None,
            Verdict::Hostile => LibraryError::Hostile,
            Verdict::Unanswered => LibraryError::Unreadable("the medium does not answer".into()),
        };
        tracing::warn!(?outcome, "a file took its reader too long");
        self.abandon();
        self.settle(Err(outcome))
    }

    /// It said what no worker says. Before its greeting it is another program, afterwards it was taken over.
    fn betrayed(&mut self) -> Option<(u64, Outcome)> {
        let process = self.abandon()?;
        if !process.has_greeted() {
            return self.start_failed("it is no worker");
        }
        tracing::warn!("a file made its reader talk nonsense");
        self.settle(Err(LibraryError::Hostile))
    }

    fn died(&mut self) -> Option<(u64, Outcome)> {
        let had_requests = self.unsent < self.window.len();
        let process = self.abandon()?;
        let greeted = process.has_greeted();
        let status = process.finish();
        if !greeted {
            return self.start_failed(&status.map_or("it hangs".into(), |status| status.to_string()));
        }
        let head = self.window.front_mut()?;
        if !had_requests || (!head.excused && was_murdered(status)) {
            head.excused = had_requests;
            return None;
        }
        tracing::warn!(?status, "a file killed its reader");
        self.settle(Err(LibraryError::Hostile))
    }

    fn start_failed(&mut self, why: &str) -> Option<(u64, Outcome)> {
        self.failed_starts += 1;
        if self.failed_starts < MAX_STARTS {
            return None;
        }
        self.give_up(cannot_start(why))
    }

    fn give_up(&mut self, error: LibraryError) -> Option<(u64, Outcome)> {
        if self.failure().is_none() {
            self.hopeless = Some((Instant::now(), error.clone()));
        }
        self.settle(Err(error))
    }

    /// Why the worker could not be started a moment ago.
    fn failure(&self) -> Option<LibraryError> {
        let (since, error) = self.hopeless.as_ref()?;
        (since.elapsed() < HOPELESS).then(|| error.clone())
    }
}

fn cannot_start(why: &str) -> LibraryError {
    LibraryError::Unreadable(format!("the reading process cannot be started: {why}"))
}

/// Killed by a signal that nothing in the worker itself sends: another program, or the system for want
/// of memory.
fn was_murdered(status: Option<ExitStatus>) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        const KILL: i32 = 9;
        status.and_then(|status| status.signal()) == Some(KILL)
    }
    #[cfg(not(unix))]
    {
        let _ = status;
        false
    }
}
