//! The listener: one thread, few connections, gone when the server is dropped.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::connection;
use super::login::Gate;
use super::options::MpdOptions;
use super::unit::{Unit, lock};
use crate::app::AppHandle;

/// Most clients at a time; the next one is let go at once.
const CONNECTIONS: usize = 16;
/// When all places are taken, a client that said nothing for so long gives its own to the next one: it may
/// long be out of reach, and a client that waits never has to say anything.
const FADED: Duration = Duration::from_secs(120);
/// A pause after the system refused a connection, so that it is not asked in a circle.
const BREATH: Duration = Duration::from_millis(200);

/// The server could not start.
#[derive(Debug, thiserror::Error)]
pub enum MpdError {
    /// The address is taken or not this machine's.
    #[error("the MPD server cannot listen at {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The system gives no thread.
    #[error("the system gives no thread for the MPD server: {0}")]
    Thread(#[from] std::io::Error),
}

/// The server; it ends when this is dropped.
#[derive(Debug)]
pub struct MpdServer {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl MpdServer {
    /// Starts to listen.
    ///
    /// # Errors
    /// The address cannot be had, or the system gives no thread.
    pub fn start(app: AppHandle, options: &MpdOptions) -> Result<Self, MpdError> {
        let listen = || {
            let listener = std::net::TcpListener::bind(options.address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) = listen().map_err(|error| MpdError::Listen(options.address, error))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let gate = Gate::new(options.password.as_deref());
        let thread = std::thread::Builder::new().name("mpd".into()).spawn(move || {
            let unit = Arc::new(Unit::new(app, gate));
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, unit) => {}
                    _ = stopped => {}
                }
            });
            // Pictures that are being made are not waited for.
            runtime.shutdown_background();
        })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens; with the port the system chose, if it was asked to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for MpdServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the MPD server has panicked");
        }
    }
}

async fn serve(listener: std::net::TcpListener, unit: Arc<Unit>) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "the MPD server does not listen");
            return;
        }
    };
    let seats = Seats::default();
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                let Some(heard) = seats.take() else {
                    tracing::debug!(%address, "too many MPD clients");
                    continue;
                };
                let unit = Arc::clone(&unit);
                let seat = Arc::clone(&heard);
                let task = tokio::spawn(async move {
                    let ended = connection::serve(stream, address.ip(), &unit, &heard).await;
                    tracing::debug!(%address, ?ended, "an MPD client is gone");
                });
                seats.sit(seat, task.abort_handle());
            }
            Err(error) => {
                tracing::debug!(%error, "no MPD connection");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// When a client was heard last.
#[derive(Debug)]
pub(super) struct Heard(Mutex<Instant>);

impl Heard {
    pub fn now(&self) {
        *lock(&self.0) = Instant::now();
    }
}

/// Who is connected.
#[derive(Debug, Default)]
struct Seats(Mutex<Vec<(Arc<Heard>, AbortHandle)>>);

impl Seats {
    /// A place for one more client, if there is one or one can be had.
    fn take(&self) -> Option<Arc<Heard>> {
        let mut seats = lock(&self.0);
        seats.retain(|(_, task)| !task.is_finished());
        if seats.len() >= CONNECTIONS {
            let heard = |seat: &(Arc<Heard>, AbortHandle)| *lock(&seat.0.0);
            let oldest = (0..seats.len()).min_by_key(|at| seats.get(*at).map(heard))?;
            if heard(seats.get(oldest)?).elapsed() < FADED {
                return None;
            }
            seats.remove(oldest).1.abort();
        }
        Some(Arc::new(Heard(Mutex::new(Instant::now()))))
    }

    fn sit(&self, heard: Arc<Heard>, task: AbortHandle) {
        lock(&self.0).push((heard, task));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_had_from_who_is_silent_longest() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let seats = Seats::default();
        let sit = || {
            let heard = seats.take()?;
            let task = runtime.spawn(std::future::pending::<()>());
            seats.sit(Arc::clone(&heard), task.abort_handle());
            Some(heard)
        };
        let all: Vec<Arc<Heard>> = (0..CONNECTIONS).map(|_| sit().unwrap()).collect();
        assert!(sit().is_none(), "everybody was heard a moment ago");
        let Some(long_ago) = Instant::now().checked_sub(2 * FADED) else { return };
        *lock(&all[3].0) = long_ago;
        assert!(sit().is_some());
        assert_eq!(lock(&seats.0).len(), CONNECTIONS);
        assert!(sit().is_none());
        all[3].now();
    }
}
