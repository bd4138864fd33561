//! The connection to the unit, on its own network or through the cloud: opened, kept alive, opened again.

use std::cell::{Cell, RefCell};

use protocol::Command;
use protocol::cloud::Presence;
use protocol::remote::{
    Answer, Bye, ByeCode, ClientFrame, Hello, PROTOCOL_VERSION, Question, Refusal, UnitFrame,
};

use super::cloud::{Ticket, ticket};
use super::frames::decode;
use super::http::{self, Known};
use super::place;
use super::relay::{Notice, Relay, notice};
use super::socket::{Said, Socket};
use crate::app::App;
use crate::model::backoff::Backoff;
use crate::storage;
use crate::ui::time::{Timer, after, every, now_ms};
use crate::ui::{Signal, batch, document};

/// A connection that has not said `welcome` by then is given up.
const WELCOME_MS: i32 = 8_000;
/// The unit is asked for a sign of life this often.
const PING_MS: i32 = 10_000;
/// Without any sign for this long the connection counts as lost.
const SILENT_MS: f64 = 25_000.0;
/// After the phone wakes up the unit answers within this time, or is called anew.
const WAKE_MS: i32 = 2_000;

/// How the connection stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Not yet connected since the page was opened.
    #[default]
    Connecting,
    Online,
    /// No way to the unit.
    Offline,
    /// It said that it ends.
    Restarting,
    /// It takes no more remotes.
    Full,
    /// The cloud is there, the unit is not.
    UnitAway,
    /// The unit does not know this phone (any more); at the cloud: nobody is signed in.
    SignedOut,
    /// The unit is not, or no longer, of this account.
    Gone,
    /// The unit speaks another version.
    OtherVersion,
}

type OnAnswer = Box<dyn FnOnce(Result<Answer, Refusal>)>;

/// The connection.
#[derive(Default)]
pub struct Link {
    pub standing: Signal<Standing>,
    socket: RefCell<Option<Socket>>,
    backoff: Cell<Backoff>,
    retry: RefCell<Option<Timer>>,
    deadline: RefCell<Option<Timer>>,
    heartbeat: RefCell<Option<Timer>>,
    heard_ms: Cell<f64>,
    /// Calls so far: an answer that belongs to the time before the last call says nothing.
    calls: Cell<u64>,
    last_id: Cell<u64>,
    answers: RefCell<Vec<(u64, OnAnswer)>>,
    /// What the cloud's way needs besides.
    relay: Relay,
}

impl Link {
    /// Connects for the first time. A phone that was never let in is not known by the unit: it is asked
    /// politely first, since a refused WebSocket looks like no network.
    pub fn start(&'static self, app: &'static App) {
        self.heartbeat.replace(Some(every(PING_MS, move || self.beat(app))));
        let is_known = place::is_cloud() || storage::get("known").is_some();
        if is_known { self.connect(app) } else { self.probe(app) }
    }

    /// Connects at once, whatever was planned: the phone woke up or has a network again.
    pub fn hurry(&'static self, app: &'static App) {
        match self.standing.peek() {
            Standing::Online => {
                self.ping();
                let asked = now_ms();
                self.deadline.replace(Some(after(WAKE_MS, move || {
                    if self.heard_ms.get() < asked {
                        self.lost(app, Standing::Offline);
                    }
                })));
            }
            Standing::SignedOut | Standing::OtherVersion | Standing::Gone => {}
            _ => {
                self.backoff.set(Backoff::default());
                self.connect(app);
            }
        }
    }

    pub fn connect(&'static self, app: &'static App) {
        self.retry.take();
        self.calls.set(self.calls.get() + 1);
        self.deadline.replace(Some(after(WELCOME_MS, move || self.lost(app, Standing::Offline))));
        match place::device() {
            None => self.open(app, "/ws"),
            Some(device) => self.open_by_ticket(app, device),
        }
    }

    fn open(&'static self, app: &'static App, path: &str) {
        let socket = Socket::open(path, move |said| batch(|| self.hear(app, said)));
        *self.socket.borrow_mut() = socket;
    }

