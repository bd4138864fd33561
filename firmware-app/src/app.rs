//! Starting the stereo, and the handle by which everybody else talks to it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use engine::{Levels, SPECTRUM_BANDS, SpectrumAnalyzer};
use hal::{Board, Clock, MediaEvent};
use library::WorkerCommand;
use protocol::Command;
use protocol::remote::Question;
use tokio::sync::{mpsc as letters, watch};

use crate::app_loop::AppLoop;
use crate::asking::{Asked, Reply, Waiting};
use crate::catalog::Catalog;
use crate::cloud_desk::{CloudRequest, PresetOffer};
use crate::event::{Done, Event, Offered};
use crate::frame::Frame;
use crate::indexer::Indexer;
use crate::model::Model;
use crate::player::Player;
use crate::reader::Reader;
use crate::remote_desk::RemoteRequest;
use crate::songs::{EditDone, QueueEditAsked, SongAnswer, SongQuestion, SongsAsked};
use crate::state::{QueueEdit, SAVE_INTERVAL, State};
use crate::{pumps, store};

/// How the stereo is set up.
#[derive(Clone, Debug)]
pub struct AppConfig {
    /// Where `state.db` lies; made if it is missing.
    pub data_dir: PathBuf,
    /// How often the resume point is written while music plays.
    pub save_interval: Duration,
    /// A medium that is plugged in while the queue is empty starts to play.
    pub autoplay: bool,
    /// Media that are known to be there, so that the very first command may use them; the board's
    /// media part may report them again.
    pub media: Vec<MediaEvent>,
    /// The process that reads foreign bytes; this very program by default.
    pub worker: Option<WorkerCommand>,
}

impl AppConfig {
    /// The product's own settings, with the state kept in `data_dir`.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            save_interval: SAVE_INTERVAL,
            autoplay: true,
            media: Vec::new(),
            worker: None,
        }
    }
}

/// The stereo could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Thread(#[from] std::io::Error),
}

/// The stereo.
#[derive(Debug)]
pub struct App;

/// How threads tell the loop.
pub(crate) type Post = Arc<dyn Fn(Event) + Send + Sync>;

/// What the loop and the handles share.
pub(crate) struct Shared {
    frame: watch::Sender<Arc<Frame>>,
    /// The board's.
    clock: Arc<dyn Clock>,
    data_dir: PathBuf,
    /// Phones as they were stored, and the way to store them.
    phones: Mutex<store::Phones>,
    /// The account as it was stored, and what of the unit's use waits to be told.
    cloud: Mutex<(store::CloudAccount, Vec<store::UsageRow>)>,
    store: store::StoreDoor,
    /// To the remotes' server, once there is one.
    remotes: Mutex<Option<letters::UnboundedSender<RemoteRequest>>>,
    /// To the link to the cloud, once there is one.
    link: Mutex<Option<letters::UnboundedSender<CloudRequest>>>,
    /// Where its remote is: what each way tells of the other.
    ways: Mutex<Ways>,
    wake: Mutex<Option<Box<dyn Fn() + Send + Sync>>>,
    /// Told, and no frame taken since.
    is_told: AtomicBool,
    spectrum: Mutex<Option<SpectrumAnalyzer>>,
    /// Times the sound ran dry.
    pub underruns: AtomicU64,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// End without saving.
    pub abandoned: AtomicBool,
}

/// Where the unit's remote is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ways {
    /// On the unit's own network, while it is served there.
    pub lan: Option<String>,
    /// At the cloud, while the unit is paired.
    pub cloud: Option<String>,
}

/// Talks to the running stereo; cheap to clone, usable from any thread.
#[derive(Clone)]
pub struct AppHandle {
    events: Sender<Event>,
    shared: Arc<Shared>,
    waiting: Waiting,
}

