//! One remote: what it says and what it is told, over whatever [`Line`] it has.
//!
//! One task does both, one after the other. While a remote does not take what it is sent, nothing it says
//! is read, and states it misses are skipped: so it costs the same memory however slow it is, and after
//! [`WRITE_WITHIN`] it is sent away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::extract::ws::{Utf8Bytes, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use protocol::remote::{
    Answer as Told, Bye, ByeCode, Hello, MAX_CLIENT_FRAME, PROTOCOL_VERSION, Refusal, Role, UnitFrame,
    Welcome,
};
use protocol::{Command, Snapshot};
use tokio::sync::{mpsc, watch};

use super::answer::{Answer, problem};
use super::bucket::Bucket;
use super::connections::{Connections, Seat};
use super::hearing::{Heard, is_relative, read};
use super::host::Host;
use super::hub::text;
use super::line::{Line, Said};
use super::phones::Member;
use super::routes::Call;
use super::spectrum::Spectrum;
use crate::asking::NoAnswer;
use crate::frame::Frame;

/// A remote says hello within.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// A remote takes a frame within.
const WRITE_WITHIN: Duration = Duration::from_secs(5);
/// For the last word.
const BYE_WITHIN: Duration = Duration::from_secs(1);
/// A remote that says nothing is asked this often whether it is there,
const ASK_EVERY: Duration = Duration::from_secs(10);
/// and is taken for gone after.
const GONE_AFTER: Duration = Duration::from_secs(25);
/// Commands and questions of one remote that may be under way.
const UNDER_WAY: usize = 64;
/// Frames that cannot be read before the connection ends.
const MALFORMED: u32 = 20;
/// What the WebSocket layer takes at all: beyond it the connection breaks. Between [`MAX_CLIENT_FRAME`] and
/// this a frame is refused.
const LARGEST_MESSAGE: usize = 2 * MAX_CLIENT_FRAME;
/// What a frame may need besides the snapshot it holds.
const WRITE_BUFFER: usize = 4 * 1024 * 1024;

