//! The headers that every answer of the API bears.
//!
//! The files of the web remote get theirs from `_headers`, which the build writes beside them.
//! `X-XSS-Protection` is left out: browsers have dropped the filter it switched, which itself could be abused.

/// Name and value. An answer of the API is data: no page may be made of it or frame it.
pub const SECURITY: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    ("strict-transport-security", "max-age=63072000; includeSubDomains; preload"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-resource-policy", "same-origin"),
];
