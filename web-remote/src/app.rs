//! What all pages share: the unit's state as signals, the connection, the address.

use std::cell::{Cell, RefCell};

use protocol::remote::{Answer, Question, Refusal, Role, UnitIdentity, Update, Welcome};
use protocol::{
    Command, LibraryInfo, Now, Power, QueueInfo, Repeat, Seconds, Snapshot, Sound, Theme, TransportState,
    VOLUME_STEPS, Volume, db_to_step, step_to_db,
};

use crate::model::position::Position;
use crate::model::route::Route;
use crate::net::link::{Link, Standing};
use crate::net::place;
use crate::text;
use crate::ui::time::{Timer, after, now_ms};
use crate::ui::{Signal, window};
use crate::wish::Wish;

/// A short message stays this long.
const TOAST_MS: i32 = 5_000;

/// The whole program; it lives as long as the page.
#[derive(Default)]
pub struct App {
    pub link: Link,
    pub route: Signal<Route>,
    /// A snapshot is there, if an old one.
    pub ready: Signal<bool>,
    pub unit: Signal<UnitIdentity>,
    pub role: Signal<Role>,
    pub capabilities: Signal<Vec<String>>,

    pub now: Signal<Now>,
    pub shuffle: Signal<bool>,
    pub repeat: Signal<Repeat>,
    pub limits: Signal<Volume>,
    pub queue: Signal<QueueInfo>,
    pub presets_revision: Signal<u64>,
    pub message: Signal<String>,
    pub power: Signal<Power>,
    pub theme: Signal<Theme>,
    pub library: Signal<LibraryInfo>,
    pub sleep_s: Signal<Option<u32>>,
    pub spectrum: Signal<Vec<u8>>,

    pub state: Wish<TransportState>,
    pub step: Wish<i32>,
    pub muted: Wish<bool>,
    pub sound: Wish<Sound>,
    pub favourite: Wish<bool>,
    /// Where in the track, seconds; while the person seeks, where to.
    pub at_s: Wish<f64>,

    /// A short message; its number tells two alike apart.
    pub toast: Signal<(u32, String)>,
    /// Why the unit removed this phone, in its words.
    pub removed_why: Signal<String>,
    /// A newer version of the remote waits to be loaded.
    pub update_ready: Signal<bool>,
    snapshot: RefCell<Snapshot>,
    position: Cell<Position>,
    toast_ends: RefCell<Option<Timer>>,
}

impl App {
    pub fn welcome(&self, welcome: Welcome) {
        self.unit.put(welcome.unit);
        self.role.put(welcome.role);
        let mut capabilities = welcome.capabilities;
        // Pictures come from the unit itself, by a way the cloud does not have.
        capabilities.retain(|name| name != "art" || !place::is_cloud());
        self.capabilities.put(capabilities);
        self.snapshot.replace(welcome.snapshot);
        self.forget_wishes();
        self.sync();
        self.ready.put(true);
    }

    pub fn update(&self, update: Update) {
        update.apply(&mut self.snapshot.borrow_mut());
        self.sync();
    }

    /// Brings every signal to what the snapshot says; only real changes are told.
    fn sync(&self) {
        let s = self.snapshot.borrow();
        self.now.put(s.now.clone());
        self.favourite.told(s.now.favourite);
        self.shuffle.put(s.transport.shuffle);
        self.repeat.put(s.transport.repeat);
        self.limits.put(s.volume.clone());
        self.queue.put(s.queue.clone());
        self.presets_revision.put(s.presets_revision);
        self.message.put(s.message.clone());
        self.power.put(s.power);
        self.theme.put(s.theme);
        self.library.put(s.library.clone());
        self.sleep_s.put(s.sleep_s);
        self.state.told(s.transport.state);
        self.step.told(i32::from(s.volume.step));
        self.muted.told(s.volume.muted);
        self.sound.told(s.sound.clone());
        let mut position = self.position.get();
        let runs = s.transport.state == TransportState::Playing;
        position.told(s.transport.position_s, runs, s.now.duration_s, now_ms());
        self.position.set(position);
        self.tick();
    }

    /// Counts the position on.
    pub fn tick(&self) {
        let online = self.link.standing.peek() == Standing::Online || !self.ready.peek();
        if online {
            self.at_s.told(self.position.get().at(now_ms()));
        }
    }

