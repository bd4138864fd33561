//! The link's thread: starting it, what the unit's pages ask of it, and its end.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use super::backoff::{Backoff, chance};
use super::config::{CloudConfig, CloudError};
use super::desk::Desk;
use super::pairing::Driver;
use super::{link, pairing, presets, usage};
use crate::app::AppHandle;
use crate::cloud_desk::{CloudReport, CloudRequest, LinkState, Pairing};
use crate::remote::give_way;

/// How often it is looked whether the stereo has ended.
const LOOK: Duration = Duration::from_millis(500);
/// The cloud is told that the unit was unlinked; the first wait before another try is at most this.
const LEAVE_AGAIN: Duration = Duration::from_secs(30);

/// The running link; it ends when dropped.
pub struct Cloud {
    requests: mpsc::UnboundedSender<CloudRequest>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Cloud {
    /// Starts the link of a stereo. It returns at once, whether there is a network or not.
    ///
    /// # Errors
    /// The certificates cannot be read, or the system gives no thread.
    pub fn start(app: &AppHandle, config: CloudConfig) -> Result<Self, CloudError> {
        let desk = Arc::new(Desk::new(app.clone(), config)?);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            // Names are looked up by one.
            .max_blocking_threads(2)
            .thread_keep_alive(Duration::from_secs(2))
            .thread_name("cloud-helper")
            .build()
            .map_err(CloudError::Thread)?;
        let (stop, stopped) = oneshot::channel();
        let (requests, asked) = mpsc::unbounded_channel();
        let work = move || serve(runtime, desk, asked, stopped);
        let thread =
            std::thread::Builder::new().name("cloud".into()).spawn(work).map_err(CloudError::Thread)?;
        Ok(Self { requests, stop: Some(stop), thread: Some(thread) })
    }

    /// Asks what the unit's own pages ask for.
    pub fn ask(&self, request: CloudRequest) {
        // A link that has ended needs to know nothing.
        let _ = self.requests.send(request);
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the link to the cloud has panicked");
        }
    }
}

impl std::fmt::Debug for Cloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cloud").finish_non_exhaustive()
    }
}

fn serve(
    runtime: Runtime,
    desk: Arc<Desk>,
    asked: mpsc::UnboundedReceiver<CloudRequest>,
    stopped: oneshot::Receiver<()>,
) {
    give_way();
    runtime.block_on(async {
        let mut clerk = Clerk { desk: Arc::clone(&desk), pairing: None, leaving: None };
        let of_unit = desk.app.cloud_requests();
        desk.begin();
        if desk.account().leaving {
            clerk.leave();
        }
        tokio::spawn(link::run(Arc::clone(&desk)));
        tokio::spawn(presets::run(Arc::clone(&desk)));
        tokio::spawn(usage::run(Arc::clone(&desk)));
        clerk.look_after(of_unit, asked, stopped).await;
        desk.report(CloudReport::Pairing(Pairing::None));
        desk.report(CloudReport::Link(LinkState::Off));
    });
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
}

/// Carries out what is asked.
struct Clerk {
    desk: Arc<Desk>,
    pairing: Option<mpsc::UnboundedSender<Driver>>,
    leaving: Option<AbortHandle>,
}

impl Clerk {
    async fn look_after(
        &mut self,
        mut of_unit: mpsc::UnboundedReceiver<CloudRequest>,
        mut asked: mpsc::UnboundedReceiver<CloudRequest>,
        mut stopped: oneshot::Receiver<()>,
    ) {
        let mut looks = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                _ = &mut stopped => return,
                Some(request) = of_unit.recv() => self.carry_out(request).await,
                Some(request) = asked.recv() => self.carry_out(request).await,
                _ = looks.tick() => {
                    if !self.desk.app.is_running() {
                        return;
                    }
                }
            }
        }
    }

    async fn carry_out(&mut self, request: CloudRequest) {
        match request {
            CloudRequest::Pair => self.pair(),
            CloudRequest::CancelPairing => self.tell_pairing(Driver::Leaves),
            CloudRequest::Answer { accept } => {
                self.desk.report(CloudReport::Pairing(Pairing::Answered));
                self.tell_pairing(Driver::Says(accept));
            }
            CloudRequest::Unlink => {
                self.desk.has_no_owner(true).await;
                self.leave();
            }
            CloudRequest::SetUsage { on } => self.desk.set_usage(on).await,
            CloudRequest::Count(counts) => self.desk.count(&counts),
            CloudRequest::PresetsChanged => self.desk.changed.notify_one(),
        }
    }

    /// Begins a pairing, unless one is under way or the unit has an owner.
    fn pair(&mut self) {
        let is_under_way = self.pairing.as_ref().is_some_and(|pairing| !pairing.is_closed());
        if is_under_way || *self.desk.paired.borrow() {
            return;
        }
        // It would undo what is about to be done.
        if let Some(leaving) = self.leaving.take() {
            leaving.abort();
        }
        let (sender, driver) = mpsc::unbounded_channel();
        self.pairing = Some(sender);
        self.desk.report(CloudReport::Pairing(Pairing::Begins));
        tokio::spawn(pairing::run(Arc::clone(&self.desk), driver));
    }

    /// While no pairing is under way, the page must not wait for one.
    fn tell_pairing(&mut self, said: Driver) {
        let is_told = self.pairing.as_ref().is_some_and(|pairing| pairing.send(said).is_ok());
        if !is_told {
            self.desk.report(CloudReport::Pairing(Pairing::None));
        }
    }

    /// Tells the cloud that the unit was unlinked, until it knows.
    fn leave(&mut self) {
        let desk = Arc::clone(&self.desk);
        let task = tokio::spawn(async move {
            let mut backoff = Backoff::new(LEAVE_AGAIN);
            loop {
                let left = match desk.caller().await {
                    Ok(caller) => desk.leave(&caller).await,
                    Err(trouble) => Err(trouble),
                };
                let Err(trouble) = left else { return };
                let wait = backoff.next(chance()).max(trouble.wait().unwrap_or_default());
                tokio::time::sleep(wait).await;
            }
        });
        self.leaving = Some(task.abort_handle());
    }
}
