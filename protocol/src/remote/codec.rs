//! Reading frames. The kind is read first and the rest as that kind, so that a bad frame is answered with
//! its id and the reason, and a small reader needs no buffer of unknown values.

use serde::Deserialize;

use super::{
    Answer, Bye, ClientFrame, Hello, MAX_CLIENT_FRAME, Question, Refusal, UnitFrame, Update, Welcome,
};
use crate::Command;

/// Why a frame cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    /// Longer than a unit takes.
    #[error("a frame has at most {MAX_CLIENT_FRAME} bytes, this one has {0}")]
    TooLarge(usize),
    /// No JSON object with a type, or one whose content does not fit its type.
    #[error("this is no frame of the protocol: {why}")]
    Unreadable {
        /// The frame's id, if that much could be read.
        id: Option<u64>,
        /// What is wrong, and where.
        why: String,
    },
    /// A type this reader does not know: pass over it.
    #[error("frames of type {0:?} are not known here")]
    Unknown(String),
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    id: Option<u64>,
}

#[derive(Deserialize)]
struct OfCommand {
    id: u64,
    command: Command,
}

#[derive(Deserialize)]
struct OfQuestion {
    id: u64,
    question: Question,
}

#[derive(Deserialize)]
struct OfWatch {
    spectrum: bool,
}

#[derive(Deserialize)]
struct OfId {
    id: u64,
}

#[derive(Deserialize)]
struct OfDone {
    id: u64,
    seq: u64,
}

#[derive(Deserialize)]
struct OfAnswer {
    id: u64,
    answer: Answer,
}

#[derive(Deserialize)]
struct OfSpectrum {
    bands: Vec<u8>,
}

/// The frame's type, and how the rest is read as that type.
struct Reading<'a> {
    text: &'a str,
    head: Head,
}

impl<'a> Reading<'a> {
    fn of(text: &'a str) -> Result<Self, BadFrame> {
        let head = serde_json::from_str(text).map_err(|why| unreadable(None, &why))?;
        Ok(Self { text, head })
    }

    fn rest<T: Deserialize<'a>>(&self) -> Result<T, BadFrame> {
        serde_json::from_str(self.text).map_err(|why| unreadable(self.head.id, &why))
    }
}

fn unreadable(id: Option<u64>, why: &serde_json::Error) -> BadFrame {
    BadFrame::Unreadable { id, why: why.to_string() }
}

/// Reads what a remote said.
///
/// # Errors
/// It is too long, no frame, or of an unknown type.
pub fn decode_client(text: &str) -> Result<ClientFrame, BadFrame> {
    if text.len() > MAX_CLIENT_FRAME {
        return Err(BadFrame::TooLarge(text.len()));
    }
    let frame = Reading::of(text)?;
    Ok(match frame.head.kind.as_str() {
        "hello" => ClientFrame::Hello(frame.rest::<Hello>()?),
        "command" => {
            let OfCommand { id, command } = frame.rest()?;
            ClientFrame::Command { id, command }
        }
        "ask" => {
            let OfQuestion { id, question } = frame.rest()?;
            ClientFrame::Ask { id, question }
        }
        "watch" => ClientFrame::Watch { spectrum: frame.rest::<OfWatch>()?.spectrum },
        "ping" => ClientFrame::Ping { id: frame.rest::<OfId>()?.id },
        other => return Err(BadFrame::Unknown(other.chars().take(32).collect())),
    })
}

