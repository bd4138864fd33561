//! The MPD server of a running stereo, over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hostile;
#[path = "../rig/mod.rs"]
mod rig;
mod support;

use std::time::Duration;

use firmware_app::protocol::{Command, Decibels, MusicRef, TransportState, ViewRef};
use support::{Client, stage};

#[test]
fn music_is_browsed_queued_and_played() {
    let stage = stage(None);
    let (mut client, name) = (stage.client(), &stage.name);
    assert_eq!(client.all("lsinfo", "directory"), std::slice::from_ref(name));
    let inner = format!("{name}/inner");
    assert_eq!(client.all(&format!("lsinfo \"{name}\""), "directory"), std::slice::from_ref(&inner));
    assert_eq!(client.all("listall", "file").len(), 6);
    assert_eq!(client.all("listallinfo \"/\"", "duration").len(), 6);
    let file = format!("{name}/3.wav");
    assert_eq!(client.all("search title 3", "file"), std::slice::from_ref(&file));
    assert_eq!(
        client.all("find \"((title == '3') AND (!(title == '4')))\"", "file"),
        std::slice::from_ref(&file)
    );
    let below = format!("find \"(base '{inner}')\" sort -Title window 0:1");
    assert_eq!(client.all(&below, "Title"), ["6"]);
    assert_eq!(client.one("count title 3", "songs"), "1");
    assert_eq!(client.all("list title", "Title"), ["1", "2", "3", "4", "5", "6"]);

    client.ok(&format!("add \"{name}\""));
    assert_eq!(client.one("status", "playlistlength"), "6");
    assert_eq!(client.one("status", "state"), "stop");
    let ids = client.all("playlistinfo", "Id");
    client.ok(&format!("playid {}", ids[2]));
    assert_eq!(client.one("status", "state"), "play");
    assert_eq!(client.one("currentsong", "Id"), ids[2]);
    stage.rig.until("it plays", |now| now.transport.state == TransportState::Playing);
    client.ok("next");
    assert_eq!(client.one("status", "songid"), ids[3]);
    client.ok("previous");
    assert_eq!(client.one("status", "songid"), ids[2]);
    client.ok("seekcur 1.5");
    assert_eq!(client.one("status", "elapsed"), "1.500");
    client.ok("pause 1");
    assert_eq!(client.one("status", "state"), "pause");
    client.ok("setvol 31");
    assert_eq!(client.one("getvol", "volume"), "31");
    client.ok("stop");
    assert_eq!(client.one("status", "state"), "stop");
    assert_eq!(client.one("status", "songid"), ids[2], "the place is kept");
    assert!(client.refused("next").starts_with("ACK [55@0] {next}"));
    assert!(client.refused("play 99").starts_with("ACK [2@0] {play}"));
    assert!(client.refused("add nowhere/x.wav").starts_with("ACK [50@0] {add}"));
    assert!(client.refused("add ../../etc/passwd").starts_with("ACK [50@0] {add}"));
    assert_eq!(client.refused("dance"), "ACK [5@0] {dance} unknown command \"dance\"");
}

#[test]
fn ids_stay_while_the_queue_changes_and_changes_are_told() {
    let stage = stage(None);
    let (mut client, name) = (stage.client(), &stage.name);
    client.ok(&format!("add \"{name}\""));
    let before = client.one("status", "playlist");
    let ids = client.all("playlistinfo", "Id");
    let new = client.one(&format!("addid \"{name}/1.wav\" 1"), "Id");
    assert!(!ids.contains(&new));
    client.ok("move 0 6");
    let order = client.all("playlistinfo", "Id");
    assert_eq!(order[0], new);
    assert_eq!((order[1..6].to_vec(), order[6].clone()), (ids[1..].to_vec(), ids[0].clone()));
    assert_eq!(client.all(&format!("plchangesposid {before}"), "cpos").len(), 7);
    let version = client.one("status", "playlist");
    assert!(client.all(&format!("plchanges {version}"), "Id").is_empty());
    client.ok("swap 2 3");
    assert_eq!(client.all(&format!("plchangesposid {version}"), "cpos"), ["2", "3"]);
    assert_eq!(client.all(&format!("plchanges {version}"), "Pos"), ["2", "3"]);
    client.ok(&format!("deleteid {new}"));
    assert!(client.refused(&format!("deleteid {new}")).starts_with("ACK [50@0]"));
    assert!(client.refused(&format!("playlistid {new}")).starts_with("ACK [50@0]"));
    client.ok("delete 4:");
    assert_eq!(client.one("status", "playlistlength"), "4");
    assert!(client.refused("delete 4").starts_with("ACK [2@0]"));
    let kept = client.all("playlistinfo", "Id");
    client.ok("shuffle");
    let mut shuffled = client.all("playlistinfo", "Id");
    shuffled.sort();
    let mut sorted = kept;
    sorted.sort();
    assert_eq!(shuffled, sorted, "shuffling makes no new entries");
    client.ok("clear");
    assert!(client.all("playlistinfo", "Id").is_empty());
}