    /// Through the cloud: a ticket first, which says at once whether there is a way.
    fn open_by_ticket(&'static self, app: &'static App, device: String) {
        let calls = self.calls.get();
        self.drop_socket_only();
        let of = device.clone();
        ticket(&of, move |ticket| {
            // Another call may have been made while this one was on its way.
            if calls != self.calls.get() {
                return;
            }
            batch(|| match ticket {
                Ticket::Given(ticket) => {
                    self.relay.begin();
                    self.open(app, &format!("/api/devices/{device}/remote?ticket={ticket}"));
                }
                Ticket::SignedOut => self.give_up(Standing::SignedOut),
                Ticket::Gone => self.give_up(Standing::Gone),
                Ticket::Unclear => self.lost(app, Standing::Offline),
            });
        });
    }

    /// Sends a command; its id, for the answer.
    pub fn command(&self, command: Command) -> u64 {
        let id = self.next_id();
        self.send(&ClientFrame::Command { id, command });
        id
    }

    pub fn ask(&self, question: Question, heard: impl FnOnce(Result<Answer, Refusal>) + 'static) {
        let id = self.next_id();
        self.answers.borrow_mut().push((id, Box::new(heard)));
        self.send(&ClientFrame::Ask { id, question });
    }

    pub fn watch(&self, spectrum: bool) {
        self.send(&ClientFrame::Watch { spectrum });
    }

    fn next_id(&self) -> u64 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    /// Asks for a sign of life: of the unit, or of the relay, which tells by itself when the unit goes.
    fn ping(&self) {
        if place::is_cloud() {
            if let Some(socket) = self.socket.borrow().as_ref() {
                socket.send("ping");
            }
            return;
        }
        let id = self.next_id();
        self.send(&ClientFrame::Ping { id });
    }

    fn send(&self, frame: &ClientFrame) {
        if let (Some(socket), Ok(text)) = (self.socket.borrow().as_ref(), serde_json::to_string(frame)) {
            if !place::is_cloud() {
                socket.send(&text);
            } else if let Some(message) = self.relay.wrap(&text, now_ms()) {
                socket.send(&message);
            }
        }
    }

    fn hello(&self) {
        let client = concat!("web-remote ", env!("CARGO_PKG_VERSION")).to_owned();
        self.send(&ClientFrame::Hello(Hello { protocol: PROTOCOL_VERSION, client }));
    }

    /// The relay says whether the unit is there: it is greeted when it comes.
    fn presence(&'static self, app: &'static App, notice: Notice) {
        self.relay.heard(notice, now_ms());
        match notice.unit {
            Presence::Online => {
                self.deadline.replace(Some(after(WELCOME_MS, move || self.lost(app, Standing::Offline))));
                self.hello();
            }
            Presence::Offline => {
                self.deadline.take();
                self.answers.take();
                app.forget_wishes();
                self.standing.put(Standing::UnitAway);
            }
        }
    }

    fn beat(&'static self, app: &'static App) {
        let stands = matches!(self.standing.peek(), Standing::Online | Standing::UnitAway);
        // The relay closes what is silent; the unit does not.
        if !stands || (document().hidden() && !place::is_cloud()) {
            return;
        }
        if now_ms() - self.heard_ms.get() > SILENT_MS {
            self.lost(app, Standing::Offline);
        } else {
            self.ping();
        }
    }

    fn hear(&'static self, app: &'static App, said: Said) {
        self.heard_ms.set(now_ms());
        match said {
            Said::Open if place::is_cloud() => {}
            Said::Open => self.hello(),
            Said::Text(text) => {
                if let Some(notice) = notice(&text).filter(|_| place::is_cloud()) {
                    self.presence(app, notice);
                } else if let Some(frame) = decode(&text) {
                    self.take(app, frame);
                }
            }
            Said::Closed if place::is_cloud() || self.standing.peek() == Standing::Online => {
                self.lost(app, Standing::Offline);
            }
            Said::Closed => self.refused(app),
        }
    }

