//! Frames as they were published: each must be read and written exactly so for as long as the protocol has
//! this version. `UPDATE_GOLDENS=1` writes the schema anew; the frames themselves are written by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "schema")]
use std::collections::BTreeSet;
use std::path::Path;

use protocol::remote::{decode_client, decode_unit};
use serde_json::Value;

/// One frame a line; lines that begin with `#` say what it is about.
fn frames(name: &str) -> Vec<(usize, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frames").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines = text.lines().map(str::trim).enumerate().map(|(at, line)| (at + 1, line.to_owned()));
    let frames: Vec<_> = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(frames.len() > 5, "{name} holds too few frames");
    frames
}

/// The same values, however numbers are written (`1` and `1.0` are one number).
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        _ => a == b,
    }
}

/// By way of its text, in which a number of 32 bits has no more digits than it needs.
fn written(frame: &impl serde::Serialize) -> Value {
    serde_json::from_str(&serde_json::to_string(frame).unwrap()).unwrap()
}

fn assert_same(file: &str, line: usize, written: &str, again: &Value) {
    let golden: Value = serde_json::from_str(written).unwrap();
    assert!(is_same(&golden, again), "{file}:{line}: published as\n{golden}\nnow written as\n{again}");
}

#[test]
fn what_remotes_say_is_read_and_written_as_published() {
    for (line, text) in frames("client.jsonl") {
        let frame = decode_client(&text).unwrap_or_else(|error| panic!("client.jsonl:{line}: {error}"));
        assert_same("client.jsonl", line, &text, &written(&frame));
    }
}

#[test]
fn what_units_say_is_read_and_written_as_published() {
    for (line, text) in frames("unit.jsonl") {
        let frame = decode_unit(&text).unwrap_or_else(|error| panic!("unit.jsonl:{line}: {error}"));
        assert_same("unit.jsonl", line, &text, &written(&frame));
    }
}

#[cfg(feature = "schema")]
mod published {
    use super::*;

    fn schema_path() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol.schema.json")
    }

    #[test]
    fn the_schema_in_the_documents_is_that_of_the_code() {
        let schema = protocol::remote::json_schema();
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            std::fs::write(schema_path(), &text).unwrap();
        }
        let published = std::fs::read_to_string(schema_path()).unwrap_or_default();
        assert!(published == text, "docs/protocol.schema.json is not up to date: run with UPDATE_GOLDENS=1");
    }

    /// Every word the schema knows for a tag occurs in some golden frame.
    #[test]
    fn the_golden_frames_leave_nothing_out() {
        let mut known = BTreeSet::new();
        collect_tags(&protocol::remote::json_schema(), &mut known);
        let all = frames("client.jsonl").into_iter().chain(frames("unit.jsonl"));
        let all: Vec<Value> = all.map(|(_, text)| serde_json::from_str(&text).unwrap()).collect();
        let mut used = BTreeSet::new();
        all.iter().for_each(|frame| collect_used(frame, &mut used));
        let missing: Vec<_> = known.difference(&used).collect();
        assert!(known.len() > 80, "only {} tags found in the schema", known.len());
        assert!(missing.is_empty(), "no golden frame shows {missing:?}");
    }

    const TAGS: [&str; 6] = ["type", "do", "ask", "view", "of", "at"];

    fn collect_tags(schema: &Value, into: &mut BTreeSet<(String, String)>) {
        match schema {
            Value::Object(object) => {
                if let Some(Value::Object(properties)) = object.get("properties") {
                    for tag in TAGS {
                        if let Some(word) =
                            properties.get(tag).and_then(|p| p.get("const")).and_then(Value::as_str)
                        {
                            into.insert((tag.to_owned(), word.to_owned()));
                        }
                    }
                }
                object.values().for_each(|value| collect_tags(value, into));
            }
            Value::Array(array) => array.iter().for_each(|value| collect_tags(value, into)),
            _ => {}
        }
    }

    fn collect_used(frame: &Value, into: &mut BTreeSet<(String, String)>) {
        match frame {
            Value::Object(object) => {
                for tag in TAGS {
                    if let Some(word) = object.get(tag).and_then(Value::as_str) {
                        into.insert((tag.to_owned(), word.to_owned()));
                    }
                }
                object.values().for_each(|value| collect_used(value, into));
            }
            Value::Array(array) => array.iter().for_each(|value| collect_used(value, into)),
            _ => {}
        }
    }
}
