//! A unit with its remotes' server on the loopback, and phones that talk to it as a browser or a program
//! would: plain HTTP over a socket, and a WebSocket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use firmware_app::AppHandle;
use firmware_app::protocol::remote::{Bye, ClientFrame, Hello, UnitFrame, Welcome, decode_unit};
use firmware_app::protocol::{Command, Snapshot};
use firmware_app::remote::{Remote, RemoteConfig};
use firmware_app::remote_desk::{Enrolment, RemoteReport, RemoteRequest, Role};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, WebSocket, client};

/// Longest wait for anything.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What the server told the stereo.
#[derive(Clone, Default)]
pub struct Reports(Arc<Mutex<Vec<RemoteReport>>>);

impl Reports {
    /// Waits until one was told that is looked for, and gives it; the last of them.
    pub fn until<T>(&self, what: &str, find: impl Fn(&RemoteReport) -> Option<T>) -> T {
        let since = Instant::now();
        loop {
            if let Some(found) = self.0.lock().unwrap().iter().rev().find_map(&find) {
                return found;
            }
            assert!(since.elapsed() < PATIENCE, "waited in vain: {what}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn forget(&self) {
        self.0.lock().unwrap().clear();
    }
}

/// A unit's server.
pub struct Desk {
    pub remote: Remote,
    pub at: SocketAddr,
    pub reports: Reports,
    pub invites: Arc<Mutex<Vec<String>>>,
}

impl Desk {
    pub fn start(app: &AppHandle) -> Self {
        Self::start_with(app, |_| {})
    }

    pub fn start_with(app: &AppHandle, change: impl FnOnce(&mut RemoteConfig)) -> Self {
        let reports = Reports::default();
        let all = reports.clone();
        let invites = Arc::new(Mutex::new(Vec::new()));
        let new = Arc::clone(&invites);
        let mut config = RemoteConfig {
            standing_invite: true,
            reports: Some(Arc::new(move |report| all.0.lock().unwrap().push(report.clone()))),
            invites: Some(Arc::new(move |link| new.lock().unwrap().push(link.to_owned()))),
            ..RemoteConfig::new("127.0.0.1:0".parse().unwrap())
        };
        change(&mut config);
        let remote = Remote::start(app, config).unwrap();
        let at = remote.http().unwrap();
        reports.until("the server is up", |report| matches!(report, RemoteReport::Phones(_)).then_some(()));
        Self { remote, at, reports, invites }
    }

    /// Opens enrolment, as the unit's own page does.
    pub fn open(&self, role: Role) -> Enrolment {
        self.reports.forget();
        self.remote.ask(RemoteRequest::OpenEnrolment { role });
        self.reports.until("enrolment is open", |report| match report {
            RemoteReport::Enrolment(open) => open.clone(),
            _ => None,
        })
    }

    pub fn enrol(&self, code: &str, name: &str) -> Reply {
        http(self.at).post("/api/enrol", &json!({ "code": code, "name": name, "client": "api" }))
    }

    /// A phone that was let in.
    pub fn phone(&self, name: &str, role: Role) -> Phone {
        let reply = self.enrol(&self.open(role).pin, name);
        assert_eq!(reply.status, 200, "{reply:?}");
        Phone { at: self.at, token: reply.json()["token"].as_str().unwrap().to_owned() }
    }

    /// The phones as the unit's screen shows them, once they are as wanted.
    pub fn phones(&self, what: &str, is_so: impl Fn(&[firmware_app::remote_desk::Phone]) -> bool) {
        self.reports.until(what, |report| match report {
            RemoteReport::Phones(phones) if is_so(phones) => Some(()),
            _ => None,
        });
    }
}

/// A phone with its token.
#[derive(Clone)]
pub struct Phone {
    pub at: SocketAddr,
    pub token: String,
}

impl Phone {
    pub fn http(&self) -> Http {
        http(self.at).header("authorization", &format!("Bearer {}", self.token))
    }

    pub fn socket(&self) -> Socket {
        let mut socket = self.silent_socket();
        socket.say(&ClientFrame::Hello(Hello { protocol: 1, client: "test".into() }));
        socket
    }

    /// One that has not said hello.
    pub fn silent_socket(&self) -> Socket {
        Socket::open(self.at, &[("authorization", &format!("Bearer {}", self.token))]).unwrap()
    }

    /// Connected and welcomed.
    pub fn connected(&self) -> Remoted {
        let mut socket = self.socket();
        let UnitFrame::Welcome(welcome) = socket.next() else { panic!("no welcome") };
        Remoted { snapshot: welcome.snapshot.clone(), welcome: *welcome, socket, last_id: 0 }
    }
}

/// A WebSocket.
pub struct Socket(pub WebSocket<TcpStream>);

impl Socket {
    /// # Errors
    /// The status with which the unit refuses.
    pub fn open(at: SocketAddr, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{at}/ws").into_client_request().unwrap();
        for (name, value) in headers {
            let name: tokio_tungstenite::tungstenite::http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(at).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        match client(request, stream) {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tokio_tungstenite::tungstenite::HandshakeError::Failure(
                tokio_tungstenite::tungstenite::Error::Http(answer),
            )) => Err(answer.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    pub fn say(&mut self, frame: &ClientFrame) {
        self.say_text(&serde_json::to_string(frame).unwrap());
    }

    pub fn say_text(&mut self, text: &str) {
        self.0.send(Message::text(text)).unwrap();
    }

    /// The next frame; `None` when the connection has ended.
    pub fn try_next(&mut self) -> Option<UnitFrame> {
        loop {
            match self.0.read() {
                Ok(Message::Text(text)) => return Some(decode_unit(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    pub fn next(&mut self) -> UnitFrame {
        self.try_next().expect("the connection is open")
    }

    /// Reads on until the last word.
    pub fn bye(&mut self) -> Option<Bye> {
        loop {
            if let UnitFrame::Bye(bye) = self.try_next()? {
                return Some(bye);
            }
        }
    }
}

/// A remote that keeps its snapshot up to date.
pub struct Remoted {
    pub welcome: Welcome,
    pub snapshot: Snapshot,
    pub socket: Socket,
    last_id: u64,
}

impl Remoted {
    /// Carries a command out and reads on until it is done; gives `done.seq`.
    pub fn command(&mut self, command: Command) -> u64 {
        self.last_id += 1;
        self.socket.say(&ClientFrame::Command { id: self.last_id, command });
        loop {
            match self.read() {
                UnitFrame::Done { id, seq } if id == self.last_id => return seq,
                UnitFrame::Refused(refusal) => panic!("{refusal:?}"),
                _ => {}
            }
        }
    }

    /// The next frame, taken over if it is an update.
    pub fn read(&mut self) -> UnitFrame {
        let frame = self.socket.next();
        if let UnitFrame::Update(update) = &frame {
            assert!(update.seq > self.snapshot.seq, "updates only go on");
            update.as_ref().clone().apply(&mut self.snapshot);
        }
        frame
    }

    pub fn until(&mut self, is_so: impl Fn(&Snapshot) -> bool) {
        while !is_so(&self.snapshot) {
            self.read();
        }
    }
}

/// An HTTP client that sends exactly what it is told.
#[derive(Clone)]
pub struct Http {
    at: SocketAddr,
    host: String,
    headers: Vec<(String, String)>,
}

pub fn http(at: SocketAddr) -> Http {
    Http { at, host: at.to_string(), headers: Vec::new() }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

impl Http {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn host(mut self, host: &str) -> Self {
        self.host = host.to_owned();
        self
    }

    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.ask("POST", path, Some(("application/json", body.to_string().as_bytes())))
    }

    pub fn ask(&self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Reply {
        let mut stream = TcpStream::connect(self.at).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        self.ask_on(&mut stream, method, path, body)
    }

    /// On a connection that stays open.
    pub fn ask_on(
        &self,
        stream: &mut TcpStream,
        method: &str,
        path: &str,
        body: Option<(&str, &[u8])>,
    ) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.host);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some((kind, bytes)) = body {
            head.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", bytes.len()));
        }
        let mut request = (head + "\r\n").into_bytes();
        request.extend_from_slice(body.map_or(&[][..], |(_, bytes)| bytes));
        stream.write_all(&request).unwrap();
        read_reply(stream, method == "HEAD")
    }
}

/// Reads one answer with a length.
pub fn read_reply(stream: &mut TcpStream, is_head: bool) -> Reply {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "cut off: {:?}", String::from_utf8_lossy(&head));
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; if is_head || status == 304 { 0 } else { length }];
    stream.read_exact(&mut body).unwrap();
    Reply { status, headers, body }
}

/// A folder for the unit's data.
pub fn data() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A web remote with one of each kind of file.
pub fn site(folder: &Path) {
    std::fs::create_dir(folder.join("assets")).unwrap();
    std::fs::write(folder.join("index.html"), "<!doctype html><title>remote</title>").unwrap();
    std::fs::write(folder.join("manifest.webmanifest"), "{}").unwrap();
    std::fs::write(folder.join("sw.js"), "//").unwrap();
    std::fs::write(folder.join("assets/a.0123.wasm"), "\0asm plain").unwrap();
    std::fs::write(folder.join("assets/a.0123.wasm.br"), "packed").unwrap();
}
