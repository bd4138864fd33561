//! A client of the MPD server, and a stereo to serve it.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use firmware_app::mpd::{MpdOptions, MpdServer};

use crate::rig::{self, Rig, music};

pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Client {
    pub reader: BufReader<TcpStream>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut client = Self { reader: BufReader::new(stream) };
        assert!(client.line().starts_with("OK MPD 0."));
        client
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.reader.get_mut().write_all(bytes).unwrap();
    }

    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "the server has hung up: {line:?}");
        line.trim_end_matches('\n').to_owned()
    }

    /// The answer up to `OK` or `ACK`, which is its last line.
    pub fn ask(&mut self, command: &str) -> Vec<String> {
        self.send(format!("{command}\n").as_bytes());
        self.answer()
    }

    pub fn answer(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.line();
            let is_last = line == "OK" || line.starts_with("ACK ");
            lines.push(line);
            if is_last {
                return lines;
            }
        }
    }

    pub fn ok(&mut self, command: &str) -> Vec<String> {
        let mut lines = self.ask(command);
        assert_eq!(lines.pop().as_deref(), Some("OK"), "{command}: {lines:?}");
        lines
    }

    pub fn refused(&mut self, command: &str) -> String {
        self.ask(command).pop().filter(|line| line.starts_with("ACK ")).unwrap_or_else(|| panic!("{command}"))
    }

    /// Values of one name.
    pub fn all(&mut self, command: &str, name: &str) -> Vec<String> {
        let start = format!("{name}: ");
        let lines = self.ok(command);
        lines.iter().filter_map(|line| line.strip_prefix(&start)).map(str::to_owned).collect()
    }

    pub fn one(&mut self, command: &str, name: &str) -> String {
        self.all(command, name).pop().unwrap_or_else(|| panic!("{command} says no {name}"))
    }

    pub fn has_ended(mut self) -> bool {
        let mut rest = Vec::new();
        match self.reader.read_to_end(&mut rest) {
            Ok(_) => true,
            Err(error) => matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
        }
    }
}

pub struct Stage {
    pub server: MpdServer,
    pub rig: Rig,
    _folders: [tempfile::TempDir; 2],
    pub name: String,
}

/// A unit with six tones in its index, its server at a free port.
pub fn stage(password: Option<&str>) -> Stage {
    let data = tempfile::tempdir().unwrap();
    let folder = music(3.0, &["1.wav", "2.wav", "3.wav", "4.wav"]);
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    for name in ["5.wav", "6.wav"] {
        rig::write_tone(&folder.path().join("inner").join(name), 8000, 300.0, 0.0, 3.0);
    }
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.wait(35.0);
    rig.until("the medium is scanned", |now| {
        now.library.scanning.is_none() && now.library.media.iter().any(|medium| medium.tracks == Some(6))
    });
    let name = rig.snapshot().library.media[0].name.clone();
    let address = "127.0.0.1:0".parse().unwrap();
    let options = MpdOptions { address, password: password.map(str::to_owned) };
    let server = MpdServer::start(rig.app.clone(), &options).unwrap();
    Stage { server, rig, _folders: [data, folder], name }
}

impl Stage {
    pub fn client(&self) -> Client {
        Client::connect(self.server.address())
    }
}
