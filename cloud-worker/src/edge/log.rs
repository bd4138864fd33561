//! Structured logs: one JSON object a line, with the request's id. What identifies a person or lets somebody
//! in (tokens, cookies, codes, addresses of mail) is never handed to it.

use serde_json::{Map, Value, json};

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Ordinary.
    Info,
    /// Somebody should know if it becomes frequent.
    Warn,
    /// Somebody should look.
    Error,
}

/// Writes one line: `event` and the fields of `about`, which must be an object.
pub fn log(level: Level, event: &str, about: Value) {
    let line = line(level, event, about);
    #[cfg(not(test))]
    {
        let line = wasm_bindgen::JsValue::from_str(&line);
        match level {
            Level::Info => web_sys::console::log_1(&line),
            Level::Warn => web_sys::console::warn_1(&line),
            Level::Error => web_sys::console::error_1(&line),
        }
    }
    #[cfg(test)]
    drop(line);
}

fn line(level: Level, event: &str, about: Value) -> String {
    let name = match level {
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    };
    let mut fields = Map::new();
    fields.insert("level".to_owned(), json!(name));
    fields.insert("event".to_owned(), json!(event));
    if let Value::Object(about) = about {
        fields.extend(about);
    }
    Value::Object(fields).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_object_on_one_line() {
        let line = line(Level::Warn, "request", json!({ "path": "/a\n{\"level\":\"info\"}" }));
        assert_eq!(line.lines().count(), 1);
        let read: Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&read["level"], &read["event"]), (&json!("warn"), &json!("request")));
    }
}