    fn take(&'static self, app: &'static App, frame: UnitFrame) {
        match frame {
            UnitFrame::Welcome(welcome) => {
                self.deadline.take();
                if welcome.protocol != PROTOCOL_VERSION {
                    return self.give_up(Standing::OtherVersion);
                }
                let mut backoff = self.backoff.get();
                backoff.reset();
                self.backoff.set(backoff);
                storage::set("known", "1");
                app.welcome(*welcome);
                self.standing.put(Standing::Online);
            }
            UnitFrame::Update(update) => app.update(*update),
            UnitFrame::Done { id, .. } => app.answered(id, None),
            UnitFrame::Refused(refusal) => self.refusal(app, refusal),
            UnitFrame::Answer { id, answer } => {
                if let Some(heard) = self.waiting(id) {
                    heard(Ok(answer));
                }
            }
            UnitFrame::Spectrum { bands } => app.spectrum.set(bands),
            UnitFrame::Pong { .. } => {}
            UnitFrame::Bye(bye) => self.bye(app, &bye),
        }
    }

    /// Who waits for the answer to a question.
    fn waiting(&self, id: u64) -> Option<OnAnswer> {
        let mut answers = self.answers.borrow_mut();
        let place = answers.iter().position(|(asked, _)| *asked == id)?;
        Some(answers.swap_remove(place).1)
    }

    fn refusal(&self, app: &App, refusal: Refusal) {
        let Some(id) = refusal.id else { return };
        match self.waiting(id) {
            Some(heard) => heard(Err(refusal)),
            None => app.answered(id, Some(&refusal)),
        }
    }

    fn bye(&'static self, app: &'static App, bye: &Bye) {
        match bye.code {
            ByeCode::Revoked => {
                app.removed_why.put(bye.message.clone());
                self.signed_out();
            }
            ByeCode::Protocol => self.give_up(Standing::OtherVersion),
            ByeCode::Ending => self.lost(app, Standing::Restarting),
            ByeCode::Full => self.lost(app, Standing::Full),
            _ => self.lost(app, Standing::Offline),
        }
    }

    /// The socket closed before it was of use: because there is no way, or because the unit does not know
    /// this phone. A browser does not tell which.
    fn refused(&'static self, app: &'static App) {
        self.drop_socket();
        self.probe(app);
    }

    fn probe(&'static self, app: &'static App) {
        let calls = self.calls.get();
        http::session(move |known| {
            // The phone may have been let in while this question was on its way.
            if calls != self.calls.get() {
                return;
            }
            batch(|| match known {
                Known::No => self.signed_out(),
                Known::Yes if self.socket.borrow().is_none() && self.retry.borrow().is_none() => {
                    // Known, and yet refused before: with a pause, or it would be a tight loop.
                    if storage::get("known").is_some() { self.plan(app) } else { self.connect(app) }
                }
                Known::Yes => {}
                Known::Unclear => self.lost(app, Standing::Offline),
            });
        });
    }

    /// The unit does not know this phone.
    pub fn signed_out(&self) {
        storage::remove("known");
        self.give_up(Standing::SignedOut);
    }

    fn give_up(&self, standing: Standing) {
        self.drop_socket();
        self.retry.take();
        self.standing.put(standing);
    }

    fn lost(&'static self, app: &'static App, standing: Standing) {
        self.drop_socket();
        app.forget_wishes();
        // What the unit said last about it stays true until it is back.
        if !(standing == Standing::Offline && self.standing.peek() == Standing::Restarting) {
            self.standing.put(standing);
        }
        self.plan(app);
    }

    fn plan(&'static self, app: &'static App) {
        let mut backoff = self.backoff.get();
        let wait = backoff.next(js_sys::Math::random());
        self.backoff.set(backoff);
        self.retry.replace(Some(after(wait, move || self.connect(app))));
    }

    fn drop_socket_only(&self) {
        self.socket.take();
    }

    fn drop_socket(&self) {
        self.deadline.take();
        self.drop_socket_only();
        // Whoever waits for an answer asks anew when the connection is back.
        self.answers.take();
    }
}