#[test]
fn playlists_of_the_unit_are_those_of_clients() {
    let stage = stage(None);
    let (mut client, name) = (stage.client(), &stage.name);
    client.ok(&format!("add \"{name}/inner\""));
    client.ok("save \"For the road\"");
    assert!(client.refused("save \"For the road\"").starts_with("ACK [56@0]"));
    assert_eq!(client.all("listplaylists", "playlist"), ["For the road"]);
    client.ok(&format!("playlistadd \"For the road\" \"{name}/1.wav\" 0"));
    let names = |client: &mut Client| client.all("listplaylistinfo \"For the road\"", "Title");
    assert_eq!(names(&mut client), ["1", "5", "6"]);
    client.ok("playlistmove \"For the road\" 0 2");
    assert_eq!(names(&mut client), ["5", "6", "1"]);
    client.ok("playlistdelete \"For the road\" 1");
    assert_eq!(names(&mut client), ["5", "1"]);
    client.ok("clear");
    client.ok("load \"For the road\"");
    assert_eq!(client.all("playlistinfo", "Title"), ["5", "1"]);
    client.ok("rename \"For the road\" Home");
    client.ok("playlistclear Home");
    assert!(client.all("listplaylist Home", "file").is_empty());
    client.ok("rm Home");
    for gone in ["rm Home", "load Home", "listplaylist Home"] {
        assert!(client.refused(gone).starts_with("ACK [50@0]"), "{gone}");
    }
    let music = Some(MusicRef::View { view: ViewRef::Tracks });
    stage.rig.command(Command::CreatePlaylist { name: "From the screen".into(), music });
    stage.rig.until("it is made", |now| now.message.contains("made"));
    assert_eq!(client.all("listplaylistinfo \"From the screen\"", "file").len(), 6);
}

#[test]
fn who_waits_is_told_what_others_change() {
    let stage = stage(None);
    let (mut waiting, mut other) = (stage.client(), stage.client());
    waiting.send(b"idle mixer\n");
    other.ok("repeat 0");
    stage.rig.command(Command::SetVolume { level: Decibels(-12.0) });
    assert_eq!(waiting.answer(), ["changed: mixer", "OK"]);
    assert_eq!(waiting.ask("idle options"), ["changed: options", "OK"], "kept until it is asked for");
    waiting.send(b"idle\n");
    std::thread::sleep(Duration::from_millis(100));
    waiting.send(b"noidle\n");
    assert_eq!(waiting.answer(), ["OK"]);
    waiting.send(b"idle playlist\n");
    other.ok(&format!("add \"{}/1.wav\"", stage.name));
    assert_eq!(waiting.answer(), ["changed: playlist", "OK"]);
    assert!(waiting.refused("idle weather").starts_with("ACK [2@0] {idle}"));
    waiting.send(b"idle sticker\nping\n");
    assert!(waiting.has_ended(), "a client that waits says noidle only");
}

#[test]
fn lists_stop_at_the_first_refusal() {
    let stage = stage(None);
    let mut client = stage.client();
    client.send(b"command_list_ok_begin\nping\nsetvol 20\nplay 7\nsetvol 40\ncommand_list_end\n");
    let answer = client.answer();
    assert_eq!(answer[..2], ["list_OK", "list_OK"]);
    assert!(answer[2].starts_with("ACK [2@2] {play}"), "{answer:?}");
    assert_eq!(client.one("getvol", "volume"), "20");
    client.send(b"command_list_begin\ngetvol\nrandom 1\ncommand_list_end\n");
    assert_eq!(client.answer(), ["volume: 20", "OK"]);
    assert_eq!(client.one("status", "random"), "1");
}

#[test]
fn modes_are_what_the_unit_can_do() {
    let stage = stage(None);
    let mut client = stage.client();
    client.ok("repeat 0");
    assert!(client.refused("single 1").contains("repeat"));
    client.ok("repeat 1");
    client.ok("single 1");
    assert_eq!((client.one("status", "repeat"), client.one("status", "single")), ("1".into(), "1".into()));
    client.ok("single 0");
    assert_eq!((client.one("status", "repeat"), client.one("status", "single")), ("1".into(), "0".into()));
    for no in
        ["consume 1", "crossfade 5", "single oneshot", "mixrampdb -17", "replay_gain_mode auto", "setvol 101"]
    {
        assert!(client.refused(no).starts_with("ACK [2@0]"), "{no}");
    }
    for yes in ["consume 0", "crossfade 0", "mixrampdelay nan", "replay_gain_mode track", "disableoutput 0"] {
        client.ok(yes);
    }
    assert_eq!(client.one("replay_gain_status", "replay_gain_mode"), "track");
    assert_eq!(client.one("outputs", "outputenabled"), "0");
    assert!(stage.rig.snapshot().volume.muted, "off is muted");
    client.ok("tagtypes clear");
    client.ok("tagtypes enable Title MUSICBRAINZ_ALBUMID");
    assert_eq!(client.all("tagtypes", "tagtype"), ["Title"]);
    let commands = client.all("commands", "command");
    assert!(commands.contains(&"status".to_owned()) && !commands.contains(&"sticker".to_owned()));
    for name in commands {
        // Every command that is named is known: with too many or too few arguments it says so.
        if !["close", "idle", "noidle"].contains(&name.as_str()) {
            let answer = client.ask(&name).pop().unwrap();
            assert!(!answer.starts_with("ACK [5@"), "{answer}");
        }
    }
}
