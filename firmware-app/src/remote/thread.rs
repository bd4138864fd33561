//! The server's thread: starting it, what it does besides serving, and its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use protocol::remote::ByeCode;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_rustls::TlsAcceptor;

use super::certificate::Certificates;
use super::config::{RemoteConfig, RemoteError};
use super::listen::{Crowd, Desk, accept, bind};
use super::places::Places;
use super::routes::router;
use super::server::Server;
use crate::app::AppHandle;
use crate::remote_desk::{RemoteReport, RemoteRequest};

/// How often it is looked whether time has run out, addresses have changed, the stereo has ended.
const LOOK: Duration = Duration::from_millis(500);
/// Looks between two looks at the addresses.
const LOOKS_PER_ADDRESSES: u32 = 10;
/// Who comes and goes is told at most this often.
const TELL: Duration = Duration::from_millis(200);
/// For last words at the end.
const FAREWELL: Duration = Duration::from_millis(1_500);
/// Threads for files and pictures.
const HELPERS: usize = 2;

/// The running server; it ends when dropped.
pub struct Remote {
    http: Option<SocketAddr>,
    https: Option<SocketAddr>,
    requests: mpsc::UnboundedSender<RemoteRequest>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread serves.
struct Listeners {
    http: Option<TcpListener>,
    https: Option<(TcpListener, watch::Receiver<TlsAcceptor>)>,
}

impl Remote {
    /// Starts to serve a stereo. The addresses are bound when it returns.
    ///
    /// # Errors
    /// An address cannot be had, or the system gives no thread.
    pub fn start(app: &AppHandle, config: RemoteConfig) -> Result<Self, RemoteError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(HELPERS)
            .thread_keep_alive(Duration::from_secs(2))
            .thread_name("remote-helper")
            .build()
            .map_err(RemoteError::Thread)?;
        let (http, https) = {
            let _entered = runtime.enter();
            let bound = |at: Option<SocketAddr>| at.map(|at| bind(at, config.more_ports)).transpose();
            (bound(config.http)?, bound(config.https)?)
        };
        let at = |listener: &Option<TcpListener>| listener.as_ref().and_then(|own| own.local_addr().ok());
        let mut places = Places::new(at(&http), at(&https), &config.name, config.announce);
        let (http_at, https_at) = (places.http, places.https);
        if http_at.is_none() && https_at.is_none() {
            return Err(RemoteError::NoAddress);
        }
        let server = Arc::new(Server::new(app.clone(), &config)?);
        let https = match https {
            Some(listener) => {
                let certificates = Certificates::open(app.data_dir(), &server.phones.unit_id())?;
                let authority = certificates.authority_der().to_vec();
                // Set once: this is the only place.
                let _ = server.certificate.set(authority.into());
                Some((listener, places.certify(certificates)?))
            }
            None => None,
        };
        let (stop, stopped) = oneshot::channel();
        let (requests, asked) = mpsc::unbounded_channel();
        let work = move || serve(&runtime, server, Listeners { http, https }, places, asked, stopped);
        let thread =
            std::thread::Builder::new().name("remote".into()).spawn(work).map_err(RemoteError::Thread)?;
        Ok(Self { http: http_at, https: https_at, requests, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens without encryption.
    #[must_use]
    pub fn http(&self) -> Option<SocketAddr> {
        self.http
    }

    /// Where it listens with it.
    #[must_use]
    pub fn https(&self) -> Option<SocketAddr> {
        self.https
    }

    /// Asks what the unit's own pages ask for.
    pub fn ask(&self, request: RemoteRequest) {
        // A server that has ended needs to know nothing.
        let _ = self.requests.send(request);
    }

    /// Says good-bye to everybody and ends.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the remotes' server has panicked");
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.end();
    }
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("http", &self.http).field("https", &self.https).finish_non_exhaustive()
    }
}

/// Sound and screen come first: this thread and its helpers get less of a busy processor.
pub(crate) fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(2) {
        tracing::debug!(%error, "the priority stays as it is");
    }
}

fn serve(
    runtime: &Runtime,
    server: Arc<Server>,
    listeners: Listeners,
    mut places: Places,
    asked: mpsc::UnboundedReceiver<RemoteRequest>,
    stopped: oneshot::Receiver<()>,
) {
    give_way();
    runtime.block_on(async {
        places.tell(&server);
        places.announce(&server);
        server.invite();
        server.report_phones();
        let desk =
            Desk { server: Arc::clone(&server), router: router(&server), crowd: Arc::new(Crowd::default()) };
        if let Some(listener) = listeners.http {
            tokio::spawn(accept(desk.clone(), listener, None));
        }
        if let Some((listener, tls)) = listeners.https {
            tokio::spawn(accept(desk.clone(), listener, Some(tls)));
        }
        let hub = Arc::clone(&server);
        tokio::spawn(async move { hub.hub.run(hub.app.frames()).await });
        let spectrum = Arc::clone(&server);
        tokio::spawn(async move { spectrum.spectrum.run(&spectrum.app, spectrum.hub.frames()).await });
        look_after(&server, &mut places, asked, stopped).await;
        farewell(&server).await;
    });
}

/// What there is to do besides serving, until the end.
async fn look_after(
    server: &Server,
    places: &mut Places,
    mut asked: mpsc::UnboundedReceiver<RemoteRequest>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut of_unit = server.app.remote_requests();
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut count = 0_u32;
    let (mut told, mut must_tell) = (Instant::now(), false);
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            name = places.renamed() => places.take_name(server, &name),
            Some(request) = of_unit.recv() => server.carry_out(request),
            Some(request) = asked.recv() => server.carry_out(request),
            () = server.connections.changed() => must_tell = true,
            () = tokio::time::sleep_until(told + TELL), if must_tell => {
                (told, must_tell) = (Instant::now(), false);
                server.report_phones();
            }
            _ = looks.tick() => {
                server.time_passed();
                count = count.wrapping_add(1);
                if count.is_multiple_of(LOOKS_PER_ADDRESSES) {
                    places.look(server);
                }
                if !server.app.is_running() {
                    return;
                }
            }
        }
    }
}

/// Tells everybody that the unit ends, and gives them a moment.
async fn farewell(server: &Server) {
    server.report(RemoteReport::Enrolment(None));
    server.report(RemoteReport::Addresses(Vec::new()));
    server.connections.send_away(ByeCode::Ending, "The unit is ending.", |_| true);
    let until = Instant::now() + FAREWELL;
    while !server.connections.is_empty() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.phones.write_seen(true);
}