    /// A command was answered, or refused for a reason.
    pub fn answered(&self, id: u64, refusal: Option<&Refusal>) {
        self.state.answered(id);
        self.step.answered(id);
        self.muted.answered(id);
        self.sound.answered(id);
        self.favourite.answered(id);
        self.at_s.answered(id);
        if let Some(refusal) = refusal {
            self.say(if refusal.message.is_empty() { text::FAILED } else { &refusal.message });
        }
    }

    /// Nothing that was asked for will be answered any more.
    pub fn forget_wishes(&self) {
        self.state.forget();
        self.step.forget();
        self.muted.forget();
        self.sound.forget();
        self.favourite.forget();
        self.at_s.forget();
    }

    /// Whether the unit can do something; a name of [`protocol::remote::capability`].
    pub fn can(&self, name: &str) -> bool {
        self.capabilities.with(|names| names.iter().any(|known| known == name))
    }

    /// Whether this phone may change anything now.
    pub fn may_control(&self) -> bool {
        self.role.get() == Role::Owner && self.link.standing.get() == Standing::Online
    }

    /// As [`App::may_control`], outside of effects.
    fn controls(&self) -> bool {
        self.role.peek() == Role::Owner && self.link.standing.peek() == Standing::Online
    }

    /// Says something in passing; a new message takes the place of the one before.
    pub fn say(&self, message: &str) {
        let number = self.toast.peek_with(|(number, _)| number + 1);
        self.toast.set((number, message.to_owned()));
        let toast = self.toast.clone();
        self.toast_ends.replace(Some(after(TOAST_MS, move || toast.set((number, String::new())))));
    }

    pub fn send(&self, command: Command) {
        if self.controls() {
            self.link.command(command);
        }
    }

    /// Asks the unit something, if it is there.
    pub fn ask(&self, question: Question, heard: impl FnOnce(Result<Answer, Refusal>) + 'static) {
        if self.link.standing.peek() == Standing::Online {
            self.link.ask(question, heard);
        }
    }

    pub fn toggle_play(&'static self) {
        let (next, command) = match self.state.shown.peek() {
            TransportState::Playing => (TransportState::Paused, Command::Pause),
            _ => (TransportState::Playing, Command::Play),
        };
        if self.controls() {
            self.state.want(&self.link, 0, next, command);
        }
    }

    /// The loudest step the owner allows.
    pub fn loudest(&self) -> i32 {
        i32::from(self.limits.with(|volume| db_to_step(volume.max_db)).min(VOLUME_STEPS))
    }

    pub fn set_step(&'static self, step: i32) {
        let step = step.clamp(0, self.loudest());
        if self.controls() && step != self.step.shown.peek() {
            let level = step_to_db(u8::try_from(step).unwrap_or(0));
            self.step.want(&self.link, 0, step, Command::SetVolume { level });
        }
    }

    pub fn toggle_mute(&'static self) {
        let on = !self.muted.shown.peek();
        if self.controls() {
            self.muted.want(&self.link, 0, on, Command::SetMute { on });
        }
    }

    pub fn toggle_favourite(&'static self) {
        if self.controls() && self.capabilities.peek_with(|all| all.iter().any(|name| name == "favourites")) {
            let on = !self.favourite.shown.peek();
            let music = protocol::MusicRef::Current;
            self.favourite.want(&self.link, 0, on, Command::ToggleFavourite { music });
        }
    }

    pub fn seek(&'static self, to_s: f64) {
        let to_s = to_s.clamp(0.0, self.now.peek_with(|now| now.duration_s).unwrap_or(f64::MAX));
        if self.controls() {
            self.at_s.want(&self.link, 0, to_s, Command::Seek { to: Seconds(to_s) });
        }
    }

    /// Goes to a page; the browser's back button comes back from it.
    pub fn go(&self, route: Route) {
        if let Ok(history) = window().history() {
            let address = place::at(&route.address());
            let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.route.set(route);
    }

    /// Changes the address without going anywhere.
    pub fn replace_address(&self, route: &Route) {
        if let Ok(history) = window().history() {
            let address = place::at(&route.address());
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
        }
    }

    /// Goes to a page in place of this one.
    pub fn replace(&self, route: Route) {
        self.replace_address(&route);
        self.route.set(route);
    }

    /// The unit has let this phone in.
    pub fn enrolled(&'static self) {
        self.removed_why.put(String::new());
        self.link.standing.put(Standing::Connecting);
        self.replace(Route::Playing);
        self.link.connect(self);
    }
}
