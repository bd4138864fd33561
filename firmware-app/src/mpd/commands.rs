//! Every command: its name, how many arguments it takes, and who carries it out.

use super::ack::{Ack, Code, Failure};
use super::client::Client;
use super::out::Out;
use super::unit::Unit;
use super::{art, browse, edit, find, playback, playlists, queue, reflect, status, tag_lists};

/// What a command works with.
pub(super) struct Cx<'a> {
    pub unit: &'a Unit,
    pub client: &'a mut Client,
    pub out: &'a mut Out,
}

/// Who carries it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Art,
    Browse,
    Edit,
    Find,
    Playback,
    Playlists,
    Queue,
    Reflect,
    Status,
    TagLists,
}

/// More arguments than any command is given.
const MANY: usize = 128;

/// Name, fewest and most arguments, room; by name.
const COMMANDS: [(&str, usize, usize, Room); 93] = [
    ("add", 1, 2, Room::Edit),
    ("addid", 1, 2, Room::Edit),
    ("albumart", 2, 2, Room::Art),
    ("binarylimit", 1, 1, Room::Reflect),
    ("clear", 0, 0, Room::Edit),
    ("clearerror", 0, 0, Room::Playback),
    ("close", 0, MANY, Room::Reflect),
    ("commands", 0, 0, Room::Reflect),
    ("consume", 1, 1, Room::Playback),
    ("count", 0, MANY, Room::TagLists),
    ("crossfade", 1, 1, Room::Playback),
    ("currentsong", 0, 0, Room::Status),
    ("decoders", 0, 0, Room::Reflect),
    ("delete", 1, 1, Room::Edit),
    ("deleteid", 1, 1, Room::Edit),
    ("disableoutput", 1, 1, Room::Playback),
    ("enableoutput", 1, 1, Room::Playback),
    ("find", 1, MANY, Room::Find),
    ("findadd", 1, MANY, Room::Find),
    ("getvol", 0, 0, Room::Status),
    ("list", 1, MANY, Room::TagLists),
    ("listall", 0, 1, Room::Browse),
    ("listallinfo", 0, 1, Room::Browse),
    ("listfiles", 0, 1, Room::Browse),
    ("listpartitions", 0, 0, Room::Reflect),
    ("listplaylist", 1, 1, Room::Playlists),
    ("listplaylistinfo", 1, 1, Room::Playlists),
    ("listplaylists", 0, 0, Room::Playlists),
    ("load", 1, 3, Room::Playlists),
    ("lsinfo", 0, 1, Room::Browse),
    ("mixrampdb", 1, 1, Room::Playback),
    ("mixrampdelay", 1, 1, Room::Playback),
    ("move", 2, 2, Room::Edit),
    ("moveid", 2, 2, Room::Edit),
    ("next", 0, 0, Room::Playback),
    ("notcommands", 0, 0, Room::Reflect),
    ("outputs", 0, 0, Room::Status),
    ("partition", 1, 1, Room::Reflect),
    ("password", 1, 1, Room::Reflect),
    ("pause", 0, 1, Room::Playback),
    ("ping", 0, 0, Room::Reflect),
    ("play", 0, 1, Room::Playback),
    ("playid", 0, 1, Room::Playback),
    ("playlist", 0, 0, Room::Queue),
    ("playlistadd", 2, 3, Room::Playlists),
    ("playlistclear", 1, 1, Room::Playlists),
    ("playlistdelete", 2, 2, Room::Playlists),
    ("playlistfind", 1, MANY, Room::Queue),
    ("playlistid", 0, 1, Room::Queue),
    ("playlistinfo", 0, 1, Room::Queue),
    ("playlistmove", 3, 3, Room::Playlists),
    ("playlistsearch", 1, MANY, Room::Queue),
    ("plchanges", 1, 2, Room::Queue),
    ("plchangesposid", 1, 2, Room::Queue),
    ("previous", 0, 0, Room::Playback),
    ("random", 1, 1, Room::Playback),
    ("readcomments", 1, 1, Room::Browse),
    ("readpicture", 2, 2, Room::Art),
    ("rename", 2, 2, Room::Playlists),
    ("repeat", 1, 1, Room::Playback),
    ("replay_gain_mode", 1, 1, Room::Playback),
    ("replay_gain_status", 0, 0, Room::Status),
    ("rescan", 0, 1, Room::Playback),
    ("rm", 1, 1, Room::Playlists),
    ("save", 1, 2, Room::Playlists),
    ("search", 1, MANY, Room::Find),
    ("searchadd", 1, MANY, Room::Find),
    ("searchaddpl", 2, MANY, Room::Find),
    ("seek", 2, 2, Room::Playback),
    ("seekcur", 1, 1, Room::Playback),
    ("seekid", 2, 2, Room::Playback),
    ("setvol", 1, 1, Room::Playback),
    ("shuffle", 0, 1, Room::Edit),
    ("single", 1, 1, Room::Playback),
    ("stats", 0, 0, Room::Status),
    ("status", 0, 0, Room::Status),
    ("stop", 0, 0, Room::Playback),
    ("swap", 2, 2, Room::Edit),
    ("swapid", 2, 2, Room::Edit),
    ("tagtypes", 0, MANY, Room::Reflect),
    ("toggleoutput", 1, 1, Room::Playback),
    ("update", 0, 1, Room::Playback),
    ("urlhandlers", 0, 0, Room::Reflect),
    ("volume", 1, 1, Room::Playback),
    // Of the protocol, and not of this unit: named so that clients are told why.
    ("config", 0, 0, Room::Reflect),
    ("kill", 0, 0, Room::Reflect),
    ("listmounts", 0, 0, Room::Reflect),
    ("listneighbors", 0, 0, Room::Reflect),
    ("mount", 0, 2, Room::Reflect),
    ("prio", 0, MANY, Room::Reflect),
    ("prioid", 0, MANY, Room::Reflect),
    ("sticker", 0, MANY, Room::Reflect),
    ("unmount", 0, 1, Room::Reflect),
];

