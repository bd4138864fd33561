//! How the unit stands.

use protocol::{Repeat, ReplayGain, Snapshot, TransportState};

use super::ack::Failure;
use super::commands::{Cx, misplaced};
use super::write;
use crate::percent;

pub(super) async fn run(cx: &mut Cx<'_>, name: &str) -> Result<(), Failure> {
    match name {
        "status" => status(cx).await,
        "currentsong" => current(cx).await,
        "stats" => stats(cx).await,
        "getvol" => {
            cx.out.pair("volume", percent::to_percent(cx.unit.frame().snapshot.volume_db));
            Ok(())
        }
        "outputs" => {
            let is_on = !cx.unit.frame().snapshot.volume.muted;
            cx.out.pair("outputid", 0);
            cx.out.pair("outputname", "Rusty Audio");
            cx.out.pair("plugin", "rusty_audio");
            cx.out.pair("outputenabled", u8::from(is_on));
            Ok(())
        }
        "replay_gain_status" => {
            let mode = match cx.unit.frame().snapshot.sound.replay_gain {
                ReplayGain::Off => "off",
                ReplayGain::Track => "track",
                ReplayGain::Album => "album",
            };
            cx.out.pair("replay_gain_mode", mode);
            Ok(())
        }
        _ => Err(misplaced(name)),
    }
}

/// Number of the scan that runs or ran last.
pub(super) fn job(snapshot: &Snapshot) -> u64 {
    snapshot.library.revision + 1
}

async fn status(cx: &mut Cx<'_>) -> Result<(), Failure> {
    let now = cx.unit.now().await?;
    let (out, snapshot) = (&mut *cx.out, &now.frame.snapshot);
    let (transport, repeat) = (&snapshot.transport, snapshot.transport.repeat);
    out.pair("volume", percent::to_percent(snapshot.volume_db));
    out.pair("repeat", u8::from(repeat != Repeat::Off));
    out.pair("random", u8::from(transport.shuffle));
    out.pair("single", u8::from(repeat == Repeat::One));
    out.pair("consume", 0);
    out.pair("partition", "default");
    out.pair("playlist", now.version);
    out.pair("playlistlength", now.keys.len());
    out.pair("mixrampdb", 0);
    let state = match transport.state {
        TransportState::Playing => "play",
        TransportState::Paused if !now.keys.is_empty() => "pause",
        _ => "stop",
    };
    out.pair("state", state);
    if let Some((place, key)) = now.place().zip(now.key()) {
        out.pair("song", place);
        out.pair("songid", key);
        if state != "stop" {
            let elapsed_s = transport.position_s;
            let duration_s = snapshot.now.duration_s;
            out.pair("time", format_args!("{:.0}:{:.0}", elapsed_s.floor(), duration_s.unwrap_or(0.0)));
            out.pair("elapsed", format_args!("{elapsed_s:.3}"));
            if let Some(duration_s) = duration_s {
                out.pair("duration", format_args!("{duration_s:.3}"));
            }
        }
        let next = match repeat {
            Repeat::One => Some(place),
            _ if place + 1 < now.keys.len() => Some(place + 1),
            Repeat::All => Some(0),
            Repeat::Off => None,
        };
        if let Some((place, key)) = next.and_then(|place| Some((place, now.keys.get(place)?))) {
            out.pair("nextsong", place);
            out.pair("nextsongid", key);
        }
    }
    if snapshot.library.scanning.is_some() {
        out.pair("updating_db", job(snapshot));
    }
    Ok(())
}

async fn current(cx: &mut Cx<'_>) -> Result<(), Failure> {
    let now = cx.unit.now().await?;
    if let Some(place) = now.place() {
        let media = cx.unit.media();
        for entry in cx.unit.queue(place, 1).await? {
            write::entry(cx.out, &media, cx.client.tags, &entry);
        }
    }
    Ok(())
}

async fn stats(cx: &mut Cx<'_>) -> Result<(), Failure> {
    let totals = cx.unit.totals().await?;
    cx.out.pair("artists", totals.artists);
    cx.out.pair("albums", totals.albums);
    cx.out.pair("songs", totals.tracks);
    cx.out.pair("uptime", cx.unit.started.elapsed().as_secs());
    if let Some(scanned_s) = totals.scanned_s {
        cx.out.pair("db_update", scanned_s);
    }
    Ok(())
}
