//! The HTTP side of the remotes' server: who may ask for what, and how the remote's files are served.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod phone;
mod rig;

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use firmware_app::protocol::{Command, Decibels};
use firmware_app::remote::{Access, ROUTES, WebFiles};
use firmware_app::remote_desk::{RemoteReport, RemoteRequest, Role};
use phone::{Desk, Http, Reply, data, http, site};
use rig::{Rig, music};
use serde_json::json;

/// What is not the unit, whatever it looks like. `PORT` stands for the right port.
const FOREIGN: [&str; 20] = [
    "evil.example",
    "evil.example:PORT",
    "www.evil.example:PORT",
    "localhost",
    "localhost:1",
    "localhost.evil.example:PORT",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1.evil.example:PORT",
    "127.0.0.2:PORT",
    "0.0.0.0:PORT",
    "[::]:PORT",
    "2130706433:PORT",
    "0x7f000001:PORT",
    "127.1:PORT",
    "rusty-audio.local:PORT",
    "user@127.0.0.1:PORT",
    "127.0.0.1:PORT@evil.example",
    "127.0.0.1:PORT:PORT",
    "null",
];

fn path_of(route: &firmware_app::remote::Route) -> String {
    route.path.replace("{hash}", "c0ffee")
}

fn try_route(http: &Http, method: &str, path: &str) -> Reply {
    let body = (method != "GET").then_some(("application/json", &b"{}"[..]));
    http.ask(method, path, body)
}

#[test]
fn twenty_foreign_hosts_are_refused_on_every_route() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let phone = desk.phone("Anna", Role::Owner);
    let files =
        [("GET", "/"), ("GET", "/index.html"), ("GET", "/music/albums"), ("HEAD", "/"), ("GET", "/gone")];
    let routes = ROUTES.iter().map(|route| (route.method, path_of(route)));
    let all: Vec<(&str, String)> =
        routes.chain(files.iter().map(|(method, path)| (*method, (*path).to_owned()))).collect();
    for (method, path) in &all {
        for host in FOREIGN {
            let host = host.replace("PORT", &desk.at.port().to_string());
            let reply = try_route(&phone.http().host(&host), method, path);
            assert_eq!(reply.status, 421, "{method} {path} at {host}");
        }
    }
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
        let reply = http(desk.at).host(&format!("{host}:{}", desk.at.port())).get("/api/health");
        // The loopback's other address is one of ours too, where the machine has it.
        assert!(reply.status == 200 || host == "[::1]", "{host}: {reply:?}");
    }
}

#[test]
fn every_route_asks_for_a_token_unless_the_table_says_it_is_public() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let owner = desk.phone("Anna", Role::Owner);
    let guest = desk.phone("Ben", Role::Guest);
    let open: Vec<&str> =
        ROUTES.iter().filter(|route| route.access == Access::Public).map(|route| route.path).collect();
    assert_eq!(open, ["/api/health", "/api/enrol", "/api/certificate"], "nothing else is open to everybody");
    let wrong = "0".repeat(64);
    for route in ROUTES.iter().filter(|route| route.access != Access::Public) {
        let path = path_of(route);
        for (name, value) in [
            ("x-none", ""),
            ("authorization", "Bearer "),
            ("authorization", "Bearer x"),
            ("authorization", &format!("Bearer {wrong}")),
            ("authorization", &format!("Basic {}", owner.token)),
            ("authorization", &owner.token),
            ("authorization", &format!("Bearer {}x", owner.token)),
            ("cookie", &format!("rusty_audio={wrong}")),
            ("cookie", &format!("token={}", owner.token)),
            ("cookie", &format!("__Host-rusty_audio={}", owner.token)),
        ] {
            let asked = http(desk.at).header(name, value).header("sec-fetch-site", "same-origin");
            let reply = try_route(&asked, route.method, &path);
            assert_eq!(
                (reply.status, reply.error().as_str()),
                (401, "no_token"),
                "{} {path} {name}",
                route.method
            );
        }
        if route.access == Access::Owner {
            let reply = try_route(&guest.http(), route.method, &path);
            assert_eq!((reply.status, reply.error().as_str()), (403, "not_allowed"), "{path}");
        }
        if route.method != "DELETE" {
            assert_ne!(try_route(&owner.http(), route.method, &path).status, 401, "{path}");
        }
    }
}

#[test]
fn the_router_is_made_from_the_table_alone() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/remote");
    let mut made = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for call in [".route(", ".nest(", ".merge(", "route_service(", "nest_service("] {
            let times = text.matches(call).count();
            made.extend(std::iter::repeat_n((path.file_name().unwrap().to_owned(), call), times));
        }
    }
    assert_eq!(made, [("routes.rs".into(), ".route(")], "a route outside of the table is tested by nobody");
}

