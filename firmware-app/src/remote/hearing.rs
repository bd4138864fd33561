//! What a remote said, as far as it can be read, and the usual refusals.

use protocol::Command;
use protocol::remote::{BadFrame, ClientFrame, Hello, Question, RefusalCode, decode_client};

/// A frame of a remote.
#[derive(Debug)]
pub(crate) enum Heard {
    Hello(Hello),
    Command(u64, Command),
    Ask(u64, Question),
    Watch(bool),
    Ping(u64),
    TooLarge,
    /// It must not be done: its id, and why.
    Barred(Option<u64>, (RefusalCode, &'static str)),
    /// It cannot be read: its id, if that much can, and what is wrong.
    Bad(Option<u64>, String),
}

/// Longest explanation of what is wrong with a frame, characters: it may quote what was sent.
const EXPLANATION: usize = 200;

pub(crate) const TOO_MANY: (RefusalCode, &str) = (RefusalCode::Busy, "Too much at once: slow down.");
pub(crate) const BUSY: (RefusalCode, &str) =
    (RefusalCode::Busy, "Too much is under way: wait for the answers.");
pub(crate) const NOT_ALLOWED: (RefusalCode, &str) =
    (RefusalCode::NotAllowed, "This phone may look, but change nothing.");
pub(crate) const HELLO_TWICE: (RefusalCode, &str) = (RefusalCode::BadFrame, "Hello is said once.");
pub(crate) const LATE: (RefusalCode, &str) =
    (RefusalCode::Late, "It was too long on its way and is not done any more.");
pub(crate) const AGAIN: (RefusalCode, &str) =
    (RefusalCode::BadFrame, "Frames come in the order of their numbers, each once.");
pub(crate) const RELATIVE: (RefusalCode, &str) =
    (RefusalCode::Relative, "From afar a command says what is to be, not by how much.");
pub(crate) const TOO_LARGE: (RefusalCode, &str) = (RefusalCode::TooLarge, "A frame has at most 64 KiB.");

/// Reads a frame.
pub(crate) fn read(text: &str) -> Heard {
    match decode_client(text) {
        Ok(ClientFrame::Hello(hello)) => Heard::Hello(hello),
        Ok(ClientFrame::Command { id, command }) => Heard::Command(id, command),
        Ok(ClientFrame::Ask { id, question }) => Heard::Ask(id, question),
        Ok(ClientFrame::Watch { spectrum }) => Heard::Watch(spectrum),
        Ok(ClientFrame::Ping { id }) => Heard::Ping(id),
        Err(BadFrame::TooLarge(_)) => Heard::TooLarge,
        Err(BadFrame::Unreadable { id, why }) => Heard::Bad(id, why.chars().take(EXPLANATION).collect()),
        Err(unknown @ BadFrame::Unknown(_)) => Heard::Bad(None, unknown.to_string()),
    }
}

/// Whether what comes of the command depends on what its sender saw last: from afar that may be long ago.
pub(crate) fn is_relative(command: &Command) -> bool {
    matches!(
        command,
        Command::VolumeBy { .. } | Command::SeekBy { .. } | Command::TogglePlay | Command::ToggleMute
    )
}

impl Heard {
    /// By which its answer is known.
    pub fn id(&self) -> Option<u64> {
        match self {
            Self::Command(id, _) | Self::Ask(id, _) | Self::Ping(id) => Some(*id),
            Self::Bad(id, _) | Self::Barred(id, _) => *id,
            Self::Hello(_) | Self::Watch(_) | Self::TooLarge => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_explained_briefly() {
        let long = format!(r#"{{"type":"command","id":3,"command":{{"do":"{}"}}}}"#, "x".repeat(5_000));
        let Heard::Bad(Some(3), why) = read(&long) else { panic!("{:?}", read(&long)) };
        assert!(why.chars().count() <= EXPLANATION);
        assert!(matches!(read(&"x".repeat(70_000)), Heard::TooLarge));
        assert_eq!(read(r#"{"type":"ping","id":4}"#).id(), Some(4));
    }
}
