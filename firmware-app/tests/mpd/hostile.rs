//! Strangers, floods, clients that take nothing, and bytes that mean nothing.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use firmware_app::mpd::{MpdError, MpdOptions, MpdServer};
use proptest::test_runner::{Config, TestRunner};

use crate::support::{Client, PATIENCE, stage};

#[test]
fn a_stranger_may_only_say_the_password() {
    let stage = stage(Some("correct horse"));
    let mut client = stage.client();
    for command in [
        "status",
        "add /",
        "commands",
        "lsinfo",
        "idle",
        "dance",
        "command_list_begin\nstatus\ncommand_list_end",
    ] {
        let refusal = client.refused(command);
        assert!(refusal.starts_with("ACK [4@0]") || command == "dance", "{command}: {refusal}");
    }
    client.ok("ping");
    assert!(client.refused("password wrong").starts_with("ACK [3@0] {password} incorrect"));
    client.ok("password \"correct horse\"");
    assert_eq!(client.one("status", "state"), "stop");
    let mut guesser = stage.client();
    for n in 0..3 {
        guesser.refused(&format!("password {n}"));
    }
    assert!(guesser.has_ended(), "three tries of a connection");
    let mut guesser = stage.client();
    guesser.refused("password x");
    guesser.refused("password x");
    let mut late = stage.client();
    assert!(late.refused("password \"correct horse\"").contains("wait"), "five tries of an address");
    client.ok("status");
}

#[test]
fn connections_are_few_and_come_back() {
    let stage = stage(None);
    let mut all: Vec<Client> = (0..16).map(|_| stage.client()).collect();
    let refused = TcpStream::connect(stage.server.address()).unwrap();
    refused.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut said = Vec::new();
    let ended = (&refused).read_to_end(&mut said);
    assert!(
        said.is_empty() && (ended.is_ok() || ended.is_err_and(|e| e.kind() == ErrorKind::ConnectionReset))
    );
    all.pop().unwrap().send(b"close\n");
    let since = Instant::now();
    loop {
        let mut line = [0; 6];
        let mut again = TcpStream::connect(stage.server.address()).unwrap();
        if again.read_exact(&mut line).is_ok() && line == *b"OK MPD" {
            break;
        }
        assert!(since.elapsed() < PATIENCE, "the place does not come back");
        std::thread::sleep(Duration::from_millis(20));
    }
    let address = stage.server.address();
    let taken = MpdServer::start(stage.rig.app.clone(), &MpdOptions { address, password: None });
    assert!(matches!(taken, Err(MpdError::Listen(..))));
}

#[test]
fn a_client_that_takes_nothing_delays_nobody() {
    let stage = stage(None);
    let mut greedy = stage.client();
    // Far more answers than the sockets hold, and not one is taken.
    let question = b"listallinfo\n".repeat(2000);
    greedy.reader.get_ref().set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    for _ in 0..10 {
        if greedy.reader.get_mut().write_all(&question).is_err() {
            break;
        }
    }
    let mut client = stage.client();
    for _ in 0..50 {
        let since = Instant::now();
        client.ok("status");
        assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    }
}

#[test]
fn no_bytes_harm_the_server() {
    let stage = stage(None);
    let address = stage.server.address();
    let words = [
        "find",
        "search",
        "list",
        "count",
        "add",
        "addid",
        "delete",
        "move",
        "plchanges",
        "seek",
        "play",
        "idle",
        "command_list_begin",
        "command_list_end",
        "command_list_ok_begin",
        "albumart",
        "lsinfo",
        "listall",
        "playlistinfo",
        "tagtypes",
        "binarylimit",
        "window",
        "sort",
        "group",
        "position",
        "noidle",
        "load",
        "save",
        "prio",
        "shuffle",
        "volume",
        "setvol",
        "status",
        "((artist == 'x') AND (any contains 'y'))",
        "-1",
        "0:",
        ":",
        "99999999999999999999",
        "\"",
        "\\",
        "\"\"",
        "é\u{202e}",
        "\t",
        "nan",
        "+0",
        "/",
        "..",
    ];
    let word = proptest::sample::select(words.to_vec());
    let line = proptest::collection::vec(word, 0..6);
    let text = proptest::collection::vec(line, 0..12);
    let noise = proptest::collection::vec(proptest::arbitrary::any::<u8>(), 0..200);
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let ran = runner.run(&(text, noise), |(text, noise)| {
        let mut stream = TcpStream::connect(address).unwrap();
        for line in text {
            let _ = stream.write_all(line.join(" ").as_bytes());
            let _ = stream.write_all(b"\n");
        }
        let _ = stream.write_all(&noise);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut said = Vec::new();
        if let Err(error) = stream.read_to_end(&mut said) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "it hangs");
        }
        Ok(())
    });
    ran.unwrap();
    let mut flood = TcpStream::connect(address).unwrap();
    let _ = flood.write_all(&vec![b'x'; 1 << 20]);
    let mut list = TcpStream::connect(address).unwrap();
    let _ = list.write_all(b"command_list_begin\n");
    let _ =
        list.write_all(&b"add aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".repeat(60_000));
    for mut stream in [flood, list] {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut said = Vec::new();
        let ended = stream.read_to_end(&mut said);
        assert!(
            ended.is_ok() || ended.is_err_and(|e| e.kind() == ErrorKind::ConnectionReset),
            "it is let go"
        );
    }
    assert_eq!(Client::connect(address).one("stats", "songs"), "6");
}
