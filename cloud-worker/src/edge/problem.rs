//! What goes wrong, as the client hears it: `{error, code, retry_after?, fields?}`.

use std::borrow::Cow;

#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

/// One field of the input that will not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FieldError {
    /// Path of the field, such as `bands[3].gain`; empty for the whole body.
    pub field: String,
    /// What is wrong with it, for people.
    pub error: String,
}

/// A request that is not granted. Each variant is one reaction of the client.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// The input is wrong: show it at the fields.
    #[error("The input is not valid.")]
    Invalid(Vec<FieldError>),
    /// A request that no client of ours makes, with its code.
    #[error("{1}")]
    Bad(&'static str, Cow<'static, str>),
    /// Nobody is signed in, or not any more: refresh, then sign in. With its code.
    #[error("Sign in first.")]
    Unauthorized(&'static str),
    /// Asked from a place or by somebody that may not. With its code.
    #[error("{1}")]
    Forbidden(&'static str, &'static str),
    /// There is nothing here, or it belongs to somebody else.
    #[error("There is nothing here.")]
    NotFound,
    /// The path knows other methods only.
    #[error("This method is not allowed here.")]
    MethodNotAllowed(String),
    /// The state of things stands against it. With its code.
    #[error("{1}")]
    Conflict(&'static str, &'static str),
    /// It is not any more what the client has seen: load it again.
    #[error("Somebody else has changed it.")]
    Stale,
    /// The client must say what it has seen, by `If-Match`.
    #[error("The header If-Match is missing.")]
    Unconditional,
    /// The body is larger than so many bytes.
    #[error("The body is larger than {0} bytes.")]
    TooLarge(usize),
    /// The body is not JSON.
    #[error("The body must be application/json.")]
    UnsupportedMedia,
    /// Ask again after so many seconds.
    #[error("Too many requests.")]
    TooMany(u32),
    /// Something we need is away: ask again after so many seconds. The text is for our log only.
    #[error("The service is not available.")]
    Unavailable(u32, String),
    /// Our fault. The text is for our log only.
    #[error("The server failed.")]
    Internal(String),
}

/// The body of an error.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[cfg_attr(test, schemars(rename = "Error"))]
pub struct ErrorBody {
    /// What is wrong, for people.
    pub error: String,
    /// What is wrong, for programs.
    pub code: &'static str,
    /// Seconds after which to ask again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The fields that will not do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

impl Problem {
    /// Our fault; `text` is for our log.
    pub fn internal(text: impl Into<String>) -> Self {
        Self::Internal(text.into())
    }

    /// One field that will not do.
    pub fn field(field: impl Into<String>, error: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), error: error.into() }])
    }

    /// HTTP status (RFC 9110, section 15; 428, 429: RFC 6585).
    pub const fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) => 422,
            Self::Bad(..) => 400,
            Self::Unauthorized(_) => 401,
            Self::Forbidden(..) => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed(_) => 405,
            Self::Conflict(..) => 409,
            Self::Stale => 412,
            Self::TooLarge(_) => 413,
            Self::UnsupportedMedia => 415,
            Self::Unconditional => 428,
            Self::TooMany(_) => 429,
            Self::Internal(_) => 500,
            Self::Unavailable(..) => 503,
        }
    }

    /// For programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Bad(code, _)
            | Self::Unauthorized(code)
            | Self::Forbidden(code, _)
            | Self::Conflict(code, _) => code,
            Self::NotFound => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::Stale => "stale",
            Self::Unconditional => "if_match_required",
            Self::TooLarge(_) => "too_large",
            Self::UnsupportedMedia => "unsupported_media_type",
            Self::TooMany(_) => "too_many_requests",
            Self::Internal(_) => "internal",
            Self::Unavailable(..) => "unavailable",
        }
    }

    /// Seconds after which to ask again.
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany(after) | Self::Unavailable(after, _) => Some(*after),
            _ => None,
        }
    }

    /// What our log should say beyond the code.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Internal(text) | Self::Unavailable(_, text) => Some(text),
            _ => None,
        }
    }

    /// The body the client gets.
    pub fn body(&self) -> ErrorBody {
        let fields = if let Self::Invalid(fields) = self { fields.clone() } else { Vec::new() };
        ErrorBody { error: self.to_string(), code: self.code(), retry_after: self.retry_after(), fields }
    }
}

impl From<worker::Error> for Problem {
    fn from(error: worker::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_for_the_log_stays_out_of_the_body() {
        for problem in
            [Problem::internal("password is hunter2"), Problem::Unavailable(5, "hunter2 is down".into())]
        {
            let body = serde_json::to_string(&problem.body()).unwrap();
            assert!(!body.contains("hunter2"), "{body}");
            assert!(problem.cause().unwrap().contains("hunter2"));
        }
    }

    #[test]
    fn the_body_has_only_what_it_needs() {
        let body = serde_json::to_value(Problem::TooMany(7).body()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({ "error": "Too many requests.", "code": "too_many_requests", "retry_after": 7 })
        );
        let body = serde_json::to_value(Problem::field("name", "is empty").body()).unwrap();
        assert_eq!(body["fields"][0]["field"], "name");
        assert!(body.get("retry_after").is_none());
    }
}
