//! Bodies: never more than the route takes, JSON only, and what is wrong with them said field by field.

use js_sys::{Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Request};

use super::respond::js_error;
use super::{FieldError, Problem};

/// Reads the body, at most `limit` bytes of it.
///
/// # Errors
/// 413 as soon as it is larger; 400 if it breaks off.
pub async fn read(request: &Request, declared: Option<&str>, limit: usize) -> Result<Vec<u8>, Problem> {
    if declared.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > limit as u64) {
        return Err(Problem::TooLarge(limit));
    }
    let Some(stream) = request.body() else { return Ok(Vec::new()) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    loop {
        let broken = |_| Problem::Bad("body", "The body broke off.".into());
        let chunk = JsFuture::from(reader.read()).await.map_err(broken)?;
        let field = |name: &str| Reflect::get(&chunk, &JsValue::from_str(name)).map_err(js_error);
        if field("done")?.is_truthy() {
            return Ok(body);
        }
        let chunk: Uint8Array = field("value")?.unchecked_into();
        if body.len() + chunk.length() as usize > limit {
            drop(reader.cancel());
            return Err(Problem::TooLarge(limit));
        }
        body.extend_from_slice(&chunk.to_vec());
    }
}

/// Whether that `Content-Type` is JSON. Asking for it keeps plain HTML forms of foreign pages out.
pub fn is_json(media_type: Option<&str>) -> bool {
    media_type.is_some_and(|text| {
        text.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
    })
}

/// Parses JSON; nesting is limited to 128 by the parser.
///
/// # Errors
/// 422 with the path of the field that does not fit.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut parser).map_err(|error| {
        let path = error.path().to_string();
        Problem::field(if path == "." { String::new() } else { path }, error.inner().to_string())
    })?;
    parser.end().map_err(|error| Problem::field("", error.to_string()))?;
    Ok(value)
}

/// Collects what is wrong with a parsed input.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    /// Says `error` of `field` unless it is `good`.
    pub fn that(&mut self, good: bool, field: &str, error: &str) -> &mut Self {
        if !good {
            self.0.push(FieldError { field: field.to_owned(), error: error.to_owned() });
        }
        self
    }

    /// A text for people: 1 to `most` characters, no control characters, not only blanks.
    pub fn text(&mut self, text: &str, field: &str, most: usize) -> &mut Self {
        self.that(!text.trim().is_empty(), field, "must not be empty");
        self.that(text.chars().count() <= most, field, &format!("must have at most {most} characters"));
        self.that(!text.chars().any(char::is_control), field, "must not hold control characters")
    }

    /// # Errors
    /// 422 with everything that is wrong.
    pub fn finish(&mut self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::Invalid(std::mem::take(&mut self.0))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        #[allow(dead_code)]
        bands: Vec<f32>,
    }

    fn field(body: &str) -> String {
        match parse::<Input>(body.as_bytes()) {
            Err(Problem::Invalid(fields)) => fields[0].field.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_field_that_does_not_fit_is_named() {
        assert_eq!(field(r#"{"bands":[1,"x"]}"#), "bands[1]");
        assert_eq!(field(r#"{"bands":[],"more":1}"#), "more");
        assert_eq!(field(""), "");
        assert_eq!(field(r#"{"bands":[]}}"#), "");
        assert!(parse::<Input>(br#"{"bands":[1]}"#).is_ok());
    }

    #[test]
    fn deep_nesting_is_refused_and_not_followed() {
        let deep = "[".repeat(100_000);
        assert!(parse::<serde_json::Value>(deep.as_bytes()).is_err());
        let deep = format!("{{\"bands\":{}", "[".repeat(100_000));
        assert!(parse::<Input>(deep.as_bytes()).is_err());
    }

    #[test]
    fn only_json_is_json() {
        assert!(is_json(Some("application/json")) && is_json(Some("Application/JSON; charset=utf-8")));
        for other in
            [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonx")]
        {
            assert!(!is_json(other), "{other:?}");
        }
    }

    #[test]
    fn a_text_for_people_is_held_to_its_length_in_characters() {
        let mut checks = Checks::default();
        checks.text("ééé", "name", 3);
        assert!(checks.finish().is_ok());
        for bad in ["éééé", "", "  ", "a\u{7}"] {
            let mut checks = Checks::default();
            assert!(checks.text(bad, "name", 3).finish().is_err(), "{bad:?}");
        }
    }
}
