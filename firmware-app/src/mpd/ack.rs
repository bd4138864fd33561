//! Why a command was not carried out, as the protocol says it: `ACK [code@index] {command} message`.

use crate::asking::NoAnswer;
use crate::state::QueueEditError;
use protocol::remote::RefusalCode;

/// The protocol's error codes (`Ack.hxx` of its reference server).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    NotList = 1,
    Arg = 2,
    Password = 3,
    Permission = 4,
    Unknown = 5,
    NoExist = 50,
    PlaylistMax = 51,
    System = 52,
    PlayerSync = 55,
    Exist = 56,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Ack {
    pub code: Code,
    pub message: String,
}

impl Ack {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub fn arg(message: impl Into<String>) -> Self {
        Self::new(Code::Arg, message)
    }

    pub fn no_exist(message: impl Into<String>) -> Self {
        Self::new(Code::NoExist, message)
    }

    /// The line, for the command at `index` of its list.
    pub fn line(&self, index: usize, command: &str) -> String {
        let clean = |text: &str| -> String {
            text.chars().take(500).map(|c| if c.is_control() { ' ' } else { c }).collect()
        };
        format!("ACK [{}@{index}] {{{}}} {}\n", self.code as u8, clean(command), clean(&self.message))
    }
}

impl From<NoAnswer> for Ack {
    fn from(refusal: NoAnswer) -> Self {
        let code = match refusal.code {
            RefusalCode::BadFrame => Code::Exist,
            RefusalCode::TooLarge => Code::PlaylistMax,
            RefusalCode::Changed => Code::NoExist,
            _ => Code::System,
        };
        Self::new(code, refusal.message)
    }
}

impl From<QueueEditError> for Ack {
    fn from(error: QueueEditError) -> Self {
        let code = match error {
            QueueEditError::Gone => Code::NoExist,
            QueueEditError::NoPlace => Code::Arg,
            QueueEditError::Full => Code::PlaylistMax,
            QueueEditError::Off => Code::PlayerSync,
        };
        Self::new(code, error.to_string())
    }
}

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Tell the client.
    #[error(transparent)]
    Ack(#[from] Ack),
    /// Nobody is there to be told.
    #[error("the client is gone: {0}")]
    Gone(#[from] std::io::Error),
}

impl From<NoAnswer> for Failure {
    fn from(refusal: NoAnswer) -> Self {
        Self::Ack(refusal.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_one_line() {
        let ack = Ack::no_exist("No such\nsong");
        assert_eq!(ack.line(3, "pl\ray"), "ACK [50@3] {pl ay} No such song\n");
        assert!(Ack::arg("x".repeat(9000)).line(0, &"y".repeat(9000)).len() < 1100);
    }
}
