//! The remotes' WebSocket: the same door for everybody, and nobody at it can hold up the others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod phone;
mod rig;

use std::io::Write;
use std::time::{Duration, Instant};

use firmware_app::event::Event;
use firmware_app::protocol::remote::{Answer, ByeCode, ClientFrame, Hello, Question, RefusalCode, UnitFrame};
use firmware_app::protocol::{Command, Decibels, Snapshot, TransportState, step_to_db};
use firmware_app::remote_desk::{RemoteRequest, Role};
use hal::{InputEvent, Knob};
use phone::{Desk, Remoted, Socket, data};
use rig::{Rig, music};
use tokio_tungstenite::tungstenite::Message;

#[test]
fn knob_and_phones_see_the_same_and_the_last_word_wins() {
    let (data, folder) = (data(), music(60.0, &["a.wav", "b.wav", "c.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 3);
    let desk = Desk::start(&rig.app);
    let mut anna = desk.phone("Anna", Role::Owner).connected();
    let mut ben = desk.phone("Ben", Role::Owner).connected();
    assert!(anna.welcome.capabilities.contains(&"spectrum".to_owned()));
    let seq = anna.command(Command::SetVolume { level: step_to_db(20) });
    assert!(anna.snapshot.seq >= seq && anna.snapshot.volume.step == 20, "done comes after what shows it");
    ben.until(|now| now.volume.step == 20);
    ben.command(Command::SetVolume { level: step_to_db(12) });
    anna.until(|now| now.volume.step == 12);
    rig.app.post(Event::Input(InputEvent::Turn(Knob::Volume, 3)));
    for phone in [&mut anna, &mut ben] {
        phone.until(|now| now.volume.step == 15);
    }
    anna.command(Command::Next);
    ben.until(|now| now.queue.index == 1);
    anna.command(Command::Pause);
    ben.until(|now| now.transport.state == TransportState::Paused);
    // Many at once: whatever the unit makes of them is what both end up with.
    for n in 0..20 {
        let phone = if n % 2 == 0 { &mut anna } else { &mut ben };
        let level = step_to_db(10 + n);
        phone
            .socket
            .say(&ClientFrame::Command { id: 1_000 + u64::from(n), command: Command::SetVolume { level } });
    }
    // Each is told of its own ten before it is compared.
    for phone in [&mut anna, &mut ben] {
        for _ in 0..10 {
            while !matches!(phone.read(), UnitFrame::Done { .. }) {}
        }
    }
    let truth = rig.snapshot();
    for phone in [&mut anna, &mut ben] {
        phone.until(|now| now.seq >= truth.seq || now.volume == truth.volume);
        assert_eq!(phone.snapshot.volume, truth.volume);
    }
}

#[test]
fn a_phone_that_was_away_gets_one_fresh_snapshot() {
    let (data, folder) = (data(), music(60.0, &["a.wav", "b.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 2);
    let desk = Desk::start(&rig.app);
    let anna = desk.phone("Anna", Role::Owner);
    drop(anna.connected());
    for n in 0..50 {
        rig.command(Command::SetVolume { level: step_to_db(n % 30) });
    }
    rig.command(Command::Pause);
    let truth = rig.snapshot();
    let mut back = anna.connected();
    // Another frame may have come in between; nothing of the fifty has.
    while back.snapshot.seq < truth.seq {
        back.read();
    }
    let shown =
        |now: &Snapshot| (now.now.path.clone(), now.transport.clone(), now.volume.clone(), now.queue.clone());
    assert_eq!(shown(&back.snapshot), shown(&truth));
    back.socket.say(&ClientFrame::Ping { id: 5 });
    assert_eq!(back.read(), UnitFrame::Pong { id: 5 }, "and no history after it");
}

#[test]
fn a_slow_phone_skips_states_and_is_right_in_the_end() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let mut slow = desk.phone("Slow", Role::Owner).connected();
    for n in 0..200_u8 {
        rig.command(Command::SetVolume { level: step_to_db(n % 30) });
        std::thread::sleep(Duration::from_millis(1));
    }
    let truth = rig.snapshot();
    let mut updates = 0;
    while slow.snapshot.volume != truth.volume || slow.snapshot.seq < truth.seq {
        updates += u32::from(matches!(slow.read(), UnitFrame::Update(_)));
    }
    println!("200 changes came as {updates} updates");
    assert!(updates < 150, "{updates}");
}

#[test]
fn guests_look_and_ask_but_change_nothing() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let mut guest = desk.phone("Ben", Role::Guest).connected();
    assert_eq!(guest.welcome.role, Role::Guest);
    let before = rig.snapshot().volume_db;
    guest.socket.say(&ClientFrame::Command { id: 1, command: Command::SetVolume { level: Decibels(0.0) } });
    let refused = refusal(&mut guest);
    assert_eq!((refused.0, refused.1), (Some(1), RefusalCode::NotAllowed));
    guest.socket.say(&ClientFrame::Ask { id: 2, question: Question::Presets });
    let UnitFrame::Answer { id: 2, answer: Answer::Presets(presets) } = answer(&mut guest) else { panic!() };
    assert!(!presets.is_empty());
    assert_eq!(rig.snapshot().volume_db, before);
}

fn refusal(phone: &mut Remoted) -> (Option<u64>, RefusalCode) {
    loop {
        if let UnitFrame::Refused(refusal) = phone.read() {
            return (refusal.id, refusal.code);
        }
    }
}

fn answer(phone: &mut Remoted) -> UnitFrame {
    loop {
        let frame = phone.read();
        if !matches!(frame, UnitFrame::Update(_)) {
            return frame;
        }
    }
}

#[test]
fn a_forgotten_phone_is_sent_away_at_once() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let (anna, ben) = (desk.phone("Anna", Role::Owner), desk.phone("Ben", Role::Owner));
    let (mut one, mut two, mut other) = (anna.connected(), anna.connected(), ben.connected());
    desk.phones("both are connected", |phones| phones.iter().all(|phone| phone.connected));
    let since = Instant::now();
    desk.remote.ask(RemoteRequest::Revoke { id: 1 });
    for socket in [&mut one.socket, &mut two.socket] {
        assert_eq!(socket.bye().unwrap().code, ByeCode::Revoked);
    }
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    assert_eq!(
        Socket::open(desk.at, &[("authorization", &format!("Bearer {}", anna.token))]).err(),
        Some(401)
    );
    other.command(Command::SetVolume { level: step_to_db(5) });
    assert_eq!(ben.http().ask("DELETE", "/api/session", None).status, 200);
    assert_eq!(other.socket.bye().unwrap().code, ByeCode::Revoked, "signing out does the same");
}

#[test]
fn the_end_is_announced_and_phones_come_back() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let mut anna = desk.phone("Anna", Role::Owner).connected();
    let since = Instant::now();
    desk.remote.stop();
    assert_eq!(anna.socket.bye().unwrap().code, ByeCode::Ending);
    assert!(since.elapsed() < Duration::from_secs(3));
}

#[test]
fn a_connection_begins_with_hello_of_this_version() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let anna = desk.phone("Anna", Role::Owner);
    for first in [
        ClientFrame::Ping { id: 1 },
        ClientFrame::Command { id: 1, command: Command::Next },
        ClientFrame::Hello(Hello { protocol: 99, client: "new".into() }),
    ] {
        let mut socket = anna.silent_socket();
        socket.say(&first);
        assert_eq!(socket.bye().unwrap().code, ByeCode::Protocol, "{first:?}");
    }
    let mut silent = anna.silent_socket();
    silent.0.get_mut().set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    let since = Instant::now();
    assert_eq!(silent.bye().unwrap().code, ByeCode::Protocol);
    assert!((9..13).contains(&since.elapsed().as_secs()), "{:?}", since.elapsed());
}

#[test]
fn sockets_are_opened_by_our_own_pages_or_by_programs() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let anna = desk.phone("Anna", Role::Owner);
    let cookie = format!("rusty_audio={}", anna.token);
    let own = format!("http://{}", desk.at);
    assert!(Socket::open(desk.at, &[("cookie", &cookie), ("origin", &own)]).is_ok());
    for headers in [
        &[("cookie", cookie.as_str())][..],
        &[("cookie", &cookie), ("origin", "http://evil.example")],
        &[("cookie", &cookie), ("origin", "null")],
        &[("cookie", &cookie), ("origin", "http://localhost:1")],
    ] {
        assert_eq!(Socket::open(desk.at, headers).err(), Some(403), "{headers:?}");
    }
    assert_eq!(Socket::open(desk.at, &[("origin", &own)]).err(), Some(401));
}