impl App {
    /// Starts the stereo on a board: its loop, its threads, and the music that played last.
    ///
    /// A device that refuses to start is no error: it is tried again every two seconds. So is a data
    /// folder that cannot be used: the stereo then starts with the defaults and says so.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(config: AppConfig, board: Board) -> Result<AppHandle, StartError> {
        let (events, receiver) = mpsc::channel();
        let mut opened = store::open(&config.data_dir);
        let phones = std::mem::take(&mut opened.saved.phones);
        let cloud = (std::mem::take(&mut opened.saved.cloud), std::mem::take(&mut opened.saved.usage));
        let model = restored(&config, opened.saved, opened.warning, board.clock.now());
        let post = events.clone();
        let store = store::StoreThread::start(opened.database, move |outcome| {
            drop(post.send(Event::Stored(outcome)));
        })?;
        let worker = match config.worker.clone() {
            Some(worker) => worker,
            None => WorkerCommand::this_program()?,
        };
        let post = |events: &Sender<Event>| {
            let events = events.clone();
            Arc::new(move |event| drop(events.send(event))) as Post
        };
        let reader = Reader::start(worker.clone(), &config.data_dir, post(&events))?;
        let catalog = Catalog::start(&config.data_dir, post(&events))?;
        let indexer = Indexer::start(worker, &config.data_dir, post(&events))?;
        let shared = Arc::new(Shared {
            frame: watch::Sender::default(),
            clock: Arc::clone(&board.clock),
            data_dir: config.data_dir.clone(),
            phones: Mutex::new(phones),
            cloud: Mutex::new(cloud),
            store: store.door(),
            remotes: Mutex::new(None),
            link: Mutex::new(None),
            ways: Mutex::default(),
            wake: Mutex::new(None),
            is_told: AtomicBool::new(false),
            spectrum: Mutex::new(None),
            underruns: AtomicU64::new(0),
            thread: Mutex::new(None),
            abandoned: AtomicBool::new(false),
        });
        let player = Player::new(board.audio, board.sink_owns_time, events.clone());
        let app_loop = AppLoop::new(crate::app_loop::Parts {
            model,
            player,
            reader,
            catalog,
            indexer,
            store,
            clock: board.clock,
            backlight: board.backlight,
            watchdog: board.watchdog,
            events: receiver,
            shared: Arc::clone(&shared),
        });
        let thread = std::thread::Builder::new().name("app".into()).spawn(move || app_loop.run())?;
        *lock(&shared.thread) = Some(thread);
        for part in board.inputs {
            pumps::input(part, events.clone())?;
        }
        if let Some(part) = board.ignition {
            pumps::ignition(part, events.clone())?;
        }
        pumps::media(board.media, events.clone())?;
        Ok(AppHandle { events, shared, waiting: Waiting::default() })
    }
}

/// The stereo as it was left, with the media that are there.
fn restored(config: &AppConfig, saved: store::Saved, warning: Option<&str>, now: Duration) -> Model {
    let mut state = State::new();
    state.autoplay = config.autoplay;
    state.save_interval = config.save_interval;
    let mut seed = [0; 32];
    match getrandom::fill(&mut seed) {
        Ok(()) => state.set_chance(seed),
        Err(error) => tracing::error!(%error, "the system gives no random numbers"),
    }
    state.restore(now, saved);
    if let Some(warning) = warning {
        state.say(now, warning);
    }
    let mut model = Model::new(state);
    for medium in &config.media {
        model.handle(now, Event::Media(medium.clone()));
    }
    model
}

impl AppHandle {
    /// Tells the stereo something. Never waits. After the end it is ignored.
    pub fn post(&self, event: Event) {
        drop(self.events.send(event));
    }

    /// Waits until everything posted before this by the same thread has been handled and published;
    /// false if `timeout` (real time) passed first or the stereo has ended.
    pub fn sync(&self, timeout: Duration) -> bool {
        let (sender, receiver) = mpsc::channel();
        self.post(Event::Sync(sender));
        receiver.recv_timeout(timeout).is_ok()
    }

    /// The latest frame.
    #[must_use]
    pub fn frame(&self) -> Arc<Frame> {
        self.shared.is_told.store(false, Ordering::SeqCst);
        Arc::clone(&self.shared.frame.borrow())
    }

    /// The latest frame for as many listeners as there are; one that is slow skips frames.
    #[must_use]
    pub fn frames(&self) -> watch::Receiver<Arc<Frame>> {
        self.shared.frame.subscribe()
    }

    /// Carries out a command; `done` is called once the frame that shows what came of it is published,
    /// on the loop's thread: it must only wake somebody. After the end it is dropped.
    pub fn request(&self, command: Command, done: impl FnOnce(Arc<Frame>) + Send + 'static) {
        self.post(Event::Request(command, Done(Box::new(done))));
    }

    /// Asks for part of a list. Answered exactly once, by a thread of the stereo, with a refusal when too
    /// many questions wait or the stereo ends.
    pub fn ask(&self, question: Question, reply: Reply) {
        if let Some(reply) = self.waiting.admit(reply) {
            self.post(Event::Ask(Asked { question, reply }));
        }
    }

    /// Asks about songs, for servers of other protocols. Answered as [`Self::ask`].
    pub(crate) fn ask_songs(&self, question: SongQuestion, reply: Reply<SongAnswer>) {
        if let Some(reply) = self.waiting.admit(reply) {
            self.post(Event::AskSongs(SongsAsked { question, reply }));
        }
    }

    /// Edits the queue by the keys of its entries; `done` is called as that of [`Self::request`].
    pub(crate) fn edit_queue(&self, edit: QueueEdit, done: EditDone) {
        self.post(Event::EditQueue(QueueEditAsked { edit, done }));
    }

    /// Where the unit's remote is now.
    pub(crate) fn ways(&self) -> Ways {
        lock(&self.shared.ways).clone()
    }

    /// Takes over where the unit's remote is.
    pub(crate) fn set_ways(&self, change: impl FnOnce(&mut Ways)) {
        change(&mut lock(&self.shared.ways));
    }

    /// What the unit's own pages ask of the server of its remotes; a new listener replaces the one before.
    #[must_use]
    pub fn remote_requests(&self) -> letters::UnboundedReceiver<RemoteRequest> {
        let (sender, requests) = letters::unbounded_channel();
        *lock(&self.shared.remotes) = Some(sender);
        requests
    }

    /// Time as the unit lives it, since its start.
    pub(crate) fn now(&self) -> Duration {
        self.shared.clock.now()
    }

