//! What the tasks of the link share: the account, the key, what is told to the stereo.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::Method;
use protocol::cloud::{Asker, UsageKind};
use sha2::{Digest, Sha256};
use tokio::sync::{Notify, oneshot, watch};

use super::address::Address;
use super::caller::Caller;
use super::config::{CloudConfig, CloudError, CloudListener, Pace};
use super::key::Key;
use super::ledger::Ledger;
use super::net::Dialer;
use super::trouble::Trouble;
use crate::app::AppHandle;
use crate::cloud_desk::{CloudReport, LinkState, Person};
use crate::event::Event;
use crate::letters::{Numbers, base64url};
use crate::remote::{random, unix_now};
use crate::store::{CloudAccount, Owner};

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// What the tasks share.
pub(crate) struct Desk {
    pub app: AppHandle,
    pub address: Address,
    pub name: String,
    pub model: String,
    pub pace: Pace,
    authority: Option<PathBuf>,
    listener: Option<CloudListener>,
    account: Mutex<CloudAccount>,
    caller: Mutex<Option<Arc<Caller>>>,
    ledger: Mutex<Ledger>,
    /// Whether the unit has an owner.
    pub paired: watch::Sender<bool>,
    /// Whether the link is there.
    pub online: watch::Sender<bool>,
    /// There may be sounds to exchange,
    pub exchange: Notify,
    /// and these are some that were changed on the unit just now.
    pub changed: Notify,
    /// Revision of the account's sounds that was heard of last in an exchange.
    pub synced: AtomicU64,
}

impl Desk {
    /// # Errors
    /// The certificates cannot be read.
    pub fn new(app: AppHandle, config: CloudConfig) -> Result<Self, CloudError> {
        let CloudConfig { options, name, model, pace, reports } = config;
        // Made once here, so that what is wrong with it is known at the start.
        Dialer::new(options.address.clone(), options.authority.as_deref())?;
        let (mut account, rows) = app.stored_cloud();
        if account.server != options.address.origin {
            // Another cloud does not know the unit; its key is still its own.
            account = CloudAccount { seed: account.seed, ..CloudAccount::default() };
        }
        let numbers = Numbers::new(random().unwrap_or_default());
        let is_paired = account.owner.is_some();
        Ok(Self {
            app,
            address: options.address,
            name,
            model: model.chars().filter(|c| !c.is_control()).take(40).collect(),
            pace,
            authority: options.authority,
            listener: reports,
            ledger: Mutex::new(Ledger::new(if is_paired { rows } else { Vec::new() }, numbers)),
            account: Mutex::new(account),
            caller: Mutex::default(),
            paired: watch::Sender::new(is_paired),
            online: watch::Sender::new(false),
            exchange: Notify::new(),
            changed: Notify::new(),
            synced: AtomicU64::new(0),
        })
    }

    /// Tells the stereo.
    pub fn report(&self, report: CloudReport) {
        self.app.post(Event::Cloud(report.clone()));
        // After the stereo: who hears of it may ask the stereo at once.
        if let Some(listener) = &self.listener {
            listener(&report);
        }
    }

    /// Tells whose the unit is, and with it where its remote is at the cloud.
    fn tell_owner(&self, owner: Option<&Owner>) {
        let way = owner.map(|owner| self.address.url(&format!("/stereo/{}/", owner.device_id)));
        self.app.set_ways(|ways| ways.cloud = way);
        self.report(CloudReport::Owner(owner.map(person)));
    }

    /// Tells the stereo how everything stands at the start, and counts the start.
    pub fn begin(&self) {
        self.report(CloudReport::Server(self.address.authority.clone()));
        let account = self.account();
        self.tell_owner(account.owner.as_ref());
        if account.owner.is_some() {
            self.report(CloudReport::Link(LinkState::Connecting));
        }
        self.count(&[(UsageKind::Starts, 1)]);
        self.report_usage();
    }

    /// The account as it is.
    pub fn account(&self) -> CloudAccount {
        lock(&self.account).clone()
    }

    /// Changes the account; true once it is on the disk.
    pub async fn change(&self, change: impl FnOnce(&mut CloudAccount)) -> bool {
        let account = {
            let mut account = lock(&self.account);
            change(&mut account);
            account.clone()
        };
        let (told, stored) = oneshot::channel();
        self.app.store_account(
            account,
            Box::new(move |is_stored| {
                // Whoever waits for it may be gone by now.
                let _ = told.send(is_stored);
            }),
        );
        stored.await == Ok(true)
    }

    /// Who speaks to the cloud as this unit. Its key is made when it is needed first.
    pub async fn caller(&self) -> Result<Arc<Caller>, Trouble> {
        if let Some(caller) = &*lock(&self.caller) {
            return Ok(Arc::clone(caller));
        }
        let seed = match self.account().seed {
            Some(seed) => seed,
            None => {
                let seed = random().map_err(|error| Trouble::NoKey(error.to_string()))?;
                // A key that is gone with the ignition would make the unit a stranger to its owner.
                if !self.change(|account| account.seed = Some(seed)).await {
                    lock(&self.account).seed = None;
                    return Err(Trouble::NoKey("it cannot be stored".into()));
                }
                seed
            }
        };
        let dialer = Dialer::new(self.address.clone(), self.authority.as_deref())
            .map_err(|error| Trouble::Unreachable(error.to_string()))?;
        let caller = Arc::new(Caller::new(dialer, Key::from_seed(&seed)?));
        Ok(Arc::clone(lock(&self.caller).get_or_insert(caller)))
    }

