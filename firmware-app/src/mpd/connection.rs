//! One client: its lines, its command lists, its waiting, its end.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;

use super::ack::{Ack, Code, Failure};
use super::client::Client;
use super::commands::{self, Cx};
use super::idle::{Parts, Watch};
use super::line::words;
use super::out::Out;
use super::server::Heard;
use super::unit::Unit;

/// The version of the protocol that is spoken.
const GREETING: &str = "OK MPD 0.23.5\n";
/// Longest line, bytes.
const MAX_LINE: usize = 16 * 1024;
/// Biggest command list, bytes and commands.
const MAX_LIST: usize = 2 << 20;
const MAX_COMMANDS: usize = 20_000;
/// A client that says nothing for so long and does not wait for anything is let go.
const SILENCE: Duration = Duration::from_secs(60);
/// A client has so long to say the password.
const STRANGER: Duration = Duration::from_secs(15);

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum End {
    #[error("it said so")]
    Closed,
    #[error("it said nothing for too long")]
    Silent,
    #[error("its lines are no lines of the protocol")]
    Misbehaved,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Lines of a client.
struct Lines {
    reader: BufReader<OwnedReadHalf>,
    begun: Vec<u8>,
}

impl Lines {
    /// The next line, without its end. May be given up while it waits, and goes on then.
    async fn next(&mut self) -> Result<String, End> {
        loop {
            let bytes = self.reader.fill_buf().await?;
            if bytes.is_empty() {
                return Err(End::Closed);
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let taken = end.unwrap_or(bytes.len());
            if self.begun.len() + taken > MAX_LINE {
                return Err(End::Misbehaved);
            }
            self.begun.extend_from_slice(bytes.get(..taken).unwrap_or_default());
            self.reader.consume(end.map_or(taken, |end| end + 1));
            if end.is_some() {
                let line = std::mem::take(&mut self.begun);
                return String::from_utf8(line).map_err(|_| End::Misbehaved);
            }
        }
    }
}

/// A list of commands that is being gathered.
struct List {
    commands: Vec<Vec<String>>,
    bytes: usize,
    /// Each command is answered with `list_OK`.
    answers_each: bool,
}

/// Serves a client until its end.
///
/// # Errors
/// Always: why it ended.
pub(super) async fn serve(stream: TcpStream, ip: IpAddr, unit: &Unit, heard: &Heard) -> Result<(), End> {
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    let mut lines = Lines { reader: BufReader::new(reader), begun: Vec::new() };
    let mut out = Out::new(writer);
    out.line(GREETING);
    out.flush().await?;
    let mut client = Client::new(ip, unit.gate.is_open(), Watch::new(&unit.frame()));
    let mut list: Option<List> = None;
    let connected = Instant::now();
    while !client.is_closing {
        let limit = if client.is_in { SILENCE } else { STRANGER.saturating_sub(connected.elapsed()) };
        let line = tokio::time::timeout(limit, lines.next()).await.map_err(|_| End::Silent)??;
        heard.now();
        match gathered(&mut list, &line)? {
            Some(Todo::Idle(words)) => wait(unit, &mut client, &mut out, &mut lines, heard, &words).await?,
            Some(Todo::Run { commands, answers_each }) => {
                run(unit, &mut client, &mut out, &commands, answers_each).await?;
            }
            Some(Todo::Refuse(refusal)) => out.line(&refusal),
            None => continue,
        }
        out.flush().await?;
    }
    Err(End::Closed)
}

/// What a line leads to.
enum Todo {
    Run { commands: Vec<Vec<String>>, answers_each: Option<bool> },
    Idle(Vec<String>),
    Refuse(String),
}

/// Adds a line to the list that is gathered, or says what to do.
fn gathered(list: &mut Option<List>, line: &str) -> Result<Option<Todo>, End> {
    let words = match words(line) {
        Ok(words) => words,
        Err(ack) => {
            *list = None;
            return Ok(Some(Todo::Refuse(ack.line(0, ""))));
        }
    };
    let name = words.first().map_or("", String::as_str);
    if let Some(gathering) = list {
        if name == "command_list_end" {
            let answers_each = Some(gathering.answers_each);
            let commands = std::mem::take(&mut gathering.commands);
            *list = None;
            return Ok(Some(Todo::Run { commands, answers_each }));
        }
        gathering.bytes += line.len() + 1;
        gathering.commands.push(words);
        let is_too_big = gathering.bytes > MAX_LIST || gathering.commands.len() > MAX_COMMANDS;
        return if is_too_big { Err(End::Misbehaved) } else { Ok(None) };
    }
    Ok(match name {
        "command_list_begin" | "command_list_ok_begin" => {
            let answers_each = name == "command_list_ok_begin";
            *list = Some(List { commands: Vec::new(), bytes: 0, answers_each });
            None
        }
        "command_list_end" => {
            let ack = Ack::new(Code::NotList, "not in a command list");
            Some(Todo::Refuse(ack.line(0, name)))
        }
        // What is left of waiting that ended in the same moment.
        "noidle" => None,
        "idle" => Some(Todo::Idle(words)),
        "" => Some(Todo::Refuse(Ack::new(Code::Unknown, "No command given").line(0, ""))),
        _ => Some(Todo::Run { commands: vec![words], answers_each: None }),
    })
}

async fn run(
    unit: &Unit,
    client: &mut Client,
    out: &mut Out,
    commands: &[Vec<String>],
    answers_each: Option<bool>,
) -> Result<(), End> {
    for (index, words) in commands.iter().enumerate() {
        let result = commands::run(&mut Cx { unit, client: &mut *client, out: &mut *out }, words).await;
        match result {
            Ok(()) if answers_each == Some(true) => out.line("list_OK\n"),
            Ok(()) => {}
            Err(Failure::Ack(ack)) => {
                let name = words.first().map_or("", String::as_str);
                out.line(&ack.line(index, name));
                return Ok(());
            }
            Err(Failure::Gone(error)) => return Err(End::Io(error)),
        }
        if client.is_closing {
            return Ok(());
        }
        out.relieve().await?;
    }
    out.line("OK\n");
    Ok(())
}

/// Waits until something is other, or the client waits no more.
async fn wait(
    unit: &Unit,
    client: &mut Client,
    out: &mut Out,
    lines: &mut Lines,
    heard: &Heard,
    words: &[String],
) -> Result<(), End> {
    let parts = match Parts::parse(words.get(1..).unwrap_or_default()) {
        _ if !client.is_in => {
            out.line(&commands::no_permission("idle").line(0, "idle"));
            return Ok(());
        }
        Ok(parts) => parts,
        Err(ack) => {
            out.line(&ack.line(0, "idle"));
            return Ok(());
        }
    };
    let mut frames = unit.frames.clone();
    loop {
        let frame = Arc::clone(&frames.borrow_and_update());
        client.watch.look(&frame, Instant::now());
        let told = client.watch.take(parts);
        if !told.is_empty() {
            for name in told.names() {
                out.pair("changed", name);
            }
            break;
        }
        tokio::select! {
            changed = frames.changed() => changed.map_err(|_| End::Closed)?,
            line = lines.next() => {
                heard.now();
                if words_of(&line?) != ["noidle"] {
                    return Err(End::Misbehaved);
                }
                break;
            }
        }
    }
    out.line("OK\n");
    Ok(())
}

fn words_of(line: &str) -> Vec<String> {
    words(line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn todo(list: &mut Option<List>, line: &str) -> Option<Todo> {
        gathered(list, line).unwrap()
    }

    #[test]
    fn lists_are_gathered_and_bounded() {
        let mut list = None;
        assert!(todo(&mut list, "command_list_ok_begin").is_none());
        assert!(todo(&mut list, "play 1").is_none() && todo(&mut list, "idle").is_none());
        let Some(Todo::Run { commands, answers_each: Some(true) }) = todo(&mut list, "command_list_end")
        else {
            panic!("not run");
        };
        assert_eq!(commands, [vec!["play".to_owned(), "1".into()], vec!["idle".into()]]);
        assert!(list.is_none());
        for stray in ["command_list_end", "", "play \"x"] {
            assert!(matches!(todo(&mut list, stray), Some(Todo::Refuse(_))), "{stray}");
        }
        let many = |list: &mut Option<List>, line: &str, count: usize| {
            gathered(list, "command_list_begin").unwrap();
            (0..count).find_map(|_| gathered(list, line).err())
        };
        assert!(matches!(many(&mut list, "ping", MAX_COMMANDS + 1), Some(End::Misbehaved)));
        list = None;
        assert!(many(&mut list, "ping", MAX_COMMANDS).is_none());
        list = None;
        let long = "x".repeat(15_000);
        assert!(matches!(many(&mut list, &long, MAX_LIST / 15_000 + 1), Some(End::Misbehaved)));
    }
}