/// Reads what a unit said.
///
/// # Errors
/// It is no frame, or of an unknown type.
pub fn decode_unit(text: &str) -> Result<UnitFrame, BadFrame> {
    let frame = Reading::of(text)?;
    Ok(match frame.head.kind.as_str() {
        "update" => UnitFrame::Update(Box::new(frame.rest::<Update>()?)),
        "done" => {
            let OfDone { id, seq } = frame.rest()?;
            UnitFrame::Done { id, seq }
        }
        "answer" => {
            let OfAnswer { id, answer } = frame.rest()?;
            UnitFrame::Answer { id, answer }
        }
        "spectrum" => UnitFrame::Spectrum { bands: frame.rest::<OfSpectrum>()?.bands },
        "refused" => UnitFrame::Refused(frame.rest::<Refusal>()?),
        "pong" => UnitFrame::Pong { id: frame.rest::<OfId>()?.id },
        "welcome" => UnitFrame::Welcome(Box::new(frame.rest::<Welcome>()?)),
        "bye" => UnitFrame::Bye(frame.rest::<Bye>()?),
        other => return Err(BadFrame::Unknown(other.chars().take(32).collect())),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::remote::{Anchor, ByeCode, QueuePart, RefusalCode, Role, Row, UnitIdentity};
    use crate::{RowKey, Snapshot, ViewRef};

    fn client_frames() -> Vec<ClientFrame> {
        let row = RowKey::new(&[1, 2]);
        let question = Question::Rows { view: ViewRef::Albums, anchor: Anchor::After { row }, limit: 50 };
        vec![
            ClientFrame::Hello(Hello { protocol: 1, client: "test".into() }),
            ClientFrame::Command { id: 7, command: Command::Next },
            ClientFrame::Ask { id: 8, question },
            ClientFrame::Watch { spectrum: true },
            ClientFrame::Ping { id: u64::MAX },
        ]
    }

    fn unit_frames() -> Vec<UnitFrame> {
        let snapshot = Snapshot { seq: 3, ..Snapshot::default() };
        let mut louder = snapshot.clone();
        louder.volume.step = 30;
        let update = Update::between(&snapshot, &louder).unwrap();
        let rows = vec![Row { name: "Über".into(), ..Row::default() }];
        let answer = Answer::Queue(QueuePart { rows, len: 1, ..QueuePart::default() });
        let capabilities = vec!["sleep".to_owned()];
        let unit = UnitIdentity::default();
        vec![
            UnitFrame::Welcome(Box::new(Welcome {
                protocol: 1,
                unit,
                role: Role::Owner,
                capabilities,
                snapshot,
            })),
            UnitFrame::Update(Box::new(update)),
            UnitFrame::Done { id: 7, seq: 4 },
            UnitFrame::Answer { id: 8, answer },
            UnitFrame::Refused(Refusal { id: None, code: RefusalCode::Busy, message: "later".into() }),
            UnitFrame::Spectrum { bands: vec![0, 128, 255] },
            UnitFrame::Pong { id: 9 },
            UnitFrame::Bye(Bye { code: ByeCode::Revoked, message: "gone".into() }),
        ]
    }

    #[test]
    fn every_frame_survives_json() {
        for frame in client_frames() {
            let text = serde_json::to_string(&frame).unwrap();
            assert_eq!(decode_client(&text), Ok(frame), "{text}");
        }
        for frame in unit_frames() {
            let text = serde_json::to_string(&frame).unwrap();
            assert_eq!(decode_unit(&text), Ok(frame), "{text}");
        }
    }

    #[test]
    fn a_bad_frame_is_answered_with_its_id() {
        let bad = decode_client(r#"{"type":"command","id":5,"command":{"do":"explode"}}"#);
        let Err(BadFrame::Unreadable { id, why }) = bad else { panic!("{bad:?}") };
        assert_eq!(id, Some(5));
        assert!(why.contains("explode"), "{why}");
        assert_eq!(decode_client(r#"{"type":"dance"}"#), Err(BadFrame::Unknown("dance".into())));
        assert!(matches!(decode_client("[1]"), Err(BadFrame::Unreadable { id: None, .. })));
        let long = format!(r#"{{"type":"ping","id":1,"x":"{}"}}"#, "x".repeat(MAX_CLIENT_FRAME));
        assert_eq!(decode_client(&long), Err(BadFrame::TooLarge(long.len())));
    }

    #[test]
    fn depth_does_not_overflow_the_stack() {
        let deep = format!(r#"{{"type":"ping","id":1,"x":{}"#, "[".repeat(60_000));
        assert!(decode_client(&deep).is_err());
    }

    #[test]
    fn what_a_newer_unit_adds_is_passed_over() {
        let text = r#"{"type":"pong","id":9,"mood":"good"}"#;
        assert_eq!(decode_unit(text), Ok(UnitFrame::Pong { id: 9 }));
        let text = r#"{"type":"refused","id":1,"code":"tired","message":"zzz"}"#;
        let Ok(UnitFrame::Refused(refusal)) = decode_unit(text) else { panic!("not refused") };
        assert_eq!(refusal.code, RefusalCode::Other);
        assert_eq!(
            serde_json::from_str::<Row>(r#"{"kind":"podcast"}"#).unwrap().kind,
            super::super::RowKind::Other
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,200}") {
            let _ = (decode_client(&text), decode_unit(&text));
        }
    }
}
