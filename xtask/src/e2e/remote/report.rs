//! What the journeys say: one JSON object a line.

use std::io::{BufRead, BufReader, Read};

use serde_json::Value;

use crate::test::Tally;

/// Counts every check as it comes; true when the last line says that all journeys were made.
pub fn count(said: impl Read, tally: &mut Tally) -> bool {
    let mut ended = false;
    for line in BufReader::new(said).lines().map_while(Result::ok) {
        let Ok(Value::Object(line)) = serde_json::from_str(&line) else {
            println!("      {line}");
            continue;
        };
        let text = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        if line.contains_key("end") {
            ended = true;
        } else if line.contains_key("skipped") {
            tally.skip(&text("check"), &text("skipped"));
        } else if line.get("ok").and_then(Value::as_bool) == Some(true) {
            tally.check(&text("check"), Ok(text("detail")));
        } else {
            tally.check(&text("check"), Err(text("detail")));
        }
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_counted_and_a_break_is_noticed() {
        let mut tally = Tally::default();
        let said = "{\"check\":\"a\",\"ok\":true,\"detail\":\"fine\"}\nnoise\n\
                    {\"check\":\"b\",\"ok\":false,\"detail\":\"broken\"}\n{\"check\":\"c\",\"skipped\":\"no\"}\n";
        assert!(!count(said.as_bytes(), &mut tally));
        assert_eq!((tally.passed, tally.skipped.len()), (1, 1));
        assert_eq!(tally.failures, ["b: broken"]);
        assert!(count("{\"end\":true}\n".as_bytes(), &mut tally));
        // A line without a verdict is no success.
        assert!(!count("{\"check\":\"d\"}\n".as_bytes(), &mut tally));
        assert_eq!((tally.passed, tally.failures.len()), (1, 2));
    }
}