    /// The unit has an owner now; false if that cannot be stored.
    pub async fn has_owner(&self, device_id: String, asker: Asker) -> bool {
        let owner = Owner { device_id, name: asker.name, email: asker.email };
        let mark = self.mark(owner.email.as_ref());
        let is_new = mark.is_empty() || mark != self.account().account;
        if is_new {
            self.report(CloudReport::NewAccount);
        }
        let server = self.address.origin.clone();
        let named = owner.clone();
        let is_stored = self
            .change(|account| {
                (account.server, account.owner, account.leaving) = (server, Some(named), false);
                account.account = mark;
            })
            .await;
        self.tell_owner(Some(&owner));
        self.report(CloudReport::Link(LinkState::Connecting));
        self.paired.send_replace(true);
        is_stored
    }

    /// The cloud says whose the unit is: the same as before, or somebody it was handed to.
    pub async fn owner_is(&self, device_id: String, asker: Asker) {
        let owner = Owner { device_id, name: asker.name, email: asker.email };
        let account = self.account();
        if account.owner.is_none() || account.owner.as_ref() == Some(&owner) {
            return;
        }
        let mark = self.mark(owner.email.as_ref());
        let is_other = mark.is_empty() || mark != account.account;
        if is_other {
            // Nothing of one account gets into another.
            self.report(CloudReport::NewAccount);
            lock(&self.ledger).forget();
            self.store_usage(Box::new(|_| {}));
        }
        self.tell_owner(Some(&owner));
        self.change(|account| {
            (account.owner, account.account) = (Some(owner), mark);
            account.wants_usage &= !is_other;
        })
        .await;
        self.report_usage();
    }

    /// Tells the cloud that the unit is nobody's.
    ///
    /// # Errors
    /// It does not know it now.
    pub async fn leave(&self, caller: &Caller) -> Result<(), Trouble> {
        match caller.call(Method::DELETE, "/api/devices/self", Bytes::new()).await {
            // It knows, or never knew.
            Ok(_) | Err(Trouble::NotPaired | Trouble::Refused(_)) => {}
            Err(trouble) => return Err(trouble),
        }
        self.change(|account| account.leaving = false).await;
        Ok(())
    }

    /// What an account is recognised by when the unit comes back to it; empty: not at all.
    fn mark(&self, email: Option<&String>) -> String {
        let Some(email) = email else { return String::new() };
        let hash = Sha256::new().chain_update(&self.address.origin).chain_update([0]).chain_update(email);
        base64url(&hash.finalize())
    }

    /// The unit is nobody's any more. `leaving`: the cloud does not know it yet.
    pub async fn has_no_owner(&self, leaving: bool) {
        self.paired.send_replace(false);
        lock(&self.ledger).forget();
        self.store_usage(Box::new(|_| {}));
        self.change(|account| {
            (account.owner, account.leaving, account.wants_usage) = (None, leaving, false);
            account.name.clear();
        })
        .await;
        self.report(CloudReport::Link(LinkState::Off));
        self.tell_owner(None);
        self.report_usage();
    }

    /// The link has come or gone.
    pub fn link_is(&self, link: LinkState) {
        self.online.send_replace(link == LinkState::Online);
        self.report(CloudReport::Link(link));
    }

    /// The owner wishes to tell how the unit is used, or no longer; what waits is then forgotten.
    pub async fn set_usage(&self, on: bool) {
        if self.account().owner.is_none() {
            return;
        }
        self.change(|account| account.wants_usage = on).await;
        if !on {
            lock(&self.ledger).forget();
            self.store_usage(Box::new(|_| {}));
        }
        self.report_usage();
    }

    /// Counts, if anybody wishes to know.
    pub fn count(&self, counts: &[(UsageKind, u32)]) {
        let account = self.account();
        if !account.wants_usage || account.owner.is_none() {
            return;
        }
        let today = today();
        {
            let mut ledger = lock(&self.ledger);
            ledger.expire(today);
            for (kind, amount) in counts {
                ledger.count(today, *kind, *amount);
            }
        }
        self.store_usage(Box::new(|_| {}));
        self.report_usage();
    }

    /// The counts, for whoever sends them.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// Stores the counts; `stored` is told whether they are on the disk.
    pub fn store_usage(&self, stored: Box<dyn FnOnce(bool) + Send>) {
        let rows = lock(&self.ledger).rows();
        self.app.store_usage(rows, stored);
    }

    pub fn report_usage(&self) {
        let wanted = self.account().wants_usage;
        let pending = lock(&self.ledger).lines();
        self.report(CloudReport::Usage { wanted, pending });
    }

    /// The account's sounds are at this revision.
    pub fn presets_are_at(&self, revision: u64) {
        if revision != self.synced.load(Ordering::Relaxed) {
            self.exchange.notify_one();
        }
    }
}

/// The day by the system's clock, since 1970-01-01.
pub(crate) fn today() -> u32 {
    u32::try_from(unix_now().div_euclid(DAY_S)).unwrap_or(0)
}

pub(crate) fn person(owner: &Owner) -> Person {
    Person { name: owner.name.clone(), email: owner.email.clone() }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
