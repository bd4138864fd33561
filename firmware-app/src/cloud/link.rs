//! The link: a WebSocket to the relay for as long as the unit has an owner, made again and again, and the
//! remotes that come by it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::Utf8Bytes;
use axum::http::Method;
use futures_util::{SinkExt, StreamExt};
use protocol::cloud::{Asker, FromUnit, ToUnit, join, split};
use protocol::remote::Role;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::Message;

use super::backoff::{Backoff, STABLE, chance};
use super::caller::Socket;
use super::desk::Desk;
use super::relayed::{
    Gate, Inbound, Outbound, RelayClock, RelayHost, RelayedLine, TO_RELAY, WAITS, WRITE_WITHIN,
};
use super::trouble::Trouble;
use crate::cloud_desk::LinkState;
use crate::remote::{Connections, Host, Member, serve};

/// The relay says welcome within.
const WELCOME_WITHIN: Duration = Duration::from_secs(15);
/// A sign of life is sent this often,
const PING_EVERY: Duration = Duration::from_secs(30);
/// and a relay that says nothing at all is taken for gone after.
const GONE_AFTER: Duration = Duration::from_secs(75);
/// The signs of life. The relay answers by itself, without waking up.
const PING: &str = "ping";
const PONG: &str = "pong";

/// Keeps the link for ever.
pub(crate) async fn run(desk: Arc<Desk>) {
    let mut paired = desk.paired.subscribe();
    let mut backoff = Backoff::new(desk.pace.retry);
    loop {
        if paired.wait_for(|is_paired| *is_paired).await.is_err() {
            return;
        }
        paired.mark_unchanged();
        let mut since = None;
        let ended = tokio::select! {
            ended = session(&desk, &mut since) => Some(ended),
            // Unlinked: the connection ends with its task.
            _ = paired.changed() => None,
        };
        desk.online.send_replace(false);
        if let Some(since) = since {
            backoff.lasted(Instant::now().saturating_duration_since(since));
        }
        let Some(ended) = ended else { continue };
        match ended {
            Trouble::NotPaired => desk.has_no_owner(false).await,
            trouble => {
                tracing::info!(%trouble, "no link to the cloud");
                desk.link_is(LinkState::Offline { why: trouble.brief().into() });
                let wait = backoff.next(chance()).max(trouble.wait().unwrap_or_default());
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    _ = paired.changed() => {}
                }
            }
        }
    }
}

/// One connection, until its end. `since` is when it was made.
async fn session(desk: &Arc<Desk>, since: &mut Option<Instant>) -> Trouble {
    let socket = match connect(desk).await {
        Ok(socket) => socket,
        Err(trouble) => return trouble,
    };
    match begin(desk, socket).await {
        Ok(session) => {
            *since = Some(Instant::now());
            session.run().await
        }
        Err(trouble) => trouble,
    }
}

async fn connect(desk: &Desk) -> Result<Socket, Trouble> {
    desk.caller().await?.link().await
}

/// Waits for the relay's welcome.
async fn begin(desk: &Arc<Desk>, mut socket: Socket) -> Result<Session, Trouble> {
    let first = tokio::time::timeout(WELCOME_WITHIN, socket.next()).await;
    let text = match first {
        Ok(Some(Ok(Message::Text(text)))) => text,
        _ => return Err(Trouble::Unreachable("the relay does not say welcome".into())),
    };
    let (now_ms, name) = match split::<ToUnit>(&text) {
        Ok((ToUnit::Welcome { now_ms, name, .. }, _)) => (now_ms, name),
        Ok((ToUnit::Unpaired, _)) => return Err(Trouble::NotPaired),
        Ok(_) => return Err(Trouble::Nonsense("a relay begins with welcome".into())),
        Err(error) => return Err(Trouble::Nonsense(error.to_string())),
    };
    let clock = RelayClock::new(now_ms, Instant::now());
    whose(desk).await?;
    tracing::debug!("linked to the cloud");
    let account = desk.account();
    let device_id = account.owner.map(|owner| owner.device_id).unwrap_or_default();
    if account.name != name {
        let name = name.clone();
        desk.change(|account| account.name = name).await;
    }
    let host = RelayHost::new(desk.app.clone(), device_id, name);
    let (to_relay, outbound) = mpsc::channel(TO_RELAY);
    let mut tasks = JoinSet::new();
    let paced = Arc::clone(&host);
    tasks.spawn(async move { paced.hub().run(paced.app().frames()).await });
    desk.link_is(LinkState::Online);
    // Whatever changed while there was no link.
    desk.exchange.notify_one();
    let (desk, connections) = (Arc::clone(desk), Connections::default());
    let heard = Instant::now();
    let phones = HashMap::new();
    Ok(Session { desk, socket, host, connections, clock, to_relay, outbound, phones, tasks, heard })
}

