//! Playing, volume, modes, and looking for new music.

use protocol::{Command, Repeat, ReplayGain, TransportState};

use super::ack::{Ack, Code, Failure};
use super::args;
use super::commands::{Cx, misplaced};
use super::queue::place_of;
use super::unit::{Now, Unit};
use crate::percent;
use crate::state::QueueEdit;

pub(super) async fn run(cx: &mut Cx<'_>, name: &str, args: &[String]) -> Result<(), Failure> {
    let unit = cx.unit;
    let first = args.first().map(String::as_str);
    let given = first.unwrap_or_default();
    match name {
        "play" | "playid" | "pause" | "stop" | "next" | "previous" => transport(unit, name, first).await?,
        "seek" | "seekid" | "seekcur" => seek(unit, name, args).await?,
        "setvol" | "volume" => set_volume(unit, name, given).await?,
        "random" => unit.request(Command::SetShuffle { on: args::boolean(given)? }).await?,
        "repeat" | "single" => repeat(unit, name, given).await?,
        "consume" if !args::boolean(given)? => {}
        "crossfade" if args::number(given)? == 0 => {}
        "mixrampdb" if args::seconds(given)? == 0.0 => {}
        "mixrampdelay" if given == "nan" || args::seconds(given)? < 0.0 => {}
        "consume" | "crossfade" | "mixrampdb" | "mixrampdelay" => {
            return Err(Ack::arg(format!("{name} is not possible with this unit")).into());
        }
        "replay_gain_mode" => {
            let mode = match given {
                "off" => ReplayGain::Off,
                "track" => ReplayGain::Track,
                "album" => ReplayGain::Album,
                _ => return Err(Ack::arg("Unrecognized replay gain mode: off, track or album").into()),
            };
            unit.request(Command::SetReplayGain { mode }).await?;
        }
        "enableoutput" | "disableoutput" | "toggleoutput" => output(unit, name, given).await?,
        "clearerror" => unit.request(Command::DismissMessage).await?,
        "update" | "rescan" => {
            let job = rescan(unit, given).await?;
            cx.out.pair("updating_db", job);
        }
        _ => return Err(misplaced(name)),
    }
    Ok(())
}

fn not_playing() -> Ack {
    Ack::new(Code::PlayerSync, "Not playing")
}

async fn transport(unit: &Unit, name: &str, arg: Option<&str>) -> Result<(), Ack> {
    let now = unit.now().await?;
    let state = now.frame.snapshot.transport.state;
    // Clients say -1 for none.
    match (name, arg.filter(|arg| *arg != "-1")) {
        // With nothing to play the unit would look for music by itself; clients do not expect that.
        ("play" | "playid", None) if now.keys.is_empty() => Ok(()),
        ("play" | "playid", None) => unit.request(Command::Play).await,
        ("play", Some(place)) => {
            let key = now.key_at(args::number(place)?)?;
            unit.edit(QueueEdit::Play(key)).await.map(drop)
        }
        ("playid", Some(id)) => unit.edit(QueueEdit::Play(args::id(id)?)).await.map(drop),
        ("pause", _) if state == TransportState::Stopped => Ok(()),
        ("pause", None) => unit.request(Command::TogglePlay).await,
        ("pause", Some(on)) => {
            unit.request(if args::boolean(on)? { Command::Pause } else { Command::Play }).await
        }
        ("stop", _) => unit.edit(QueueEdit::Stop).await.map(drop),
        _ if now.keys.is_empty() || state == TransportState::Stopped => Err(not_playing()),
        ("next", _) => unit.request(Command::Next).await,
        ("previous", _) => unit.edit(QueueEdit::Previous).await.map(drop),
        _ => Err(Ack::arg("Bad argument")),
    }
}

async fn seek(unit: &Unit, name: &str, args: &[String]) -> Result<(), Ack> {
    let now = unit.now().await?;
    let (first, second) = (args.first().map_or("", String::as_str), args.get(1).map_or("", String::as_str));
    let (key, to_s) = match name {
        "seek" => (now.key_at(args::number(first)?)?, args::seconds(second)?),
        "seekid" => {
            let key = args::id(first)?;
            place_of(&now, key)?;
            (key, args::seconds(second)?)
        }
        _ => {
            let key = now.key().filter(|_| is_playing(&now)).ok_or_else(not_playing)?;
            let by = args::seconds(first)?;
            let is_relative = first.starts_with(['+', '-']);
            (key, if is_relative { now.frame.snapshot.transport.position_s + by } else { by })
        }
    };
    if to_s < 0.0 && name != "seekcur" {
        return Err(Ack::arg("Number is negative"));
    }
    unit.edit(QueueEdit::Seek { key, to_s: to_s.max(0.0) }).await.map(drop)
}

fn is_playing(now: &Now) -> bool {
    now.frame.snapshot.transport.state != TransportState::Stopped
}

async fn set_volume(unit: &Unit, name: &str, text: &str) -> Result<(), Ack> {
    let bad = || Ack::arg("Invalid volume value");
    let percent = match name {
        "setvol" => {
            u8::try_from(args::number(text)?).ok().filter(|percent| *percent <= 100).ok_or_else(bad)?
        }
        _ => {
            let by: i16 = text.parse().map_err(|_| Ack::arg(format!("Integer expected: {text}")))?;
            let now = i16::from(percent::to_percent(unit.frame().snapshot.volume_db));
            u8::try_from(now.saturating_add(by).clamp(0, 100)).map_err(|_| bad())?
        }
    };
    unit.request(Command::SetVolume { level: percent::to_db(percent) }).await
}

/// The unit repeats the whole queue, one song, or nothing; clients say that with two switches.
async fn repeat(unit: &Unit, name: &str, given: &str) -> Result<(), Ack> {
    let old = unit.frame().snapshot.transport.repeat;
    let mode = match (name, given, old) {
        ("single", "oneshot", _) => return Err(Ack::arg("single oneshot is not possible with this unit")),
        (_, given, _) if args::boolean(given).is_err() => {
            return Err(Ack::arg(format!("Boolean (0/1) expected: {given}")));
        }
        ("repeat", "0", _) => Repeat::Off,
        ("repeat", _, Repeat::Off) => Repeat::All,
        ("single", "1", Repeat::Off) => {
            return Err(Ack::arg("This unit cannot stop after one song; with repeat it repeats it"));
        }
        ("single", "1", _) => Repeat::One,
        ("single", "0", Repeat::One) => Repeat::All,
        _ => return Ok(()),
    };
    unit.request(Command::SetRepeat { mode }).await
}

/// There is one output. Off is muted.
async fn output(unit: &Unit, name: &str, id: &str) -> Result<(), Ack> {
    if args::number(id)? != 0 {
        return Err(Ack::no_exist("No such audio output"));
    }
    unit.request(match name {
        "enableoutput" => Command::SetMute { on: false },
        "disableoutput" => Command::SetMute { on: true },
        _ => Command::ToggleMute,
    })
    .await
}

/// Looks for new music on a medium, or on all; the number of the job.
async fn rescan(unit: &Unit, uri: &str) -> Result<u64, Ack> {
    let media = unit.media();
    let ids: Vec<String> = match uri.trim_matches('/') {
        "" => media.iter().map(|(id, _)| id.to_owned()).collect(),
        uri => vec![media.place(uri).ok_or_else(super::browse::no_directory)?.medium],
    };
    for id in ids {
        unit.request(Command::Rescan { medium: Some(id) }).await?;
    }
    Ok(super::status::job(&unit.frame().snapshot))
}