    /// Where the unit keeps its data.
    pub(crate) fn data_dir(&self) -> &std::path::Path {
        &self.shared.data_dir
    }

    /// The phones as they were stored last.
    pub(crate) fn stored_phones(&self) -> store::Phones {
        lock(&self.shared.phones).clone()
    }

    /// Stores all phones; `stored` is called by the store's thread once they are on the disk or cannot be,
    /// and dropped when there is no store any more.
    pub(crate) fn store_phones(&self, phones: store::Phones, stored: Box<dyn FnOnce(bool) + Send>) {
        lock(&self.shared.phones).clone_from(&phones);
        self.shared.store.save(store::Save::Phones(phones), stored);
    }

    /// What the unit's own pages ask of the link to the cloud; a new listener replaces the one before.
    #[must_use]
    pub fn cloud_requests(&self) -> letters::UnboundedReceiver<CloudRequest> {
        let (sender, requests) = letters::unbounded_channel();
        *lock(&self.shared.link) = Some(sender);
        requests
    }

    /// The account as it was stored last, and what of the unit's use waits to be told.
    pub(crate) fn stored_cloud(&self) -> (store::CloudAccount, Vec<store::UsageRow>) {
        lock(&self.shared.cloud).clone()
    }

    /// Stores the account; `stored` as of [`Self::store_phones`].
    pub(crate) fn store_account(&self, account: store::CloudAccount, stored: Box<dyn FnOnce(bool) + Send>) {
        lock(&self.shared.cloud).0.clone_from(&account);
        self.shared.store.save(store::Save::Cloud(account), stored);
    }

    /// Stores what of the unit's use waits to be told; `stored` as of [`Self::store_phones`].
    pub(crate) fn store_usage(&self, rows: Vec<store::UsageRow>, stored: Box<dyn FnOnce(bool) + Send>) {
        lock(&self.shared.cloud).1.clone_from(&rows);
        self.shared.store.save(store::Save::Usage(rows), stored);
    }

    /// Asks which sounds the account does not have. `take` is called on the loop's thread, and dropped after
    /// the end: it must only wake somebody.
    pub(crate) fn offer_presets(&self, take: impl FnOnce(PresetOffer) + Send + 'static) {
        self.post(Event::OfferPresets(Offered(Box::new(take))));
    }

    /// Sets what is called after a frame was published, on the loop's thread: it must only wake
    /// somebody. It is not called again until somebody has taken a frame, so wakes never pile up.
    pub fn on_frame(&self, wake: Box<dyn Fn() + Send + Sync>) {
        *lock(&self.shared.wake) = Some(wake);
        self.shared.is_told.store(false, Ordering::SeqCst);
    }

    /// The spectrum's 32 bands (0 to 1 for −72 to 0 dBFS) and the levels. The transform runs in the
    /// calling thread; nothing here is shared with the audio thread by lock.
    #[must_use]
    pub fn spectrum(&self) -> ([f32; SPECTRUM_BANDS], Levels) {
        match lock(&self.shared.spectrum).as_mut() {
            Some(analyzer) => (analyzer.bands(), analyzer.levels()),
            None => ([0.0; SPECTRUM_BANDS], Levels::default()),
        }
    }

    /// How often the sound ran dry since its device was started last, as of the last turn of the loop.
    #[must_use]
    pub fn underruns(&self) -> u64 {
        self.shared.underruns.load(Ordering::Relaxed)
    }

    /// Saves, stops the sound and waits for both. Must not be called from the wake callback.
    pub fn quit_and_join(&self) {
        self.post(Event::Quit);
        let thread = lock(&self.shared.thread).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the loop has panicked");
        }
    }

    /// Ends as a power cut does: without saving what is not yet saved.
    pub fn abandon(&self) {
        self.shared.abandoned.store(true, Ordering::SeqCst);
        self.quit_and_join();
    }

    /// Whether the loop still runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        lock(&self.shared.thread).as_ref().is_some_and(|thread| !thread.is_finished())
    }
}

impl Shared {
    /// Makes a frame the latest and wakes who listens.
    pub fn publish(&self, frame: Arc<Frame>) {
        self.frame.send_replace(frame);
        if !self.is_told.swap(true, Ordering::SeqCst)
            && let Some(wake) = &*lock(&self.wake)
        {
            wake();
        }
    }

    /// Tells the remotes' server, if there is one.
    pub fn tell_remotes(&self, request: RemoteRequest) {
        if let Some(remotes) = &*lock(&self.remotes) {
            // A server that has ended needs to know nothing.
            let _ = remotes.send(request);
        }
    }

    /// Tells the link to the cloud, if there is one.
    pub fn tell_cloud(&self, request: CloudRequest) {
        if let Some(link) = &*lock(&self.link) {
            // A link that has ended needs to know nothing.
            let _ = link.send(request);
        }
    }

    pub fn set_spectrum(&self, analyzer: Option<SpectrumAnalyzer>) {
        *lock(&self.spectrum) = analyzer;
    }
}

impl std::fmt::Debug for AppHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppHandle").field("is_running", &self.is_running()).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
