//! When it is over: the system asks by a signal, or the stereo has ended by itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use firmware_app::AppHandle;
use hal::ScreenWaker;

/// How often it is checked that the stereo still runs.
const CHECK: Duration = Duration::from_secs(1);

/// Asked to end, or not yet.
pub struct Ending {
    is_asked: AtomicBool,
    /// For who waits with nothing else to do.
    door: (Mutex<()>, Condvar),
    /// For who draws meanwhile.
    waker: OnceLock<ScreenWaker>,
}

impl Ending {
    /// Asked by SIGTERM, SIGINT or SIGHUP.
    ///
    /// # Errors
    /// The system does not let us handle them.
    pub fn on_signals() -> Result<Arc<Self>, ctrlc::Error> {
        let ending = Arc::new(Self {
            is_asked: AtomicBool::new(false),
            door: (Mutex::new(()), Condvar::new()),
            waker: OnceLock::new(),
        });
        let asked = Arc::clone(&ending);
        ctrlc::set_handler(move || asked.ask())?;
        Ok(ending)
    }

    fn ask(&self) {
        self.is_asked.store(true, Ordering::SeqCst);
        let (lock, door) = &self.door;
        // Taken, so that who has just looked and found nothing sleeps already.
        drop(lock.lock().unwrap_or_else(PoisonError::into_inner));
        door.notify_all();
        if let Some(wake) = self.waker.get() {
            wake();
        }
    }

    /// Whether the system has asked.
    pub fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::SeqCst)
    }

    /// Whether it is over, for whichever reason.
    pub fn is_over(&self, app: &AppHandle) -> bool {
        self.is_asked() || !app.is_running()
    }

    /// Wakes who draws when it is asked.
    pub fn wakes(&self, waker: ScreenWaker) {
        // A second screen would be one too many; there is none.
        let _ = self.waker.set(waker);
    }

    /// Sleeps until it is over.
    pub fn wait_for(&self, app: &AppHandle) {
        let (lock, door) = &self.door;
        let mut guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
        while !self.is_over(app) {
            guard = door.wait_timeout(guard, CHECK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
