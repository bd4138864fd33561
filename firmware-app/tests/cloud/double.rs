//! A double of the cloud: real sockets, the contract's routes, and every proof looked at as the cloud does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket};
use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use firmware_app::protocol::cloud::{
    Asker, FromUnit, NONCE_HEADER, PROOF_HEADER, PairConfirm, PairPoll, PairStart, PairStarted, PairState,
    PresetSync, PresetSynced, ProofClaims, ProofHeader, SyncedPreset, ToUnit, UsageBatch, UsageEvent,
    UsageTaken, join, split,
};
use firmware_app::protocol::remote::{ClientFrame, Hello, UnitFrame, decode_unit};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};

/// Longest wait for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What the cloud knows and does.
#[derive(Default)]
pub struct Mind {
    /// Every proof's number, and how many proofs were refused for want of a nonce.
    numbers: HashSet<String>,
    pub without_nonce: usize,
    pub keys: HashSet<String>,
    pub pairing: Option<Pairing>,
    pub paired: bool,
    /// Somebody else has the unit now.
    pub owner: Option<Asker>,
    /// Refuse everything with this status and body.
    pub refuse: Option<(u16, Value)>,
    pub presets: Vec<SyncedPreset>,
    pub revision: u64,
    pub exchanges: Vec<PresetSync>,
    pub usage: Vec<UsageEvent>,
    /// Take this many batches without an answer.
    pub lose: usize,
    pub batches: usize,
    pub left: usize,
    pub links: usize,
    /// To the unit, while it is linked.
    link: Option<mpsc::UnboundedSender<String>>,
    /// From the unit.
    pub heard: Vec<String>,
}

/// A pairing.
pub struct Pairing {
    pub start: PairStart,
    pub state: PairState,
    pub polls: usize,
    pub answers: Vec<bool>,
}

/// The cloud.
pub struct Double {
    pub at: SocketAddr,
    pub mind: Arc<Mutex<Mind>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Double {
    pub fn start() -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap(), Arc::default())
    }

    /// Again at the same place, with all it knew.
    pub fn start_at(at: SocketAddr, mind: Arc<Mutex<Mind>>) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind(at)).unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shared = Arc::new(Shared { mind: Arc::clone(&mind), origin: format!("http://{at}") });
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let router = Router::new().fallback(answer).with_state(shared);
                let serve = axum::serve(listener, router).into_future();
                tokio::select! { _ = serve => {}, _ = stopped => {} }
            });
            // Like a machine that loses its power: nobody is told.
            runtime.shutdown_timeout(Duration::from_millis(100));
        });
        Self { at, mind, stop: Some(stop), thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.at)
    }

    pub fn with<T>(&self, look: impl FnOnce(&mut Mind) -> T) -> T {
        look(&mut self.mind.lock().unwrap())
    }

    /// Waits until it is so, and gives what was found.
    pub fn until<T>(&self, what: &str, find: impl Fn(&mut Mind) -> Option<T>) -> T {
        let since = Instant::now();
        loop {
            if let Some(found) = self.with(|mind| find(mind)) {
                return found;
            }
            assert!(since.elapsed() < PATIENCE, "waited in vain: {what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Says something to the unit.
    pub fn say(&self, head: &ToUnit, frame: Option<&str>) {
        let text = join(head, frame);
        self.with(|mind| mind.link.as_ref().expect("a link").send(text).unwrap());
    }

    /// Ends the link.
    pub fn cut(&self) {
        self.with(|mind| mind.link = None);
    }

    pub fn linked(&self, times: usize) {
        self.until("the unit is linked", |mind| (mind.links >= times && mind.link.is_some()).then_some(()));
    }

    /// A remote that comes by the cloud.
    pub fn phone(&self, number: u64) -> Phone<'_> {
        self.say(&ToUnit::Opened { phone: number }, None);
        let mut phone = Phone { cloud: self, number, seq: 0, read: 0 };
        phone.say(&ClientFrame::Hello(Hello { protocol: 1, client: "test".into() }));
        phone
    }

    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
            self.thread.take().unwrap().join().unwrap();
        }
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.end();
    }
}

/// Milliseconds by the relay's clock, which is not the unit's.
pub fn now_ms() -> u64 {
    const ELSEWHERE: u64 = 1_000_000_000_000;
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap() + ELSEWHERE
}

/// A remote behind the relay.
pub struct Phone<'a> {
    cloud: &'a Double,
    number: u64,
    pub seq: u64,
    read: usize,
}