/// Asks whose the unit is: it may have been handed to somebody else meanwhile.
async fn whose(desk: &Desk) -> Result<(), Trouble> {
    #[derive(serde::Deserialize)]
    struct Itself {
        device_id: String,
        owner: Asker,
    }
    let caller = desk.caller().await?;
    let asked = caller.call(Method::GET, "/api/devices/self", Bytes::new());
    match tokio::time::timeout(WELCOME_WITHIN, asked).await {
        Ok(Ok(answer)) => {
            let itself: Itself =
                serde_json::from_slice(&answer).map_err(|error| Trouble::Nonsense(error.to_string()))?;
            desk.owner_is(itself.device_id, itself.owner).await;
            Ok(())
        }
        Ok(Err(trouble)) => Err(trouble),
        Err(_) => Err(Trouble::Unreachable("it takes too long".into())),
    }
}

/// A connection that stands.
struct Session {
    desk: Arc<Desk>,
    socket: Socket,
    host: Arc<RelayHost>,
    connections: Connections,
    clock: RelayClock,
    to_relay: mpsc::Sender<Outbound>,
    outbound: mpsc::Receiver<Outbound>,
    phones: HashMap<u64, mpsc::Sender<Inbound>>,
    /// One for each remote; they end with the session.
    tasks: JoinSet<()>,
    heard: Instant,
}

impl Session {
    async fn run(mut self) -> Trouble {
        let mut pings = tokio::time::interval(PING_EVERY.min(STABLE));
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let next = tokio::select! {
                message = self.socket.next() => match message {
                    Some(Ok(message)) => self.hear(message).await,
                    Some(Err(error)) => Err(Trouble::Unreachable(error.to_string())),
                    None => Err(Trouble::Unreachable("the relay has ended the connection".into())),
                },
                Some(outbound) = self.outbound.recv() => self.pass_on(outbound).await,
                Some(_) = self.tasks.join_next() => Ok(()),
                _ = pings.tick() => match self.heard.elapsed() > GONE_AFTER {
                    true => Err(Trouble::Unreachable("the relay is not heard any more".into())),
                    false => self.send(Message::text(PING)).await,
                },
            };
            if let Err(trouble) = next {
                return trouble;
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), Trouble> {
        self.heard = Instant::now();
        let text = match message {
            Message::Text(text) => text,
            Message::Close(_) => {
                return Err(Trouble::Unreachable("the relay has ended the connection".into()));
            }
            _ => return Ok(()),
        };
        if text.as_str() == PONG {
            return Ok(());
        }
        match split::<ToUnit>(&text) {
            Ok((head, frame)) => self.obey(head, frame).await,
            // A newer relay says more than this unit knows.
            Err(error) => {
                tracing::debug!(%error, "passed over");
                Ok(())
            }
        }
    }

    async fn obey(&mut self, head: ToUnit, frame: &str) -> Result<(), Trouble> {
        match head {
            ToUnit::Opened { phone } => self.open(phone),
            ToUnit::Frame { phone, seq, until_ms } => {
                let inbound = Inbound { seq, until_ms, text: Utf8Bytes::from(frame) };
                let Some(to) = self.phones.get(&phone) else { return Ok(()) };
                if to.try_send(inbound).is_err() {
                    // Gone, or it says more than can be done: nobody else waits for it.
                    self.phones.remove(&phone);
                    return self.pass_on(Outbound::Close { phone }).await;
                }
            }
            ToUnit::Closed { phone } => drop(self.phones.remove(&phone)),
            ToUnit::Presets { revision } => self.desk.presets_are_at(revision),
            ToUnit::Renamed { name } => {
                self.host.set_name(name.clone());
                self.desk.change(|account| account.name = name).await;
            }
            ToUnit::Unpaired => return Err(Trouble::NotPaired),
            ToUnit::Welcome { .. } => {}
        }
        Ok(())
    }

    fn open(&mut self, phone: u64) {
        let (sender, inbound) = mpsc::channel(WAITS);
        self.phones.insert(phone, sender);
        let outbound = self.to_relay.clone();
        let line = RelayedLine { phone, inbound, outbound, clock: self.clock, gate: Gate::default() };
        let member = Member { id: phone, name: format!("cloud {phone}"), role: Role::Owner };
        let (host, connections) = (Arc::clone(&self.host) as Arc<dyn Host>, self.connections.clone());
        self.tasks.spawn(async move { serve(host, &connections, member, line).await });
    }

    async fn pass_on(&mut self, outbound: Outbound) -> Result<(), Trouble> {
        let text = match &outbound {
            Outbound::Frame { phone, text } => join(&FromUnit::Frame { phone: *phone }, Some(text)),
            Outbound::Close { phone } => {
                self.phones.remove(phone);
                join(&FromUnit::Close { phone: *phone }, None)
            }
        };
        self.send(Message::text(text)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Trouble> {
        match tokio::time::timeout(WRITE_WITHIN, self.socket.send(message)).await {
            Ok(sent) => sent.map_err(|error| Trouble::Unreachable(error.to_string())),
            Err(_) => Err(Trouble::Unreachable("the relay takes nothing".into())),
        }
    }
}
