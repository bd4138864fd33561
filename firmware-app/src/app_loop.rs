//! The one loop: everything that happens comes through one channel, is handled in order, and goes out
//! as effects first and as a frame second.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use hal::{AudioEvent, Backlight, Clock, Watchdog};
use protocol::cloud::UsageKind;

use crate::app::Shared;
use crate::asking::{self, Asked, Route};
use crate::catalog::Catalog;
use crate::event::{Done, Event, Offered};
use crate::indexer::Indexer;
use crate::model::Model;
use crate::player::Player;
use crate::publisher::{POSITION_INTERVAL, Publisher};
use crate::reader::Reader;
use crate::songs::{self, QueueEditAsked, SongRoute, SongsAsked};
use crate::sound;
use crate::state::{CatalogRequest, Effect, IndexRequest};
use crate::store::StoreThread;

/// A lost device is tried again this often.
const RETRY: Duration = Duration::from_secs(2);
/// Events handled before a frame is published, if more are waiting.
const BATCH: usize = 64;
/// The loop wakes at least this often (real time).
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// What the loop is made of.
pub(crate) struct Parts {
    pub model: Model,
    pub player: Player,
    pub reader: Reader,
    pub catalog: Catalog,
    pub indexer: Indexer,
    pub store: StoreThread,
    pub clock: Arc<dyn Clock>,
    pub backlight: Option<Box<dyn Backlight>>,
    pub watchdog: Option<Box<dyn Watchdog>>,
    pub events: Receiver<Event>,
    pub shared: Arc<Shared>,
}

/// The loop and what only it touches.
pub(crate) struct AppLoop {
    parts: Parts,
    publisher: Publisher,
    /// Those who wait for everything before to be published.
    syncs: Vec<Sender<()>>,
    /// Those who wait for what came of their command.
    requests: Vec<Done>,
    retry_at: Option<Duration>,
    kick_at: Duration,
    /// When a running position is looked at next.
    look_at: Duration,
    ended: bool,
}

impl AppLoop {
    pub fn new(parts: Parts) -> Self {
        let now = parts.clock.now();
        Self {
            parts,
            publisher: Publisher::default(),
            syncs: Vec::new(),
            requests: Vec::new(),
            retry_at: None,
            kick_at: now,
            look_at: now,
            ended: false,
        }
    }

    /// Runs until [`Event::Quit`].
    pub fn run(mut self) {
        self.start_sound();
        self.carry_out();
        self.publish();
        while !self.ended {
            let Some(first) = self.wait() else { break };
            self.handle(first);
            for _ in 0..BATCH {
                match self.parts.events.try_recv() {
                    Ok(event) if !self.ended => self.handle(event),
                    _ => break,
                }
            }
            self.time_passed();
            self.publish();
            self.answer_requests();
            for waiting in self.syncs.drain(..) {
                let _ = waiting.send(());
            }
        }
        self.end();
    }

