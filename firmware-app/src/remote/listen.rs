//! Where connections come in: binding, limits, and what each of them gets.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::answer::{Answer, protect};
use super::config::RemoteError;
use super::door::Door;
use super::guard;
use super::patience::Patient;
use super::server::Server;

/// Connections of all machines together: every remote's WebSocket and some requests beside it.
const MOST: usize = 192;
/// Of one machine, so that one cannot take all of them.
const MOST_OF_ONE: usize = 48;
/// The head of a request is there within; also how long an unused connection is kept.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// TLS is agreed on within.
const GREETING_WITHIN: Duration = Duration::from_secs(10);
/// A write goes on within.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the system may hold for one connection that does not read: a slow phone is noticed by it.
const SEND_BUFFER: u32 = 128 * 1024;
/// Head of a request, bytes.
const HEAD: usize = 16 * 1024;
const BACKLOG: u32 = 128;
/// After an error that every connection would meet, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens at `address`, or at one of the `more` ports after it. Where a system has no IPv6, `[::]` becomes
/// `0.0.0.0`.
///
/// # Errors
/// None of them can be had.
pub(crate) fn bind(address: SocketAddr, more: u16) -> Result<TcpListener, RemoteError> {
    let mut result = bind_one(address);
    for port in (address.port()..).skip(1).take(usize::from(more)) {
        match &result {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                result = bind_one(SocketAddr::new(address.ip(), port));
            }
            _ => break,
        }
    }
    result.map_err(|why| RemoteError::Listen { address, why })
}

fn bind_one(address: SocketAddr) -> io::Result<TcpListener> {
    match bind_exactly(address) {
        Err(error)
            if address.ip().is_unspecified()
                && address.is_ipv6()
                && error.kind() != io::ErrorKind::AddrInUse =>
        {
            bind_exactly(SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), address.port()))
        }
        result => result,
    }
}

fn bind_exactly(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // On Unix it lets a restarted unit listen again at once; on Windows it would let others listen too.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// How many connections there are, by machine.
#[derive(Default)]
pub(crate) struct Crowd(Mutex<HashMap<IpAddr, usize>>);

/// One place in the crowd; free again when dropped.
struct Place(Arc<Crowd>, IpAddr);

impl Crowd {
    fn enter(self: &Arc<Self>, from: IpAddr) -> Option<Place> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.get(&from).copied().unwrap_or(0);
        // This machine's own programs are many phones at once: tests, and a proxy of its owner.
        let most_of_one = if from.is_loopback() { MOST } else { MOST_OF_ONE };
        if all.values().sum::<usize>() >= MOST || own >= most_of_one {
            return None;
        }
        all.insert(from, own + 1);
        Some(Place(Arc::clone(self), from))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = all.get_mut(&self.1) {
            *own -= 1;
            if *own == 0 {
                all.remove(&self.1);
            }
        }
    }
}

/// What serves connections.
#[derive(Clone)]
pub(crate) struct Desk {
    pub server: Arc<Server>,
    pub router: Router,
    pub crowd: Arc<Crowd>,
}

/// Takes connections as long as the server runs.
pub(crate) async fn accept(desk: Desk, listener: TcpListener, tls: Option<watch::Receiver<TlsAcceptor>>) {
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::debug!(%error, "a connection was not taken");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let Some(place) = desk.crowd.enter(peer.ip().to_canonical()) else {
            tracing::debug!(%peer, "too many connections");
            continue;
        };
        let desk = desk.clone();
        let tls = tls.as_ref().map(|tls| tls.borrow().clone());
        tokio::spawn(async move {
            serve(desk, stream, peer, tls).await;
            drop(place);
        });
    }
}

async fn serve(desk: Desk, stream: TcpStream, peer: SocketAddr, tls: Option<TlsAcceptor>) {
    let Ok(local) = stream.local_addr() else { return };
    // A command is one small packet that must not wait for company.
    let _ = stream.set_nodelay(true);
    let door = Door { is_secure: tls.is_some(), local, peer };
    let stream = Patient::new(stream, PATIENCE);
    match tls {
        None => talk(desk, stream, door).await,
        Some(tls) => match tokio::time::timeout(GREETING_WITHIN, tls.accept(stream)).await {
            Ok(Ok(stream)) => talk(desk, stream, door).await,
            Ok(Err(error)) => tracing::debug!(%error, %peer, "no TLS"),
            Err(_) => tracing::debug!(%peer, "TLS took too long"),
        },
    }
}

async fn talk(desk: Desk, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, door: Door) {
    let service = service_fn(move |request: Request<Incoming>| {
        let desk = desk.clone();
        async move { Ok::<_, Infallible>(answer(&desk, door, request.map(Body::new)).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Every answer goes through here, and so does every check that no route may leave out.
async fn answer(desk: &Desk, door: Door, request: Request<Body>) -> Answer {
    let (parts, body) = request.into_parts();
    let (mut answer, host) = match guard::check(&door, &desk.server.hosts, &parts) {
        Ok(host) => {
            let mut request = Request::from_parts(parts, body);
            request.extensions_mut().insert(door);
            let answer = match desk.router.clone().oneshot(request).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            (answer, host)
        }
        Err(refused) => (refused.answer(), door.local.to_string()),
    };
    protect(answer.headers_mut(), door.is_secure, &host);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_machine_does_not_take_all_places() {
        let crowd = Arc::new(Crowd::default());
        let one = IpAddr::from([192, 168, 1, 5]);
        let places: Vec<Place> = (0..MOST_OF_ONE).map(|_| crowd.enter(one).unwrap()).collect();
        assert!(crowd.enter(one).is_none());
        let other: Vec<Place> =
            (0..MOST - MOST_OF_ONE).map(|_| crowd.enter([127, 0, 0, 1].into()).unwrap()).collect();
        assert!(crowd.enter([10, 0, 0, 1].into()).is_none());
        drop((places, other));
        assert!(crowd.enter(one).is_some());
        assert!(crowd.0.lock().unwrap().is_empty());
    }

    #[test]
    fn the_next_free_port_is_taken_only_if_allowed() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let _entered = runtime.enter();
        let first = bind("127.0.0.1:0".parse().unwrap(), 0).unwrap();
        let taken = first.local_addr().unwrap();
        assert!(matches!(bind(taken, 0), Err(RemoteError::Listen { .. })));
        let next = bind(taken, 20).unwrap().local_addr().unwrap();
        assert!(next.port() > taken.port() && next.port() <= taken.port() + 20);
    }
}
