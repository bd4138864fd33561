//! What the server says of itself, and what it asks of its clients.

use super::ack::{Ack, Code, Failure};
use super::args;
use super::commands::{self, Cx, NOT_HERE, misplaced};
use super::login::Try;
use super::tag::{Tag, TagSet};

/// Wrong passwords of one connection.
const TRIES: u32 = 3;
/// Bounds of what a client may want of a picture at a time, bytes.
const BINARY: std::ops::RangeInclusive<usize> = 64..=1 << 20;

/// Endings and kinds of what the unit plays.
const DECODERS: [(&str, &[&str], &[&str]); 6] = [
    ("aac", &["aac", "m4a", "m4b", "m4r"], &["audio/aac", "audio/mp4"]),
    ("flac", &["flac"], &["audio/flac"]),
    ("mp3", &["mp3"], &["audio/mpeg"]),
    ("opus", &["opus"], &["audio/opus"]),
    ("pcm", &["wav", "wave", "aif", "aiff", "aifc"], &["audio/wav", "audio/aiff"]),
    ("vorbis", &["ogg", "oga"], &["audio/ogg"]),
];

pub(super) async fn run(cx: &mut Cx<'_>, name: &str, args: &[String]) -> Result<(), Failure> {
    let first = args.first().map_or("", String::as_str);
    match name {
        "ping" => {}
        "close" => cx.client.is_closing = true,
        "password" => password(cx, first).await?,
        "commands" => {
            for name in commands::names(cx.client.is_in) {
                cx.out.pair("command", name);
            }
        }
        "notcommands" => {
            for name in NOT_HERE {
                cx.out.pair("command", name);
            }
        }
        "tagtypes" => tag_types(cx, args)?,
        // Music of the unit's own media only.
        "urlhandlers" => {}
        "decoders" => {
            for (plugin, suffixes, mimes) in DECODERS {
                cx.out.pair("plugin", plugin);
                suffixes.iter().for_each(|suffix| cx.out.pair("suffix", suffix));
                mimes.iter().for_each(|mime| cx.out.pair("mime_type", mime));
            }
        }
        "binarylimit" => {
            let limit = args::number(first)?;
            if !BINARY.contains(&limit) {
                return Err(Ack::arg(format!("Value out of range: {limit}")).into());
            }
            cx.client.binary_limit = limit;
        }
        "listpartitions" => cx.out.pair("partition", "default"),
        "partition" if first == "default" => {}
        "partition" => return Err(Ack::no_exist("partition does not exist").into()),
        name if NOT_HERE.contains(&name) => {
            return Err(Ack::new(Code::Permission, format!("\"{name}\" is not for this unit")).into());
        }
        _ => return Err(misplaced(name)),
    }
    Ok(())
}

async fn password(cx: &mut Cx<'_>, given: &str) -> Result<(), Ack> {
    match cx.unit.gate.enter(cx.client.address, given).await {
        Try::Right => {
            cx.client.is_in = true;
            Ok(())
        }
        tried => {
            cx.client.wrong_passwords += 1;
            cx.client.is_closing = cx.client.wrong_passwords >= TRIES;
            let message = match tried {
                Try::TooMany => "too many incorrect passwords: wait",
                _ => "incorrect password",
            };
            Err(Ack::new(Code::Password, message))
        }
    }
}

fn tag_types(cx: &mut Cx<'_>, args: &[String]) -> Result<(), Ack> {
    let parsed = |names: &[String]| -> Result<Vec<Tag>, Ack> {
        let tag =
            |name: &String| Tag::parse(name).ok_or_else(|| Ack::arg(format!("Unknown tag type: {name}")));
        names.iter().map(tag).collect()
    };
    let tags = &mut cx.client.tags;
    match args.split_first().map(|(sub, names)| (sub.as_str(), names)) {
        None => {
            for tag in Tag::ALL.into_iter().filter(|tag| tags.has(*tag)) {
                cx.out.pair("tagtype", tag.name());
            }
        }
        Some(("all", [])) => *tags = TagSet::ALL,
        Some(("clear", [])) => *tags = TagSet::NONE,
        Some(("enable", names @ [_, ..])) => parsed(names)?.into_iter().for_each(|tag| tags.insert(tag)),
        Some(("disable", names @ [_, ..])) => parsed(names)?.into_iter().for_each(|tag| tags.remove(tag)),
        Some(_) => return Err(Ack::arg("Unknown sub command")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_played() {
        for suffix in DECODERS.iter().flat_map(|(_, suffixes, _)| *suffixes) {
            assert!(library::is_track(std::path::Path::new(&format!("a.{suffix}"))), "{suffix}");
        }
    }
}