    /// The next event; a tick when something is due first.
    fn wait(&self) -> Option<Event> {
        let now = self.parts.clock.now();
        let sleep = self.deadline().map_or(LONGEST_SLEEP, |at| at.saturating_sub(now)).min(LONGEST_SLEEP);
        // On a virtual clock this may wake without anything being due, and finds nothing to do.
        match self.parts.events.recv_timeout(sleep.max(Duration::from_millis(1))) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => Some(Event::Tick),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    fn deadline(&self) -> Option<Duration> {
        let position = self.parts.model.state.is_playing().then_some(self.look_at);
        let kick = self.parts.watchdog.as_ref().map(|_| self.kick_at);
        [self.parts.model.deadline(), position, kick, self.retry_at].into_iter().flatten().min()
    }

    fn handle(&mut self, event: Event) {
        let now = self.parts.clock.now();
        match event {
            Event::Sync(waiting) => self.syncs.push(waiting),
            Event::Quit => self.ended = true,
            Event::Tick => {}
            Event::Ask(asked) => self.ask(asked),
            Event::AskSongs(asked) => self.ask_songs(asked),
            Event::EditQueue(asked) => self.edit_queue(now, asked),
            Event::OfferPresets(Offered(take)) => take(self.parts.model.state.preset_offer()),
            Event::Request(command, done) => {
                self.parts.model.state.count_use(now, UsageKind::RemoteCommands);
                self.handle(Event::Command(command));
                self.requests.push(done);
            }
            Event::Audio(generation, event) => self.audio_event(now, generation, event),
            Event::Engine(generation, _) if !self.parts.player.is_current(generation) => {}
            event => {
                if matches!(event, Event::ScanEnded { .. } | Event::ScanProgress(_)) {
                    self.parts.catalog.index_changed();
                }
                self.parts.model.state.heard(self.parts.player.playhead());
                self.parts.model.handle(now, event);
                self.carry_out();
            }
        }
    }

    fn audio_event(&mut self, now: Duration, generation: u64, event: AudioEvent) {
        match event {
            _ if !self.parts.player.is_current(generation) => {}
            AudioEvent::Xrun => tracing::debug!("the sound device ran dry"),
            AudioEvent::Lost(why) => {
                tracing::warn!(why, "the sound device is lost");
                self.parts.model.state.heard(self.parts.player.playhead());
                self.lose_sound(now, "Sound device lost");
            }
        }
    }

    fn start_sound(&mut self) {
        let now = self.parts.clock.now();
        match self.parts.player.start(&sound::params(&self.parts.model.state)) {
            Ok(spectrum) => {
                self.parts.shared.set_spectrum(Some(spectrum));
                self.retry_at = None;
            }
            Err(error) => {
                tracing::error!(%error, "no sound");
                self.lose_sound(now, "No sound device found");
            }
        }
    }

    fn lose_sound(&mut self, now: Duration, message: &str) {
        self.parts.shared.set_spectrum(None);
        self.parts.player.stop();
        let is_first = self.retry_at.is_none();
        self.retry_at = Some(now + RETRY);
        if is_first {
            self.parts.model.state.say(now, message);
        }
    }

    fn retry_sound(&mut self, now: Duration) {
        self.start_sound();
        if self.retry_at.is_none() {
            self.parts.model.state.engine_replaced(now);
        }
    }

    fn time_passed(&mut self) {
        let now = self.parts.clock.now();
        let playhead = self.parts.player.playhead();
        self.parts.shared.underruns.store(playhead.underruns, Ordering::Relaxed);
        self.parts.model.state.underruns_are(now, playhead.underruns);
        self.parts.model.state.heard(playhead);
        self.parts.model.time_passed(now);
        if self.retry_at.is_some_and(|at| at <= now) {
            self.retry_sound(now);
        }
        self.carry_out();
        if now >= self.look_at {
            self.look_at = now + POSITION_INTERVAL;
        }
        if now >= self.kick_at
            && let Some(watchdog) = &mut self.parts.watchdog
        {
            watchdog.kick();
            self.kick_at = now + watchdog.interval();
        }
    }

    /// Carries out what the state asks for, in order; its order puts the sound first.
    fn carry_out(&mut self) {
        for effect in self.parts.model.take_effects() {
            match effect {
                Effect::Read(request) => self.parts.reader.ask(request),
                Effect::Save(save) => self.parts.store.save(save),
                Effect::Backlight(percent) => self.set_backlight(percent),
                Effect::Media(media) => {
                    self.parts.reader.set_media(media.clone());
                    self.parts.catalog.set_media(media);
                }
                Effect::Catalog(request) => self.ask_catalog(request),
                Effect::Index(request) => self.parts.indexer.tell(request),
                Effect::Remote(request) => self.parts.shared.tell_remotes(request),
                Effect::Cloud(request) => self.parts.shared.tell_cloud(request),
                Effect::Params => {
                    let params = sound::params(&self.parts.model.state);
                    if let Some(control) = self.parts.player.control() {
                        control.set_params(&params);
                    }
                }
                sound => self.tell_engine(sound),
            }
        }
    }

    fn ask(&mut self, asked: Asked) {
        let Asked { question, reply } = asked;
        match asking::route(&self.parts.model.state, question) {
            Route::Answered(answer) => reply.answer(answer),
            Route::Catalog(question) => self.parts.catalog.ask_for_remote(question, reply),
            Route::Folder(question) => self.parts.reader.list_for_remote(question, reply),
        }
    }

    fn ask_songs(&mut self, asked: SongsAsked) {
        let SongsAsked { question, reply } = asked;
        match songs::route(&self.parts.model.state, question) {
            SongRoute::Answered(answer) => reply.answer(answer),
            SongRoute::Catalog(task) => self.parts.catalog.ask_for_songs(task, reply),
            SongRoute::Art(path) => self.parts.reader.art_for_songs(path, reply),
        }
    }

    /// The answer waits until the frame that shows the edit is published.
    fn edit_queue(&mut self, now: Duration, asked: QueueEditAsked) {
        let QueueEditAsked { edit, done } = asked;
        self.parts.model.state.heard(self.parts.player.playhead());
        let result = self.parts.model.state.edit_queue(now, edit);
        self.carry_out();
        self.requests.push(Done(Box::new(move |_| done(result))));
    }

    fn answer_requests(&mut self) {
        for Done(done) in self.requests.drain(..) {
            done(self.publisher.last());
        }
    }

    fn ask_catalog(&mut self, request: CatalogRequest) {
        if let CatalogRequest::Played { item } = &request {
            self.parts.indexer.tell(IndexRequest::Played(item.clone()));
        }
        self.parts.catalog.ask(request);
    }

    /// While there is no device this is dropped: the state starts anew when there is one.
    fn tell_engine(&mut self, effect: Effect) {
        let Some(control) = self.parts.player.control() else { return };
        match effect {
            Effect::Play(track) => control.play(track),
            Effect::SetNext(track) => control.set_next(track),
            Effect::Seek(to_s) => control.seek(to_s),
            Effect::SetPaused(paused) => control.set_paused(paused),
            Effect::Stop => control.stop(),
            _ => {}
        }
    }

    fn set_backlight(&mut self, percent: u8) {
        if let Some(backlight) = &mut self.parts.backlight
            && let Err(error) = backlight.set(percent)
        {
            tracing::warn!(%error, "the backlight cannot be set");
            self.parts.backlight = None;
        }
    }

    fn publish(&mut self) {
        let now = self.parts.clock.now();
        if let Some(frame) = self.publisher.frame(now, &self.parts.model) {
            self.parts.shared.publish(frame);
        }
    }

    /// Saves and waits until it is saved, then lets the device go.
    fn end(mut self) {
        if !self.parts.shared.abandoned.load(Ordering::SeqCst) {
            self.parts.model.state.heard(self.parts.player.playhead());
            let now = self.parts.clock.now();
            self.parts.model.state.save_all(now);
            for effect in self.parts.model.take_effects() {
                if let Effect::Save(save) = effect {
                    self.parts.store.save(save);
                }
            }
        }
        self.parts.shared.set_spectrum(None);
        self.parts.player.stop();
        self.parts.indexer.stop();
        self.parts.catalog.finish();
        self.parts.store.finish();
        for waiting in self.syncs.drain(..) {
            let _ = waiting.send(());
        }
    }
}