/// What cannot be had from this unit.
pub(super) const NOT_HERE: [&str; 9] =
    ["config", "kill", "listmounts", "listneighbors", "mount", "prio", "prioid", "sticker", "unmount"];

/// What a client may say before its password.
const FOR_STRANGERS: [&str; 3] = ["close", "password", "ping"];

/// Names of the commands a client may use, and `idle`.
pub(super) fn names(is_in: bool) -> impl Iterator<Item = &'static str> {
    let all = COMMANDS.iter().map(|(name, ..)| *name).filter(|name| !NOT_HERE.contains(name));
    all.chain(["idle", "noidle"]).filter(move |name| is_in || FOR_STRANGERS.contains(name))
}

pub(super) fn no_permission(name: &str) -> Ack {
    Ack::new(Code::Permission, format!("you don't have permission for \"{name}\""))
}

/// Carries out one command.
///
/// # Errors
/// The refusal, or the client is gone.
pub(super) async fn run(cx: &mut Cx<'_>, words: &[String]) -> Result<(), Failure> {
    let (name, args) = match words.split_first() {
        Some((name, args)) => (name.as_str(), args),
        None => return Err(Ack::new(Code::Unknown, "No command given").into()),
    };
    let found = COMMANDS.iter().find(|(known, ..)| *known == name);
    let Some((_, fewest, most, room)) = found else {
        return Err(Ack::new(Code::Unknown, format!("unknown command \"{name}\"")).into());
    };
    if !cx.client.is_in && !FOR_STRANGERS.contains(&name) {
        return Err(no_permission(name).into());
    }
    if args.len() < *fewest {
        return Err(Ack::arg(format!("too few arguments for \"{name}\"")).into());
    }
    if args.len() > *most {
        return Err(Ack::arg(format!("too many arguments for \"{name}\"")).into());
    }
    match room {
        Room::Art => art::run(cx, name, args).await,
        Room::Browse => browse::run(cx, name, args).await,
        Room::Edit => edit::run(cx, name, args).await,
        Room::Find => find::run(cx, name, args).await,
        Room::Playback => playback::run(cx, name, args).await,
        Room::Playlists => playlists::run(cx, name, args).await,
        Room::Queue => queue::run(cx, name, args).await,
        Room::Reflect => reflect::run(cx, name, args).await,
        Room::Status => status::run(cx, name).await,
        Room::TagLists => tag_lists::run(cx, name, args).await,
    }
}

/// The answer of a room to a name that is not its own: the table above names it wrongly.
pub(super) fn misplaced(name: &str) -> Failure {
    Ack::new(Code::Unknown, format!("unknown command \"{name}\"")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once() {
        let mut names: Vec<&str> = COMMANDS.iter().map(|(name, ..)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COMMANDS.len());
        assert!(NOT_HERE.iter().all(|name| names.contains(name)));
        assert_eq!(super::names(false).collect::<Vec<_>>(), ["close", "password", "ping"]);
    }
}
