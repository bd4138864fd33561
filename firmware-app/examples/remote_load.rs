//! What remotes cost: a unit that plays a folder of music, and 1, then 50 remotes that each send ten
//! commands a second from a process of their own. Prints one JSON line for each number of remotes.
//!
//! `remote_load MUSIC [SECONDS]`; `cargo xtask bench remote` runs it and writes the page.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use firmware_app::event::Event;
use firmware_app::protocol::remote::{ClientFrame, Hello};
use firmware_app::protocol::{Command, TransportState, step_to_db};
use firmware_app::remote::{Remote, RemoteConfig};
use firmware_app::{App, AppConfig, AppHandle};
use futures_util::{SinkExt, StreamExt};
use hal::sim::{NullSink, RealClock, SimMedia};
use hal::{AudioFormat, Board};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Remotes at a time.
const CROWDS: [usize; 2] = [1, 50];
/// Commands of each.
const EVERY: Duration = Duration::from_millis(100);
/// Of one phone, as the unit allows it.
const TABS: usize = 8;
const FORMAT: AudioFormat = AudioFormat { rate: 48_000, channels: 2 };

fn main() -> ExitCode {
    if firmware_app::catalog_tools::is_worker() {
        return firmware_app::catalog_tools::worker_main();
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["clients", at, count, seconds] => clients(at, count, seconds),
        [music] => unit(Path::new(music), 20),
        [music, seconds] => seconds.parse().map_err(Into::into).and_then(|s| unit(Path::new(music), s)),
        _ => Err(anyhow::anyhow!("remote_load MUSIC [SECONDS]")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a standard error there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Plays, serves, and watches itself while the remotes are at it.
fn unit(music: &Path, seconds: u64) -> Result<()> {
    let data = std::env::temp_dir().join(format!("remote-load-{}", std::process::id()));
    std::fs::create_dir_all(&data)?;
    let music = music.canonicalize().with_context(|| music.display().to_string())?;
    let app = play(&data, music)?;
    let invitations = Arc::new(Mutex::new(Vec::new()));
    let new = Arc::clone(&invitations);
    let keep = move |link: &str| {
        if let (Some((_, code)), Ok(mut all)) = (link.split_once('#'), new.lock()) {
            all.push(code.to_owned());
        }
    };
    let config = RemoteConfig {
        standing_invite: true,
        invites: Some(Arc::new(keep)),
        ..RemoteConfig::new(SocketAddr::from(([127, 0, 0, 1], 0)))
    };
    let remote = Remote::start(&app, config)?;
    let at = remote.http().context("no address")?;
    let next = || invitations.lock().ok().and_then(|mut all| all.pop());
    let outcome = CROWDS.iter().try_for_each(|count| measure(&app, at, *count, seconds, &next));
    remote.stop();
    app.quit_and_join();
    std::fs::remove_dir_all(&data)?;
    outcome
}

fn play(data: &Path, music: PathBuf) -> Result<AppHandle> {
    let (media, mounts) = SimMedia::new([music.clone()]);
    let config = AppConfig { media: media.plugged(), ..AppConfig::new(data) };
    let board = Board {
        audio: Box::new(NullSink::new(FORMAT)),
        sink_owns_time: false,
        clock: Arc::new(RealClock::new()),
        inputs: Vec::new(),
        ignition: None,
        backlight: None,
        media: Box::new(mounts),
        watchdog: None,
    };
    let app = App::start(config, board)?;
    let path = music.to_str().context("a folder whose name is text")?.to_owned();
    app.post(Event::Command(Command::PlayPath { path }));
    let since = Instant::now();
    while app.frame().snapshot.transport.state != TransportState::Playing {
        ensure!(since.elapsed() < Duration::from_secs(20), "nothing plays");
        std::thread::sleep(Duration::from_millis(20));
    }
    // Kept for the program's life: without its handle the media part is broken.
    std::mem::forget(media);
    Ok(app)
}

fn measure(
    app: &AppHandle,
    at: SocketAddr,
    count: usize,
    seconds: u64,
    next: &dyn Fn() -> Option<String>,
) -> Result<()> {
    let mut child = Process::new(std::env::current_exe()?)
        .args(["clients", &at.to_string(), &count.to_string(), &seconds.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut invite = child.stdin.take().context("no way to the remotes")?;
    let before = app.underruns();
    for _ in 0..count.div_ceil(TABS) {
        // The next invitation is made when the last one was used.
        let since = Instant::now();
        let code = loop {
            if let Some(code) = next() {
                break code;
            }
            ensure!(since.elapsed() < Duration::from_secs(10), "no invitation");
            std::thread::sleep(Duration::from_millis(5));
        };
        writeln!(invite, "{code}")?;
    }
    drop(invite);
    // Connections and buffers are there after a fifth of the time.
    std::thread::sleep(Duration::from_secs(seconds) / 5 + Duration::from_secs(2));
    let (early, cpu) = (resident(), cpu_s());
    let since = Instant::now();
    let mut said = String::new();
    child.stdout.take().context("nothing from the remotes")?.read_to_string(&mut said)?;
    let (late, cpu) = (resident(), (cpu_s() - cpu) / since.elapsed().as_secs_f64());
    if !child.wait()?.success() {
        bail!("the remotes have failed: {said}");
    }
    let mut line: serde_json::Value = serde_json::from_str(&said)?;
    line["underruns"] = json!(app.underruns() - before);
    line["rss_early_kb"] = json!(early / 1024);
    line["rss_late_kb"] = json!(late / 1024);
    line["unit_cpu"] = json!(cpu);
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

/// User and system seconds of this process.
fn cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// The remotes: invitations on standard input, figures on standard output.
fn clients(at: &str, count: &str, seconds: &str) -> Result<()> {
    let (at, count): (SocketAddr, usize) = (at.parse()?, count.parse()?);
    let time = Duration::from_secs(seconds.parse()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut tokens = Vec::new();
    for code in std::io::stdin().lines() {
        tokens.push(enrol(at, &code?)?);
    }
    let mut trips = runtime.block_on(async {
        let start = tokio::time::Instant::now() + Duration::from_millis(500);
        let remotes =
            (0..count).filter_map(|n| Some(remote(at, tokens.get(n / TABS)?.clone(), n, start, time)));
        futures_util::future::try_join_all(remotes).await
    })?;
    let mut trips: Vec<Duration> = trips.drain(..).flatten().collect();
    trips.sort_unstable();
    let at =
        |share: f64| trips.get((trips.len() as f64 * share) as usize).map_or(0.0, |t| t.as_secs_f64() * 1e3);
    let line = json!({
        "remotes": count, "commands": trips.len(),
        "p50_ms": at(0.5), "p99_ms": at(0.99), "p999_ms": at(0.999),
        "max_ms": trips.last().map_or(0.0, |t| t.as_secs_f64() * 1e3),
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn enrol(at: SocketAddr, code: &str) -> Result<String> {
    let body = json!({ "code": code, "name": "load", "client": "api" }).to_string();
    let mut stream = std::net::TcpStream::connect(at)?;
    write!(
        stream,
        "POST /api/enrol HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    let said: serde_json::Value = serde_json::from_str(body)?;
    said["token"].as_str().map(str::to_owned).with_context(|| format!("not let in: {said}"))
}

/// One remote: how long each command took until the update that shows it had come.
async fn remote(
    at: SocketAddr,
    token: String,
    n: usize,
    start: tokio::time::Instant,
    time: Duration,
) -> Result<Vec<Duration>> {
    let mut request = format!("ws://{at}/ws").into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
    let stream = TcpStream::connect(at).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    let hello = ClientFrame::Hello(Hello { protocol: 1, client: "load".into() });
    socket.send(Message::text(serde_json::to_string(&hello)?)).await?;
    let own = Duration::from_micros(100_000 * n as u64 / 50);
    let mut ticks = tokio::time::interval_at(start + own, EVERY);
    let (mut trips, mut sent) = (Vec::new(), std::collections::HashMap::new());
    let mut id = 0_u64;
    while tokio::time::Instant::now() < start + time || !sent.is_empty() {
        tokio::select! {
            _ = ticks.tick(), if tokio::time::Instant::now() < start + time => {
                id += 1;
                let level = step_to_db(((id * 7 + n as u64) % 30) as u8);
                let text = serde_json::to_string(&ClientFrame::Command { id, command: Command::SetVolume { level } })?;
                sent.insert(id, Instant::now());
                socket.send(Message::text(text)).await?;
            }
            said = socket.next() => match said.context("the connection ended")?? {
                Message::Text(text) if text.starts_with(r#"{"type":"done""#) => {
                    let done: serde_json::Value = serde_json::from_str(&text)?;
                    let since = done["id"].as_u64().and_then(|id| sent.remove(&id)).context("an id of its own")?;
                    trips.push(since.elapsed());
                }
                Message::Text(text) if text.starts_with(r#"{"type":"bye""#) || text.starts_with(r#"{"type":"refused""#) => {
                    bail!("{text}");
                }
                _ => {}
            },
        }
    }
    Ok(trips)
}
