//! Telling how the unit is used, where its owner wishes: now and then, and again until it is taken.

use std::sync::Arc;

use protocol::cloud::{UsageBatch, UsageTaken};
use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;

use super::desk::{Desk, today};
use super::trouble::Trouble;

/// Sends what waits, every few minutes while the link is there.
pub(crate) async fn run(desk: Arc<Desk>) {
    let mut ticks = tokio::time::interval(desk.pace.usage);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if !*desk.online.borrow() || !desk.account().wants_usage {
            continue;
        }
        match send(&desk).await {
            Ok(()) => {}
            Err(Trouble::NotPaired) => desk.has_no_owner(false).await,
            Err(trouble) => {
                tracing::info!(%trouble, "counts are not taken");
                if let Some(wait) = trouble.wait() {
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }
}

async fn send(desk: &Desk) -> Result<(), Trouble> {
    let caller = desk.caller().await?;
    loop {
        let rows = {
            let mut ledger = desk.ledger();
            ledger.expire(today());
            ledger.seal()
        };
        if rows.is_empty() {
            return Ok(());
        }
        // What is sent must be known to have been sent, whatever becomes of the unit meanwhile.
        let (told, stored) = oneshot::channel();
        desk.store_usage(Box::new(move |is_stored| {
            // Whoever waits for it may be gone by now.
            let _ = told.send(is_stored);
        }));
        if stored.await != Ok(true) {
            return Ok(());
        }
        let batch = UsageBatch { events: rows.iter().map(crate::store::UsageRow::event).collect() };
        let _taken: UsageTaken = caller.ask("/api/usage", &batch).await?;
        desk.ledger().taken(&rows);
        desk.store_usage(Box::new(|_| {}));
        desk.report_usage();
    }
}