#[test]
fn changes_come_from_our_own_pages_or_from_programs() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let phone = desk.phone("Anna", Role::Owner);
    let own = format!("http://{}", desk.at);
    let command = json!({ "do": "pause" });
    let cookie = format!("rusty_audio={}", phone.token);
    let by_cookie = || http(desk.at).header("cookie", &cookie);
    assert_eq!(phone.http().post("/api/command", &command).status, 200);
    assert_eq!(by_cookie().post("/api/command", &command).status, 403, "no origin");
    assert_eq!(by_cookie().header("origin", &own).post("/api/command", &command).status, 200);
    let foreign = ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1"];
    for origin in
        foreign.map(str::to_owned).into_iter().chain([own.replace("http", "https"), format!("{own}/")])
    {
        for route in ROUTES {
            let reply = try_route(&by_cookie().header("origin", &origin), route.method, &path_of(route));
            assert_eq!(
                (reply.status, reply.error().as_str()),
                (403, "wrong_origin"),
                "{} {origin}",
                route.path
            );
        }
    }
    let reply = by_cookie().header("origin", &own).header("sec-fetch-site", "cross-site");
    assert_eq!(reply.post("/api/command", &command).status, 403);
}

#[test]
fn commands_questions_and_snapshots_by_http() {
    let (data, folder) = (data(), music(30.0, &["a.wav", "b.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 2);
    let desk = Desk::start(&rig.app);
    let phone = desk.phone("Anna's\n phone", Role::Owner);
    let session = phone.http().get("/api/session").json();
    assert_eq!((&session["role"], &session["name"]), (&json!("owner"), &json!("Anna's phone")));
    let health = http(desk.at).get("/api/health").json();
    assert_eq!((&health["status"], &health["protocol"]), (&json!("ok"), &json!(1)));
    assert_eq!(health["unit"], session["unit"]);
    assert_eq!(health["unit"]["id"].as_str().unwrap().len(), 32);
    let level = serde_json::to_value(Command::SetVolume { level: Decibels(-20.0) }).unwrap();
    let seq = phone.http().post("/api/command", &level).json()["seq"].as_u64().unwrap();
    let snapshot = phone.http().get("/api/snapshot").json();
    assert!(snapshot["seq"].as_u64().unwrap() >= seq);
    assert_eq!(snapshot["volume_db"], json!(-20.0));
    let answer = phone.http().post("/api/ask", &json!({ "ask": "queue", "from": 0, "limit": 10 })).json();
    assert_eq!(answer["queue"]["rows"].as_array().unwrap().len(), 2);
    let schema = phone.http().get("/api/schema").json();
    assert!(schema["properties"]["client_frame"].is_object());
    let refused = phone.http().post("/api/command", &json!({ "do": "explode" }));
    assert_eq!((refused.status, refused.error().as_str()), (400, "bad_frame"));
    let form = phone.http().ask("POST", "/api/command", Some(("text/plain", br#"{"do":"next"}"#)));
    assert_eq!(form.status, 415, "what a foreign form can send is not taken");
    let long = json!({ "do": "play_path", "path": "x".repeat(17_000) });
    assert_eq!(phone.http().post("/api/command", &long).status, 413);
    assert_eq!(phone.http().get("/api/nothing").status, 404);
    assert_eq!(phone.http().ask("PUT", "/api/snapshot", Some(("text/plain", b""))).status, 405);
    assert_eq!(phone.http().get("/api/art/c0ffee").status, 404);
    assert_eq!(phone.http().get("/api/certificate").error(), "no_https");
    assert_eq!(phone.http().ask("DELETE", "/api/session", None).status, 200);
    assert_eq!(phone.http().get("/api/session").status, 401, "signed out");
}

#[test]
fn the_site_is_served_packed_and_with_the_right_headers() {
    let (data, folder) = (data(), tempfile::tempdir().unwrap());
    site(folder.path());
    let rig = Rig::start(data.path(), &[]);
    let files = WebFiles::Folder(folder.path().to_owned());
    let desk = Desk::start_with(&rig.app, |config| config.files = files);
    let page = http(desk.at).get("/");
    assert_eq!((page.status, page.headers["cache-control"].as_str()), (200, "no-cache"));
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let policy = &page.headers["content-security-policy"];
    assert!(
        policy.contains("script-src 'self' 'wasm-unsafe-eval';") && policy.contains("frame-ancestors 'none'")
    );
    assert!(
        policy.contains(&format!("connect-src 'self' ws://{};", desk.at))
            && !policy.contains("unsafe-inline")
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(page.headers[name], value);
        assert_eq!(http(desk.at).get("/api/snapshot").headers[name], value, "errors too");
    }
    assert!(!page.headers.contains_key("access-control-allow-origin"));
    let wasm = http(desk.at).header("accept-encoding", "gzip, br").get("/assets/a.0123.wasm");
    assert_eq!((&wasm.body[..], wasm.headers["content-encoding"].as_str()), (&b"packed"[..], "br"));
    assert_eq!(
        (wasm.headers["content-type"].as_str(), wasm.headers["vary"].as_str()),
        ("application/wasm", "Accept-Encoding")
    );
    assert_eq!(wasm.headers["cache-control"], "public, max-age=31536000, immutable");
    let plain = http(desk.at).get("/assets/a.0123.wasm");
    assert_eq!(plain.body, b"\0asm plain");
    assert!(!plain.headers.contains_key("content-encoding"));
    let known = http(desk.at).header("if-none-match", &page.headers["etag"]).get("/");
    assert_eq!((known.status, known.body.len()), (304, 0));
    let head = http(desk.at).ask("HEAD", "/", None);
    assert_eq!((head.status, &head.headers["content-length"]), (200, &page.headers["content-length"]));
    let deep = http(desk.at).header("accept", "text/html,*/*").get("/music/albums?x=1");
    assert_eq!((deep.status, &deep.body), (200, &page.body));
    assert_eq!(http(desk.at).header("accept", "text/html").get("/api/gone").status, 404);
    for path in [
        "/assets/gone.js",
        "/gone.js",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/assets/../../x",
        "//etc/passwd",
    ] {
        assert_eq!(http(desk.at).header("accept", "*/*").get(path).status, 404, "{path}");
    }
    assert_eq!(
        http(desk.at).get("/manifest.webmanifest").headers["content-type"],
        "application/manifest+json"
    );
    assert_eq!(http(desk.at).post("/", &json!({})).status, 405);
}

#[test]
fn the_built_in_page_is_served() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let page = http(desk.at).get("/");
    assert_eq!(page.status, 200);
    assert!(page.body.starts_with(b"<!doctype html>"));
}

#[test]
fn a_pin_lets_one_phone_in_and_three_wrong_ones_close_the_door() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start_with(&rig.app, |config| config.standing_invite = false);
    assert_eq!(desk.enrol("123456", "x").error(), "not_open");
    let open = desk.open(Role::Guest);
    assert!(open.pin.len() == 6 && open.url.starts_with(&format!("http://{}/enrol#", desk.at)));
    let wrong = if open.pin == "000000" { "000001" } else { "000000" };
    for left in [2, 1, 0] {
        let reply = desk.enrol(wrong, "x");
        assert_eq!((reply.status, &reply.json()["tries_left"]), (403, &json!(left)));
    }
    let waits = desk.enrol(&open.pin, "x");
    assert_eq!((waits.status, waits.error().as_str()), (429, "wait"));
    assert_eq!((&waits.json()["retry_after"], waits.headers["retry-after"].as_str()), (&json!(30), "30"));
    rig.wait(31.0);
    assert_eq!(desk.enrol(&open.pin, "x").error(), "not_open", "it must be opened anew");
    let open = desk.open(Role::Guest);
    let spaced = format!("{} {}", &open.pin[..3], &open.pin[3..]);
    let reply = desk.enrol(&spaced, "Ben");
    assert_eq!((reply.status, &reply.json()["role"]), (200, &json!("guest")));
    assert_eq!(desk.enrol(&open.pin, "x").error(), "not_open", "once");
    desk.reports.until("the screen says who came", |report| {
        matches!(report, RemoteReport::Joined { name, .. } if name == "Ben").then_some(())
    });
    let open = desk.open(Role::Owner);
    rig.wait(121.0);
    assert_eq!(desk.enrol(&open.pin, "x").error(), "not_open", "two minutes are over");
    desk.reports.until("the screen shows no code any more", |report| {
        matches!(report, RemoteReport::Enrolment(None)).then_some(())
    });
    let open = desk.open(Role::Owner);
    desk.remote.ask(RemoteRequest::CloseEnrolment);
    desk.reports
        .until("it is closed", |report| matches!(report, RemoteReport::Enrolment(None)).then_some(()));
    assert_eq!(desk.enrol(&open.pin, "x").error(), "not_open");
}

#[test]
fn an_invitation_is_for_one_browser_which_never_sees_its_token() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let link = desk.invites.lock().unwrap()[0].clone();
    let (address, invitation) = link.split_once("/enrol#").unwrap();
    assert_eq!((address, invitation.len()), (&*format!("http://{}", desk.at), 32));
    let own = http(desk.at).header("origin", address);
    let wish = json!({ "code": invitation, "name": "Browser", "client": "web" });
    let reply = own.post("/api/enrol", &wish);
    assert_eq!((reply.status, &reply.json()["role"]), (200, &json!("owner")));
    let cookie = reply.headers["set-cookie"].clone();
    let (pair, attributes) = cookie.split_once(';').unwrap();
    assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Strict"), "{cookie}");
    let token = pair.strip_prefix("rusty_audio=").unwrap();
    assert!(token.len() == 64 && !String::from_utf8_lossy(&reply.body).contains(token));
    let session = http(desk.at).header("cookie", &format!("other=1; {pair}")).get("/api/session");
    assert_eq!(
        (session.status, session.headers["set-cookie"].starts_with(pair)),
        (200, true),
        "kept for longer"
    );
    assert_eq!(own.post("/api/enrol", &wish).status, 409, "used up");
    assert_eq!(desk.invites.lock().unwrap().len(), 2, "the terminal shows a new one");
}

#[test]
fn ten_thousand_guesses_reach_three_pins() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let open = desk.open(Role::Owner);
    let mut lines = TcpStream::connect(desk.at).unwrap();
    lines.set_nodelay(true).unwrap();
    let mut statuses = std::collections::BTreeMap::new();
    let since = Instant::now();
    for n in 0..10_000 {
        let guess = format!("{:06}", (open.pin.parse::<u32>().unwrap() + 1 + n) % 1_000_000);
        let wish = json!({ "code": guess, "client": "api" }).to_string();
        let body = Some(("application/json", wish.as_bytes()));
        let reply = http(desk.at).ask_on(&mut lines, "POST", "/api/enrol", body);
        *statuses.entry(reply.status).or_insert(0) += 1;
    }
    println!("10,000 guesses in {:?}: {statuses:?}", since.elapsed());
    assert_eq!(statuses.get(&403), Some(&3));
    assert_eq!(statuses.get(&429), Some(&9_997));
}

#[test]
fn phones_survive_a_restart_and_are_stored_by_what_they_are_recognised_by() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let (anna, ben) = (desk.phone("Anna", Role::Owner), desk.phone("Ben", Role::Guest));
    let unit = http(desk.at).get("/api/health").json()["unit"]["id"].clone();
    desk.remote.ask(RemoteRequest::Revoke { id: 2 });
    desk.phones("Ben is forgotten", |phones| phones.len() == 1);
    assert_eq!(ben.http().get("/api/session").status, 401);
    // A power cut: what was answered is on the disk.
    rig.app.abandon();
    drop((desk, rig));
    for file in std::fs::read_dir(data.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        let has = bytes.windows(64).any(|window| window == anna.token.as_bytes());
        assert!(!has, "the token is in {}", path.display());
    }
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let anna = phone::Phone { at: desk.at, ..anna };
    assert_eq!(anna.http().get("/api/session").json()["name"], json!("Anna"));
    assert_eq!(http(desk.at).get("/api/health").json()["unit"]["id"], unit);
    let carl = desk.phone("Carl", Role::Owner);
    desk.phones("numbers are not used twice", |phones| phones.iter().any(|phone| phone.id == 3));
    desk.remote.ask(RemoteRequest::RevokeAll);
    desk.phones("all are forgotten", <[_]>::is_empty);
    assert_eq!((anna.http().get("/api/session").status, carl.http().get("/api/session").status), (401, 401));
}

#[test]
fn a_request_that_trickles_in_is_cut_off_and_delays_nobody() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let since = Instant::now();
    let mut slow: Vec<TcpStream> = (0..60).map(|_| TcpStream::connect(desk.at).unwrap()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET /api/health HTTP/1.1\r\nHost: ").unwrap();
    }
    let mut worst = Duration::ZERO;
    for _ in 0..50 {
        let asked = Instant::now();
        assert_eq!(http(desk.at).get("/api/health").status, 200);
        worst = worst.max(asked.elapsed());
    }
    println!("health beside 60 unfinished requests: {worst:?} at worst");
    assert!(worst < Duration::from_secs(1), "{worst:?}");
    slow[0].set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut byte = [0];
    // It ends by itself, with or without an answer.
    while std::io::Read::read(&mut slow[0], &mut byte).unwrap_or(0) > 0 {}
    assert!(since.elapsed() < Duration::from_secs(19), "{:?}", since.elapsed());
}

#[test]
fn connections_that_are_kept_are_used_again() {
    let data = data();
    let rig = Rig::start(data.path(), &[]);
    let desk = Desk::start(&rig.app);
    let mut line = TcpStream::connect(desk.at).unwrap();
    for _ in 0..3 {
        assert_eq!(http(desk.at).ask_on(&mut line, "GET", "/api/health", None).status, 200);
    }
    // A head that is too long ends the connection.
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(40_000));
    let _ = line.write_all(long.as_bytes());
    let mut said = Vec::new();
    // What it had not read yet may make the end a rough one.
    let _ = std::io::Read::read_to_end(&mut line, &mut said);
    assert!(said.is_empty() || said.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&said));
}