/// The route: from a request to a connection.
pub(crate) async fn open(call: Call) -> Answer {
    let Call { server, request, member, .. } = call;
    let Some(member) = member else { return super::api::internal() };
    let (mut parts, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(_) => return problem(StatusCode::UPGRADE_REQUIRED, "no_websocket", "Ask for a WebSocket here."),
    };
    upgrade
        .max_message_size(LARGEST_MESSAGE)
        .max_frame_size(LARGEST_MESSAGE)
        .read_buffer_size(8 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .on_upgrade(move |socket| async move {
            let host = Arc::clone(&server) as Arc<dyn Host>;
            serve(host, &server.connections, member, socket).await;
        })
        .into_response()
}

/// Serves one remote until its end.
pub(crate) async fn serve<L: Line>(
    host: Arc<dyn Host>,
    connections: &Connections,
    member: Member,
    mut line: L,
) {
    let Some(seat) = connections.enter(member.id) else {
        let full = Bye { code: ByeCode::Full, message: "Too many remotes are connected.".into() };
        return say_bye(&mut line, full).await;
    };
    let frames = host.hub().frames();
    let sent = Arc::clone(&frames.borrow().snapshot);
    let (replies, replied) = mpsc::unbounded_channel();
    let connection = Connection {
        seat,
        frames,
        sent,
        done: Vec::new(),
        replies,
        replied,
        under_way: 0,
        bucket: Bucket::new(Instant::now()),
        malformed: 0,
        spectrum: None,
        heard: Instant::now(),
        line,
        member,
        host,
    };
    connection.run().await;
}

/// What came of something a remote asked for.
enum Reply {
    Done { id: u64, seq: u64 },
    Answer { id: u64, answer: Result<Told, NoAnswer> },
}

/// Why a connection ends.
enum End {
    /// With a last word.
    Bye(Bye),
    /// The remote is gone.
    Gone,
}

type Next = Result<(), End>;

struct Connection<L> {
    host: Arc<dyn Host>,
    member: Member,
    line: L,
    seat: Seat,
    frames: watch::Receiver<Arc<Frame>>,
    /// What the remote knows.
    sent: Arc<Snapshot>,
    /// Commands that are carried out, and the snapshot that must be sent before the remote is told.
    done: Vec<(u64, u64)>,
    replies: mpsc::UnboundedSender<Reply>,
    replied: mpsc::UnboundedReceiver<Reply>,
    under_way: usize,
    bucket: Bucket,
    malformed: u32,
    spectrum: Option<watch::Receiver<Utf8Bytes>>,
    heard: Instant,
}

fn bye(code: ByeCode, message: &str) -> End {
    End::Bye(Bye { code, message: message.to_owned() })
}

impl<L: Line> Connection<L> {
    async fn run(mut self) {
        let end = match self.greet().await {
            Ok(()) => self.talk().await,
            Err(end) => end,
        };
        let why = match &end {
            End::Bye(bye) => format!("{:?}", bye.code),
            End::Gone => "gone".into(),
        };
        tracing::debug!(phone = self.member.name, why, "a remote is no longer connected");
        if let End::Bye(bye) = end {
            say_bye(&mut self.line, bye).await;
        }
        self.host.seen(self.member.id);
    }

    /// Waits for `hello` and says `welcome`.
    async fn greet(&mut self) -> Next {
        // It may have been forgotten while it came in.
        if !self.host.is_known(self.member.id) {
            return Err(bye(ByeCode::Revoked, "This phone was forgotten on the unit."));
        }
        let first = async {
            loop {
                match self.line.hear().await {
                    Said::Text(text) | Said::Late(text) => return Some(text),
                    Said::Nothing => {}
                    Said::Again(_) | Said::NoText | Said::Gone => return None,
                }
            }
        };
        let first = tokio::select! {
            first = tokio::time::timeout(HELLO_WITHIN, first) => first,
            away = self.seat.away.recv() => return Err(away.map_or(End::Gone, End::Bye)),
        };
        let hello = match first.map(|text| text.map(|text| read(&text))) {
            Ok(Some(Heard::Hello(hello))) => hello,
            Ok(None) => return Err(End::Gone),
            Ok(Some(_)) | Err(_) => return Err(bye(ByeCode::Protocol, "A connection begins with hello.")),
        };
        self.check(&hello)?;
        self.frames.mark_unchanged();
        self.sent = Arc::clone(&self.frames.borrow_and_update().snapshot);
        let welcome = Welcome {
            protocol: PROTOCOL_VERSION,
            unit: self.host.identity(),
            role: self.member.role,
            capabilities: self.host.capabilities().iter().map(|name| (*name).to_owned()).collect(),
            snapshot: (*self.sent).clone(),
        };
        self.tell(&UnitFrame::Welcome(Box::new(welcome))).await
    }

    fn check(&self, hello: &Hello) -> Next {
        let client: String = hello.client.chars().filter(|c| !c.is_control()).take(64).collect();
        tracing::debug!(phone = self.member.name, client, protocol = hello.protocol, "a remote is connected");
        if hello.protocol == PROTOCOL_VERSION {
            return Ok(());
        }
        let message = format!("This unit speaks version {PROTOCOL_VERSION}: load the page anew.");
        Err(bye(ByeCode::Protocol, &message))
    }

    async fn talk(&mut self) -> End {
        let mut ask = tokio::time::interval(ASK_EVERY);
        loop {
            let next = tokio::select! {
                away = self.seat.away.recv() => Err(away.map_or(End::Gone, End::Bye)),
                said = self.line.hear() => self.hear(said).await,
                changed = self.frames.changed() => match changed {
                    Ok(()) => self.update().await,
                    Err(_) => Err(bye(ByeCode::Ending, "The unit is ending.")),
                },
                Some(reply) = self.replied.recv() => self.reply(reply).await,
                bands = next_bands(&mut self.spectrum) => self.put(bands).await,
                // Whoever is relayed is known to be there until the relay says otherwise.
                _ = ask.tick(), if !L::IS_RELAYED => {
                    if self.heard.elapsed() > GONE_AFTER { Err(End::Gone) } else { self.ask().await }
                }
            };
            if let Err(end) = next {
                return end;
            }
        }
    }

    async fn hear(&mut self, said: Said) -> Next {
        self.heard = Instant::now();
        let heard = match said {
            Said::Text(text) => read(&text),
            Said::Late(text) => match read(&text) {
                // Nobody waits for it any more; questions and the like do no harm.
                Heard::Command(id, _) => Heard::Barred(Some(id), super::hearing::LATE),
                other => other,
            },
            Said::Again(text) => Heard::Barred(read(&text).id(), super::hearing::AGAIN),
            Said::NoText => Heard::Bad(None, "frames are text".into()),
            Said::Nothing => return Ok(()),
            // Too large for the layer below, no UTF-8, the line broke, or it was ended.
            Said::Gone => return Err(End::Gone),
        };
        use super::bucket::Verdict;
        match self.bucket.take(self.heard) {
            Verdict::Fine => self.obey(heard).await,
            Verdict::TooMany => self.refuse(heard.id(), super::hearing::TOO_MANY).await,
            Verdict::Enough => Err(bye(ByeCode::Misbehaved, "Too many frames: connect again later.")),
        }
    }

    async fn obey(&mut self, heard: Heard) -> Next {
        match heard {
            Heard::Command(id, command) => self.command(id, command).await,
            Heard::Ask(id, question) => {
                if !self.make_way() {
                    return self.refuse(Some(id), super::hearing::BUSY).await;
                }
                let replies = self.replies.clone();
                let reply = move |answer| drop(replies.send(Reply::Answer { id, answer }));
                self.host.app().ask(question, Box::new(reply));
                Ok(())
            }
            Heard::Watch(spectrum) => {
                self.spectrum = self.host.spectrum().filter(|_| spectrum).map(Spectrum::watch);
                Ok(())
            }
            Heard::Ping(id) => self.tell(&UnitFrame::Pong { id }).await,
            Heard::Hello(_) => self.malformed(None, super::hearing::HELLO_TWICE).await,
            Heard::Barred(id, why) => self.refuse(id, why).await,
            Heard::TooLarge => self.malformed(None, super::hearing::TOO_LARGE).await,
            Heard::Bad(id, why) => self.malformed(id, (protocol::remote::RefusalCode::BadFrame, &why)).await,
        }
    }

    async fn command(&mut self, id: u64, command: Command) -> Next {
        if self.member.role != Role::Owner {
            return self.refuse(Some(id), super::hearing::NOT_ALLOWED).await;
        }
        if L::IS_RELAYED && is_relative(&command) {
            return self.refuse(Some(id), super::hearing::RELATIVE).await;
        }
        if !self.make_way() {
            return self.refuse(Some(id), super::hearing::BUSY).await;
        }
        let replies = self.replies.clone();
        let done = move |frame: Arc<Frame>| drop(replies.send(Reply::Done { id, seq: frame.snapshot.seq }));
        self.host.app().request(command, done);
        Ok(())
    }

    /// Whether one more may be under way; then it is counted.
    fn make_way(&mut self) -> bool {
        let is_free = self.under_way + self.done.len() < UNDER_WAY;
        self.under_way += usize::from(is_free);
        is_free
    }

    async fn reply(&mut self, reply: Reply) -> Next {
        self.under_way = self.under_way.saturating_sub(1);
        match reply {
            Reply::Done { id, seq } => {
                self.done.push((id, seq));
                self.tell_done().await
            }
            Reply::Answer { id, answer: Ok(answer) } => self.tell(&UnitFrame::Answer { id, answer }).await,
            Reply::Answer { id, answer: Err(why) } => self.refuse(Some(id), (why.code, &why.message)).await,
        }
    }

    /// Brings the remote up to date.
    async fn update(&mut self) -> Next {
        let newest = Arc::clone(&self.frames.borrow_and_update().snapshot);
        let update = self.host.hub().update(&self.sent, &newest);
        self.sent = newest;
        if let Some(update) = update {
            self.put(update).await?;
        }
        self.tell_done().await
    }

    /// Tells of the commands whose effect the remote has been sent.
    async fn tell_done(&mut self) -> Next {
        let seen = self.sent.seq;
        let told: Vec<(u64, u64)> = self.done.extract_if(.., |(_, seq)| *seq <= seen).collect();
        for (id, seq) in told {
            self.tell(&UnitFrame::Done { id, seq }).await?;
        }
        Ok(())
    }

    async fn malformed(&mut self, id: Option<u64>, why: (protocol::remote::RefusalCode, &str)) -> Next {
        self.malformed += 1;
        if self.malformed >= MALFORMED {
            return Err(bye(ByeCode::Misbehaved, "Too many frames that cannot be read."));
        }
        self.refuse(id, why).await
    }

    async fn refuse(&mut self, id: Option<u64>, why: (protocol::remote::RefusalCode, &str)) -> Next {
        let (code, message) = why;
        self.tell(&UnitFrame::Refused(Refusal { id, code, message: message.to_owned() })).await
    }

    async fn tell(&mut self, frame: &UnitFrame) -> Next {
        self.put(text(frame)).await
    }

    /// Sends, unless the remote must go or takes too long.
    async fn put(&mut self, text: Utf8Bytes) -> Next {
        tokio::select! {
            sent = tokio::time::timeout(WRITE_WITHIN, self.line.say(text)) => is_sent(sent),
            away = self.seat.away.recv() => Err(away.map_or(End::Gone, End::Bye)),
        }
    }

    /// Asks whether the remote is there, in the same way.
    async fn ask(&mut self) -> Next {
        tokio::select! {
            sent = tokio::time::timeout(WRITE_WITHIN, self.line.ask()) => is_sent(sent),
            away = self.seat.away.recv() => Err(away.map_or(End::Gone, End::Bye)),
        }
    }
}

fn is_sent(sent: Result<bool, tokio::time::error::Elapsed>) -> Next {
    match sent {
        Ok(true) => Ok(()),
        Ok(false) => Err(End::Gone),
        Err(_) => Err(bye(ByeCode::TooSlow, "The remote did not take what was sent to it.")),
    }
}

/// The next spectrum frame; never, when it is not watched.
async fn next_bands(spectrum: &mut Option<watch::Receiver<Utf8Bytes>>) -> Utf8Bytes {
    if let Some(frames) = spectrum
        && frames.changed().await.is_ok()
    {
        return frames.borrow_and_update().clone();
    }
    std::future::pending().await
}

/// The last word, and the end of the connection.
async fn say_bye<L: Line>(line: &mut L, bye: Bye) {
    let last = async {
        // Whoever is gone cannot be told.
        let _ = line.say(text(&UnitFrame::Bye(bye))).await;
        line.end().await;
    };
    let _ = tokio::time::timeout(BYE_WITHIN, last).await;
}
