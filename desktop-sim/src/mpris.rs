//! The stereo as a media player of the Linux desktop (MPRIS 2.2, by D-Bus): its panel shows what plays, and
//! media keys reach it. Without a session bus there is none, and nobody is told.

mod art;
mod player;
mod root;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use firmware_app::AppHandle;
use firmware_app::protocol::{Snapshot, TransportState};
use zbus::fdo::RequestNameFlags;

use art::ArtFile;
use player::{Facts, Player};
use root::Root;

const PATH: &str = "/org/mpris/MediaPlayer2";
const NAME: &str = "org.mpris.MediaPlayer2.rusty_audio";
/// A position this far from where it would have run to was jumped to.
const JUMP_S: f64 = 1.0;

/// Starts it on a thread of its own, which ends with the process or the bus. Covers are written to `folder`.
///
/// # Errors
/// The system gives no thread.
pub fn start(app: &AppHandle, folder: PathBuf) -> io::Result<()> {
    let app = app.clone();
    let serve = move || {
        if let Err(error) = zbus::block_on(serve(app, folder)) {
            tracing::debug!(%error, "not on the desktop's bus");
        }
    };
    thread::Builder::new().name("mpris".into()).spawn(serve).map(drop)
}

async fn serve(app: AppHandle, folder: PathBuf) -> zbus::Result<()> {
    let mut frames = app.frames();
    let mut art = ArtFile::new(folder);
    let first = Arc::clone(&frames.borrow_and_update());
    let facts =
        Facts { snapshot: Arc::clone(&first.snapshot), art: art.url(first.cover.as_deref()), track: 1 };
    let shared = Arc::new(Mutex::new(facts));
    let player = Player { app: app.clone(), facts: Arc::clone(&shared) };
    let connection =
        zbus::connection::Builder::session()?.serve_at(PATH, Root)?.serve_at(PATH, player)?.build().await?;
    let flags = RequestNameFlags::DoNotQueue.into();
    if connection.request_name_with_flags(NAME, flags).await.is_err() {
        let own = format!("{NAME}.instance{}", std::process::id());
        connection.request_name_with_flags(own.as_str(), flags).await?;
    }
    let player = connection.object_server().interface::<_, Player>(PATH).await?;
    let mut at = Instant::now();
    // The end of the stereo is the end of the process.
    while frames.changed().await.is_ok() {
        let frame = Arc::clone(&frames.borrow_and_update());
        let url = art.url(frame.cover.as_deref());
        let (old, new) = {
            let mut facts = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let old = facts.clone();
            facts.track += u64::from(is_other_track(&old.snapshot, &frame.snapshot));
            (facts.snapshot, facts.art) = (Arc::clone(&frame.snapshot), url);
            (old, facts.clone())
        };
        let elapsed_s = at.elapsed().as_secs_f64();
        at = Instant::now();
        player::tell(&player, &old, &new).await?;
        if old.track == new.track && has_jumped(&old.snapshot, &new.snapshot, elapsed_s) {
            Player::seeked(player.signal_emitter(), player::micros(new.snapshot.transport.position_s))
                .await?;
        }
    }
    Ok(())
}

fn is_other_track(old: &Snapshot, new: &Snapshot) -> bool {
    old.now.path != new.now.path || old.queue.index != new.queue.index
}

fn has_jumped(old: &Snapshot, new: &Snapshot, elapsed_s: f64) -> bool {
    let ran = new.transport.position_s - old.transport.position_s;
    let is_playing = old.transport.state == TransportState::Playing;
    let expected_s = if is_playing { elapsed_s } else { 0.0 };
    (ran - expected_s).abs() > JUMP_S
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_position_is_no_jump() {
        let at = |position_s, state| {
            let mut snapshot = Snapshot::default();
            (snapshot.transport.position_s, snapshot.transport.state) = (position_s, state);
            snapshot
        };
        let (playing, paused) = (TransportState::Playing, TransportState::Paused);
        assert!(!has_jumped(&at(10.0, playing), &at(14.9, playing), 5.0));
        assert!(has_jumped(&at(10.0, playing), &at(10.0, playing), 5.0));
        assert!(has_jumped(&at(10.0, playing), &at(30.0, playing), 0.3));
        assert!(!has_jumped(&at(10.0, paused), &at(10.0, paused), 500.0));
        assert!(has_jumped(&at(10.0, paused), &at(0.0, paused), 0.1));
    }
}
