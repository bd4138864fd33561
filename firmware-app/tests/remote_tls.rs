//! https with the unit's own certificate, as a phone that was made to trust it sees it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod phone;
mod rig;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use phone::{Desk, PATIENCE, data, http};
use rig::Rig;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// What a browser that trusts `authority` gets from `name`; `None` where it does not trust what it meets.
fn ask(desk: &Desk, authority: &[u8], name: &str, request: &str) -> Option<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.to_vec())).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(desk.remote.https().unwrap()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut line = StreamOwned::new(connection, stream);
    line.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    // The end without a farewell is the server's way of ending a connection that was to be closed.
    let _ = line.read_to_string(&mut answer);
    Some(answer)
}

#[test]
fn a_phone_that_trusts_the_authority_needs_no_warning_also_after_a_restart() {
    let data = data();
    let mut authorities = Vec::new();
    for _ in 0..2 {
        let rig = Rig::start(data.path(), &[]);
        let desk = Desk::start_with(&rig.app, |config| config.https = "127.0.0.1:0".parse().ok());
        let https = desk.remote.https().unwrap();
        let file = http(desk.at).get("/api/certificate");
        assert_eq!(file.headers["content-type"], "application/x-x509-ca-cert");
        authorities.push(file.body.clone());
        let head =
            |host: &str| format!("GET /api/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let port = https.port();
        for name in ["127.0.0.1", "localhost"] {
            let answer = ask(&desk, &authorities[0], name, &head(&format!("{name}:{port}"))).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            assert!(answer.contains(&format!("connect-src 'self' wss://{name}:{port};")), "{answer}");
        }
        assert_eq!(ask(&desk, &authorities[0], "evil.example", &head("evil.example")), None, "not certified");
        let answer =
            ask(&desk, &authorities[0], "localhost", &head(&format!("127.0.0.1:{}", desk.at.port())))
                .unwrap();
        assert!(answer.starts_with("HTTP/1.1 421"), "the other door's port: {answer}");
        let open = desk.open(firmware_app::remote_desk::Role::Owner);
        let body = format!(r#"{{"code":"{}","client":"web"}}"#, open.pin);
        let wish = format!(
            "POST /api/enrol HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: https://localhost:{port}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = ask(&desk, &authorities[0], "localhost", &wish).unwrap();
        assert!(
            answer.contains("set-cookie: __Host-rusty_audio=") && answer.contains("; Secure"),
            "{answer}"
        );
    }
    assert_eq!(authorities[0], authorities[1], "trusted once, trusted for good");
}
