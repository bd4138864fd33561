//! The unit's frames, read by their kind as [`protocol::remote::decode_unit`] reads them, with the small
//! reader of [`super::json`].

use protocol::remote::{Answer, Bye, Refusal, UnitFrame, Update, Welcome};
use serde::Deserialize;

use super::json::read;

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type", borrow)]
    kind: &'a str,
}

#[derive(Deserialize)]
struct Numbers {
    #[serde(default)]
    id: u64,
    #[serde(default)]
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

/// The frame; `None` for what this remote does not know and for what is none.
pub fn decode(text: &str) -> Option<UnitFrame> {
    Some(match read::<Head>(text)?.kind {
        "update" => UnitFrame::Update(Box::new(read::<Update>(text)?)),
        "done" => {
            let Numbers { id, seq } = read(text)?;
            UnitFrame::Done { id, seq }
        }
        "answer" => {
            let OfAnswer { id, answer } = read(text)?;
            UnitFrame::Answer { id, answer }
        }
        "spectrum" => UnitFrame::Spectrum { bands: read::<OfSpectrum>(text)?.bands },
        "refused" => UnitFrame::Refused(read::<Refusal>(text)?),
        "pong" => UnitFrame::Pong { id: read::<Numbers>(text)?.id },
        "welcome" => UnitFrame::Welcome(Box::new(read::<Welcome>(text)?)),
        "bye" => UnitFrame::Bye(read::<Bye>(text)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_frame_is_read_as_the_protocol_reads_it() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocol/tests/frames");
        let mut read = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for text in [text.as_str()].into_iter().chain(text.lines()) {
                if let Ok(frame) = protocol::remote::decode_unit(text) {
                    assert_eq!(decode(text), Some(frame), "{text}");
                    read += 1;
                }
            }
        }
        assert!(read >= 8, "only {read} frames");
    }

    #[test]
    fn unknown_and_broken_frames_are_passed_over() {
        for text in [r#"{"type":"dance"}"#, r#"{"type":"done","id":"x"}"#, "[]", "", r#"{"type":1}"#] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