impl Phone<'_> {
    pub fn say(&mut self, frame: &ClientFrame) {
        self.seq += 1;
        self.say_as(frame, self.seq, now_ms() + 5_000);
    }

    pub fn say_as(&mut self, frame: &ClientFrame, seq: u64, until_ms: u64) {
        let head = ToUnit::Frame { phone: self.number, seq, until_ms };
        self.cloud.say(&head, Some(&serde_json::to_string(frame).unwrap()));
    }

    /// The next frame for this phone that is of interest.
    pub fn next<T>(&mut self, what: &str, find: impl Fn(UnitFrame) -> Option<T>) -> T {
        let (read, number) = (self.read, self.number);
        let (at, found) = self.cloud.until(what, |mind| {
            mind.heard.iter().enumerate().skip(read).find_map(|(at, text)| {
                let (head, frame) = split::<FromUnit>(text).ok()?;
                let is_mine = head == FromUnit::Frame { phone: number };
                is_mine.then(|| find(decode_unit(frame).unwrap())).flatten().map(|found| (at, found))
            })
        });
        self.read = at + 1;
        found
    }
}

/// A body of JSON.
struct Json(Value);

impl IntoResponse for Json {
    fn into_response(self) -> Response {
        ([("content-type", "application/json")], self.0.to_string()).into_response()
    }
}

struct Shared {
    mind: Arc<Mutex<Mind>>,
    origin: String,
}

fn problem(status: u16, code: &str) -> Response {
    let body = json!({ "error": format!("refused: {code}"), "code": code });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let method = parts.method.to_string();
    let path = parts.uri.path().to_owned();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await.ok();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let proof = parts.headers.get(PROOF_HEADER).map(|proof| proof.to_str().unwrap().to_owned());
    let url = format!("{}{path}", shared.origin);
    let refused = { shared.mind.lock().unwrap().refuse.clone() };
    let mut answer = match look_at_proof(&shared.mind, proof.as_deref(), &method, &url, &body) {
        Err(refusal) => *refusal,
        Ok(()) => match (refused, upgrade) {
            (Some((status, body)), _) => (StatusCode::from_u16(status).unwrap(), Json(body)).into_response(),
            (None, Some(upgrade)) if path == "/api/devices/link" => link(&shared, upgrade),
            _ => serve(&shared.mind, &method, &path, &body),
        },
    };
    answer.headers_mut().insert(NONCE_HEADER, HeaderValue::from_static("fresh"));
    answer
}

/// As the cloud looks at it: by somebody else's library, field by field.
fn look_at_proof(
    mind: &Mutex<Mind>,
    proof: Option<&str>,
    method: &str,
    url: &str,
    body: &[u8],
) -> Result<(), Box<Response>> {
    let proof = proof.ok_or_else(|| Box::new(problem(401, "no_proof")))?;
    let parts: Vec<&str> = proof.split('.').collect();
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
    let header: ProofHeader = serde_json::from_slice(&bytes(parts[0])).unwrap();
    let claims: ProofClaims = serde_json::from_slice(&bytes(parts[1])).unwrap();
    let signed = proof.rsplit_once('.').unwrap().0;
    let key = UnparsedPublicKey::new(&ED25519, bytes(&header.jwk.x));
    key.verify(signed.as_bytes(), &bytes(parts[2])).expect("the signature holds");
    assert_eq!((claims.htm.as_str(), claims.htu.as_str()), (method, url));
    assert_eq!(claims.bh, URL_SAFE_NO_PAD.encode(Sha256::digest(body)), "{url}");
    let mut mind = mind.lock().unwrap();
    assert!(mind.numbers.insert(claims.jti), "no number is used twice");
    if claims.nonce != "fresh" {
        mind.without_nonce += 1;
        return Err(Box::new(problem(401, "use_dpop_nonce")));
    }
    mind.keys.insert(header.jwk.x);
    Ok(())
}

