//! Sounds that follow their owner: what changed here is told, what changed elsewhere is taken over.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use protocol::cloud::{PresetSync, PresetSynced};
use tokio::sync::oneshot;

use super::backoff::{Backoff, chance};
use super::desk::Desk;
use super::trouble::Trouble;
use crate::cloud_desk::CloudReport;

/// Exchanges in a row: a full account has a hundred sounds and some tombstones.
const ROUNDS: usize = 50;
/// After an exchange that failed, the first wait is at most this.
const RETRY: Duration = Duration::from_secs(10);

/// Exchanges whenever there may be something to exchange, for ever.
pub(crate) async fn run(desk: Arc<Desk>) {
    let mut online = desk.online.subscribe();
    let mut backoff = Backoff::new(RETRY);
    loop {
        tokio::select! {
            () = desk.exchange.notified() => {}
            () = desk.changed.notified() => {
                // Who changes one thing soon changes another: it is told once.
                while tokio::time::timeout(desk.pace.settle, desk.changed.notified()).await.is_ok() {}
            }
        }
        // Without a link there is no network either: it asks for an exchange when it comes.
        if online.wait_for(|is_online| *is_online).await.is_err() {
            return;
        }
        match exchange(&desk).await {
            Ok(()) => backoff = Backoff::new(RETRY),
            Err(Trouble::NotPaired) => desk.has_no_owner(false).await,
            Err(trouble) => {
                tracing::info!(%trouble, "sounds are not exchanged");
                tokio::time::sleep(trouble.wait().unwrap_or_else(|| backoff.next(chance()))).await;
                // What the cloud will never take is not told again by itself.
                if !matches!(trouble, Trouble::Refused(_) | Trouble::Nonsense(_)) {
                    desk.exchange.notify_one();
                }
            }
        }
    }
}

async fn exchange(desk: &Desk) -> Result<(), Trouble> {
    let caller = desk.caller().await?;
    for _ in 0..ROUNDS {
        if !*desk.paired.borrow() {
            return Ok(());
        }
        let (give, offered) = oneshot::channel();
        desk.app.offer_presets(move |offer| drop(give.send(offer)));
        // The stereo is ending.
        let Ok(offer) = offered.await else { return Ok(()) };
        let sync = PresetSync { since: offer.since, changes: offer.changes.clone() };
        let answer: PresetSynced = caller.ask("/api/devices/self/presets", &sync).await?;
        let has_more = answer.more || offer.more;
        for kept in &answer.kept_back {
            tracing::info!(why = kept.why, "a sound stays on this unit only");
        }
        desk.synced.store(answer.revision, Ordering::Relaxed);
        desk.report(CloudReport::Synced { sent: offer, answer });
        if !has_more {
            return Ok(());
        }
    }
    Ok(())
}
