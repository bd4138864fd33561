//! Tests of the JSON reader.

use super::*;
use protocol::remote::Row;
use std::collections::BTreeMap;

#[test]
fn values_read_as_serde_json_reads_them() {
    for text in [
        r#"{"a":[1,-2,3.5e2],"b":"x","c":[]}"#,
        " { \"a\" : [ 0 , 1e-3 ] }\n",
        "{}",
        r#"{"a":[18446744073709551615,-9223372036854775808]}"#,
    ] {
        let ours: Option<BTreeMap<String, serde_json::Value>> = read(text);
        assert_eq!(ours, serde_json::from_str(text).ok(), "{text}");
    }
}

#[test]
fn escapes_and_surrogates() {
    let text = r#""a\n\"\\\/\u00e9\ud83c\udfb5 é\t""#;
    assert_eq!(read::<String>(text).as_deref(), Some("a\n\"\\/é🎵 é\t"));
    for bad in [r#""\ud83c""#, r#""\ud83cx""#, r#""\x""#, r#""\u12"#, "\"open", r#""\"#, "\"\\u00é9\""] {
        assert_eq!(read::<String>(bad), None, "{bad}");
    }
}

#[test]
fn rows_and_their_kinds_also_unknown_ones() {
    let row: Row = read(r#"{"kind":"podcast","name":"x","row":"0aff","new":{"deep":[1]}}"#).unwrap();
    assert_eq!(row, serde_json::from_str(r#"{"kind":"podcast","name":"x","row":"0aff"}"#).unwrap());
}

#[test]
fn what_is_no_value_is_refused() {
    for bad in ["", "{", "[1", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "{1:2}", "nul", "1 2", "-", "[1}"] {
        assert!(read::<serde_json::Value>(bad).is_none(), "{bad}");
    }
    assert!(read::<serde_json::Value>(&"[".repeat(100_000)).is_none());
}