fn serve(mind: &Mutex<Mind>, method: &str, path: &str, body: &Bytes) -> Response {
    let mut mind = mind.lock().unwrap();
    let json = |value: Value| Json(value).into_response();
    match (method, path) {
        ("POST", "/api/pair/start") if mind.paired => problem(409, "already_paired"),
        ("POST", "/api/pair/start") => {
            let start: PairStart = serde_json::from_slice(body).unwrap();
            let state = PairState::Waiting { interval: 1 };
            mind.pairing = Some(Pairing { start, state, polls: 0, answers: Vec::new() });
            let started = PairStarted {
                device_code: "secret".into(),
                user_code: "BCDF-GHJK".into(),
                verification_uri: "https://cloud.example/pair".into(),
                verification_uri_complete: "https://cloud.example/pair?code=BCDF-GHJK".into(),
                expires_in: 300,
                interval: 1,
            };
            json(serde_json::to_value(started).unwrap())
        }
        ("POST", "/api/pair/poll") => {
            let poll: PairPoll = serde_json::from_slice(body).unwrap();
            assert_eq!(poll.device_code, "secret");
            let pairing = mind.pairing.as_mut().unwrap();
            pairing.polls += 1;
            json(serde_json::to_value(&pairing.state).unwrap())
        }
        ("POST", "/api/pair/confirm") => {
            let confirm: PairConfirm = serde_json::from_slice(body).unwrap();
            let pairing = mind.pairing.as_mut().unwrap();
            pairing.answers.push(confirm.accept);
            let owner = asker("Anna");
            let state = match confirm.accept {
                true => PairState::Paired { device_id: "device-1".into(), owner },
                false => PairState::Denied,
            };
            mind.paired |= confirm.accept;
            json(serde_json::to_value(&state).unwrap())
        }
        ("POST", "/api/devices/self/presets") if mind.paired => {
            let sync: PresetSync = serde_json::from_slice(body).unwrap();
            let answer = exchange(&mut mind, &sync);
            mind.exchanges.push(sync);
            json(serde_json::to_value(answer).unwrap())
        }
        ("POST", "/api/usage") if mind.paired => {
            let batch: UsageBatch = serde_json::from_slice(body).unwrap();
            mind.batches += 1;
            for event in &batch.events {
                match mind.usage.iter().find(|known| known.id == event.id) {
                    Some(known) => assert_eq!(known, event, "what is sent again is the same"),
                    None => mind.usage.push(event.clone()),
                }
            }
            if mind.lose > 0 {
                mind.lose -= 1;
                return problem(503, "lost");
            }
            let taken = UsageTaken { taken: u32::try_from(batch.events.len()).unwrap() };
            json(serde_json::to_value(taken).unwrap())
        }
        ("GET", "/api/devices/self") if mind.paired => {
            let owner = mind.owner.clone().unwrap_or_else(|| asker("Anna"));
            json(json!({ "device_id": "device-1", "name": "Red van", "owner": owner, "paired_at": 0 }))
        }
        ("DELETE", "/api/devices/self") => {
            mind.left += 1;
            mind.paired = false;
            StatusCode::NO_CONTENT.into_response()
        }
        (_, "/api/devices/self/presets" | "/api/usage") => problem(403, "not_paired"),
        _ => problem(404, "no_route"),
    }
}

/// The account's sounds as the cloud keeps them: whoever is first has the number.
fn exchange(mind: &mut Mind, sync: &PresetSync) -> PresetSynced {
    for change in &sync.changes {
        mind.revision += 1;
        match mind.presets.iter_mut().find(|known| known.id == change.id) {
            Some(known) => {
                assert_eq!(known.version, change.base, "these tests make no conflicts here");
                (known.version, known.preset) = (known.version + 1, change.preset.clone());
            }
            None => {
                let (id, preset) = (change.id.clone(), change.preset.clone());
                mind.presets.push(SyncedPreset { id, version: 1, preset });
            }
        }
    }
    let presets = mind.presets.clone();
    PresetSynced { revision: mind.revision, more: false, presets, kept_back: Vec::new() }
}

pub fn asker(name: &str) -> Asker {
    Asker { name: name.into(), email: Some(format!("{}@example.org", name.to_lowercase())) }
}

fn link(shared: &Arc<Shared>, upgrade: WebSocketUpgrade) -> Response {
    let mut mind = shared.mind.lock().unwrap();
    if !mind.paired {
        return problem(403, "not_paired");
    }
    let (sender, to_unit) = mpsc::unbounded_channel();
    let presets = mind.revision;
    let welcome = ToUnit::Welcome { now_ms: now_ms(), owner: "Anna".into(), name: "Red van".into(), presets };
    sender.send(join(&welcome, None)).unwrap();
    mind.link = Some(sender);
    mind.links += 1;
    drop(mind);
    let mind = Arc::clone(&shared.mind);
    upgrade.on_upgrade(move |socket| talk(mind, socket, to_unit))
}

async fn talk(mind: Arc<Mutex<Mind>>, mut socket: WebSocket, mut to_unit: mpsc::UnboundedReceiver<String>) {
    loop {
        tokio::select! {
            said = socket.recv() => match said {
                Some(Ok(Message::Text(text))) if text.as_str() == "ping" => {
                    let _ = socket.send(Message::text("pong")).await;
                }
                Some(Ok(Message::Text(text))) => mind.lock().unwrap().heard.push(text.as_str().to_owned()),
                Some(Ok(_)) => {}
                _ => return,
            },
            text = to_unit.recv() => match text {
                Some(text) => drop(socket.send(Message::text(text)).await),
                None => return,
            },
        }
    }
}