#[test]
fn places_are_limited_for_one_phone() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let anna = desk.phone("Anna", Role::Owner);
    let mut all: Vec<Remoted> = (0..8).map(|_| anna.connected()).collect();
    assert_eq!(anna.socket().bye().unwrap().code, ByeCode::Full);
    drop(all.pop());
    let since = Instant::now();
    while anna.socket().try_next().is_none_or(|frame| matches!(frame, UnitFrame::Bye(_))) {
        assert!(since.elapsed() < Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn too_much_is_refused_then_ends_the_connection() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let anna = desk.phone("Anna", Role::Owner);
    let mut fast = anna.connected();
    for id in 0..400 {
        // The connection may be over before all is said.
        let ping = serde_json::to_string(&ClientFrame::Ping { id }).unwrap();
        if fast.socket.0.send(Message::text(ping)).is_err() {
            break;
        }
    }
    let (mut pongs, mut refused) = (0, 0);
    let end = loop {
        match fast.socket.try_next() {
            Some(UnitFrame::Pong { .. }) => pongs += 1,
            Some(UnitFrame::Refused(refusal)) => {
                assert_eq!(refusal.code, RefusalCode::Busy);
                refused += 1;
            }
            Some(UnitFrame::Bye(bye)) => break bye.code,
            Some(_) => {}
            None => panic!("no last word after {pongs} pongs and {refused} refusals"),
        }
    };
    assert_eq!(end, ByeCode::Misbehaved);
    assert!((60..110).contains(&pongs) && refused >= 100, "{pongs} {refused}");
    anna.connected().command(Command::Pause);
}

#[test]
fn large_frames_are_refused_and_larger_ones_end_it() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let anna = desk.phone("Anna", Role::Owner);
    let mut large = anna.connected();
    large.socket.say_text(&format!(r#"{{"type":"ping","id":1,"x":"{}"}}"#, "x".repeat(70_000)));
    assert_eq!(refusal(&mut large), (None, RefusalCode::TooLarge));
    large.socket.0.send(Message::binary(vec![0; 10])).unwrap();
    assert_eq!(refusal(&mut large), (None, RefusalCode::BadFrame));
    let huge = "x".repeat(3_000_000);
    let _ = large.socket.0.send(Message::text(huge));
    while large.socket.try_next().is_some() {}
    anna.connected().command(Command::Pause);
}

#[test]
fn a_hundred_thousand_malformed_frames_cost_no_memory_and_nobody_else_anything() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let (bad, good) = (desk.phone("Bad", Role::Owner), desk.phone("Good", Role::Owner));
    let mut good = good.connected();
    let texts = [
        "",
        "{",
        "[]",
        "null",
        "{}",
        "\"x\"",
        r#"{"type":1}"#,
        r#"{"type":"dance"}"#,
        r#"{"type":"command","id":1}"#,
        r#"{"type":"command","id":-1,"command":{"do":"next"}}"#,
        r#"{"type":"ask","id":1,"question":{"ask":"rows"}}"#,
        r#"{"type":"ping","id":1e999}"#,
        "\u{0}\u{1}",
        r#"{"type":"command","id":1,"command":{"do":"set_volume","level":null}}"#,
    ];
    let before = resident();
    let (mut sent, mut ends, mut worst) = (0_u32, 0_u32, Duration::ZERO);
    let mut n = 0;
    while sent < 100_000 {
        let mut socket = bad.socket();
        // All at once, in one write: the unit stops at the twentieth, whatever follows.
        let mut burst = Vec::new();
        for _ in 0..400 {
            n += 1;
            burst.extend(masked(texts[n % texts.len()].as_bytes(), n as u32));
        }
        sent += 400;
        let _ = socket.0.get_mut().write_all(&burst);
        // The last word may be lost with what was not read; another reason is none.
        match socket.bye() {
            Some(bye) => assert_eq!(bye.code, ByeCode::Misbehaved),
            None => ends += 1,
        }
        if sent.is_multiple_of(4_000) {
            let since = Instant::now();
            good.command(Command::SetVolume { level: step_to_db((n % 30) as u8) });
            worst = worst.max(since.elapsed());
        }
    }
    let grown = resident().saturating_sub(before);
    println!(
        "{sent} malformed frames, {ends} connections without a last word: memory +{} kB, a command beside \
         them {worst:?}",
        grown / 1024
    );
    assert!(ends < 125, "{ends} of 250 ended without a reason");
    assert!(grown < 24 << 20, "{grown} bytes");
    assert!(worst < Duration::from_secs(2), "{worst:?}");
    good.command(Command::Pause);
    assert!(rig.app.is_running());
}

/// A text frame as a client sends it (RFC 6455, section 5.2).
fn masked(text: &[u8], key: u32) -> Vec<u8> {
    assert!(text.len() < 126);
    let key = key.to_be_bytes();
    let mut frame = vec![0x81, 0x80 | text.len() as u8];
    frame.extend(key);
    frame.extend(text.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// Memory of this process, bytes.
fn resident() -> u64 {
    let Ok(text) = std::fs::read_to_string("/proc/self/statm") else { return 0 };
    text.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[test]
fn a_phone_that_reads_nothing_is_let_go_and_delays_nobody() {
    let (data, folder) = (data(), music(60.0, &["a.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 1);
    let desk = Desk::start(&rig.app);
    let (deaf, other) = (desk.phone("Deaf", Role::Owner), desk.phone("Other", Role::Owner));
    let mut deaf = deaf.connected();
    let mut other = other.connected();
    desk.reports.forget();
    desk.phones("both are connected", |phones| {
        phones.len() == 2 && phones.iter().all(|phone| phone.connected)
    });
    let since = Instant::now();
    let mut worst = Duration::ZERO;
    let mut ended = false;
    // Questions with long answers, none of which it reads.
    for id in 0.. {
        let ask = ClientFrame::Ask { id, question: Question::Presets };
        deaf.socket.0.get_mut().set_write_timeout(Some(Duration::from_millis(5))).unwrap();
        let _ = deaf.socket.0.send(Message::text(serde_json::to_string(&ask).unwrap()));
        let asked = Instant::now();
        other.command(Command::SetVolume { level: step_to_db((id % 30) as u8) });
        worst = worst.max(asked.elapsed());
        std::thread::sleep(Duration::from_millis(40));
        ended = desk.reports.until("phones", |report| match report {
            firmware_app::remote_desk::RemoteReport::Phones(phones) => {
                Some(phones.iter().any(|phone| phone.name == "Deaf" && !phone.connected))
            }
            _ => None,
        });
        if ended || since.elapsed() > Duration::from_secs(30) {
            break;
        }
    }
    println!(
        "a phone that reads nothing was let go after {:?}; others waited {worst:?} at most",
        since.elapsed()
    );
    assert!(ended);
    assert!(worst < Duration::from_secs(1), "{worst:?}");
}

#[test]
fn the_spectrum_comes_while_music_plays_and_is_watched() {
    let (data, folder) = (data(), music(60.0, &["a.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 1);
    let desk = Desk::start(&rig.app);
    let mut anna = desk.phone("Anna", Role::Owner).connected();
    anna.socket.say(&ClientFrame::Watch { spectrum: true });
    let mut seen = 0;
    let since = Instant::now();
    while seen < 8 {
        if let UnitFrame::Spectrum { bands } = anna.read() {
            assert_eq!(bands.len(), 32);
            seen += 1;
        }
    }
    assert!(since.elapsed() > Duration::from_millis(350), "at most 15 a second: {:?}", since.elapsed());
    anna.command(Command::Pause);
    let mut last = Vec::new();
    while last.is_empty() || last.iter().any(|band| *band > 0) {
        if let UnitFrame::Spectrum { bands } = anna.read() {
            last = bands;
        }
    }
    anna.socket.say(&ClientFrame::Watch { spectrum: false });
    anna.command(Command::Play);
    anna.socket.say(&ClientFrame::Ping { id: 77 });
    while anna.read() != (UnitFrame::Pong { id: 77 }) {}
    std::thread::sleep(Duration::from_millis(300));
    anna.socket.say(&ClientFrame::Ping { id: 78 });
    loop {
        match anna.read() {
            UnitFrame::Pong { id: 78 } => break,
            UnitFrame::Spectrum { .. } => panic!("it is watched no more"),
            _ => {}
        }
    }
}
