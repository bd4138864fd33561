//! Forged and misdirected ID tokens.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};

const NOW: Seconds = 1_800_000_000;
// RFC 8032, section 7.1, tests 1 and 2.
const SECRET: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const OTHER: &str = "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw";
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

fn jwk(value: Value) -> Jwk {
    serde_json::from_value(value).unwrap()
}

fn key(kid: &str, x: &str) -> Jwk {
    jwk(json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x }))
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "kid": "a" })
}

fn claims() -> Value {
    json!({ "iss": "https://id.example", "sub": "1", "aud": "us", "exp": NOW + 300, "iat": NOW, "nonce": "n" })
}

fn forge(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let secret = URL_SAFE_NO_PAD.decode(SECRET).unwrap();
    let signing = EncodingKey::from_ed_der(&[&PKCS8[..], &secret].concat());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &signing, Algorithm::EdDSA).unwrap();
    format!("{message}.{signature}")
}

fn outcome(header: &Value, claims: &Value, keys: &[Jwk]) -> Result<Claims, Refused> {
    let token = forge(header, claims);
    let expected = Expected { algorithm: Algorithm::EdDSA, client_id: "us", nonce: "n", now: NOW };
    let key = find_key(&token, Algorithm::EdDSA, keys)?;
    check(&token, key, expected)
}

#[test]
fn a_good_token_says_who_it_is() {
    let mut said = claims();
    said["email"] = json!("a@b.example");
    let found = outcome(&header(), &said, &[key("b", OTHER), key("a", PUBLIC)]).unwrap();
    assert_eq!((found.iss.as_str(), found.sub.as_str()), ("https://id.example", "1"));
    assert_eq!(found.verified_email(), None, "nobody says that it is verified");
    for (verified, expected) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!(1), false),
        (json!("yes"), false),
    ] {
        said["email_verified"] = verified;
        let found = outcome(&header(), &said, &[key("a", PUBLIC)]).unwrap();
        assert_eq!(found.verified_email().is_some(), expected);
    }
    assert!(check_issuer(&found, "https://id.example").is_ok());
    for other in ["https://id.example/", "https://ID.example", "https://evil.example", ""] {
        assert_eq!(check_issuer(&found, other), Err(Refused::Party), "{other}");
    }
}

#[test]
fn the_algorithm_is_not_the_tokens_choice() {
    for alg in ["none", "None", "HS256", "RS256", "ES256"] {
        let header = json!({ "alg": alg, "kid": "a" });
        assert_eq!(outcome(&header, &claims(), &[key("a", PUBLIC)]), Err(Refused::Header), "{alg}");
    }
    let header = json!({ "alg": "EdDSA", "kid": "a", "crit": ["exp"], "exp": 1 });
    assert_eq!(outcome(&header, &claims(), &[key("a", PUBLIC)]), Err(Refused::Header));
}

#[test]
fn the_key_must_be_the_providers_and_fit() {
    assert_eq!(outcome(&header(), &claims(), &[key("b", PUBLIC)]), Err(Refused::UnknownKey));
    assert_eq!(outcome(&header(), &claims(), &[]), Err(Refused::UnknownKey));
    assert_eq!(outcome(&header(), &claims(), &[key("a", OTHER)]), Err(Refused::Signature));
    // Without a name there must be no choice.
    let nameless = json!({ "alg": "EdDSA" });
    assert!(outcome(&nameless, &claims(), &[key("a", PUBLIC)]).is_ok());
    assert_eq!(outcome(&nameless, &claims(), &[key("a", PUBLIC), key("b", OTHER)]), Err(Refused::UnknownKey));
    for (what, jwk) in [
        ("a password", json!({ "kty": "oct", "kid": "a", "k": PUBLIC })),
        ("for encryption", json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": PUBLIC, "use": "enc" })),
        (
            "for another algorithm",
            json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": PUBLIC, "alg": "ES256" }),
        ),
        ("too short", json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "AAAA" })),
        ("empty", json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "" })),
        ("of another sort", json!({ "kty": "RSA", "kid": "a", "n": "AQAB".repeat(90), "e": "AQAB" })),
    ] {
        assert_eq!(outcome(&header(), &claims(), &[self::jwk(jwk)]), Err(Refused::Key), "{what}");
    }
    // A key in the header is nobody's.
    let own = json!({ "alg": "EdDSA", "kid": "c", "jwk": { "kty": "OKP", "crv": "Ed25519", "x": PUBLIC } });
    assert_eq!(outcome(&own, &claims(), &[key("a", OTHER)]), Err(Refused::UnknownKey));
}

#[test]
fn small_rsa_keys_will_not_do() {
    let rsa = |bytes: usize| {
        let n = URL_SAFE_NO_PAD.encode(vec![0xc1; bytes]);
        jwk(json!({ "kty": "RSA", "kid": "a", "n": n, "e": "AQAB" }))
    };
    assert!(fits(&rsa(256), Algorithm::RS256));
    assert!(!fits(&rsa(255), Algorithm::RS256));
    assert!(!fits(&rsa(256), Algorithm::ES256));
}

#[test]
fn a_token_for_somebody_else_is_refused() {
    for (what, name, value) in [
        ("another client", "aud", json!("them")),
        ("nobody", "aud", json!([])),
        ("several without a word for whom", "aud", json!(["us", "them"])),
        ("issued to another", "azp", json!("them")),
        ("no subject", "sub", json!("")),
        ("an endless subject", "sub", json!("x".repeat(256))),
    ] {
        let mut claims = claims();
        claims[name] = value;
        assert_eq!(outcome(&header(), &claims, &[key("a", PUBLIC)]), Err(Refused::Party), "{what}");
    }
    let mut several = claims();
    several["aud"] = json!(["us", "them"]);
    several["azp"] = json!("us");
    assert!(outcome(&header(), &several, &[key("a", PUBLIC)]).is_ok());
}

#[test]
fn a_token_of_another_time_is_refused() {
    for (what, name, value, good) in [
        ("just over", "exp", NOW - 59, true),
        ("over", "exp", NOW - 60, false),
        ("a little ahead", "iat", NOW + 60, true),
        ("of the future", "iat", NOW + 61, false),
        ("not fresh", "iat", NOW - 661, false),
        ("made to overflow", "exp", i64::MIN, false),
        ("made to overflow", "iat", i64::MAX, false),
    ] {
        let mut claims = claims();
        claims[name] = json!(value);
        let outcome = outcome(&header(), &claims, &[key("a", PUBLIC)]);
        assert_eq!(outcome.is_ok(), good, "{what}: {outcome:?}");
    }
}

#[test]
fn a_token_of_another_sign_in_is_refused() {
    for nonce in [json!("m"), json!(""), json!(null)] {
        let mut claims = claims();
        claims["nonce"] = nonce;
        assert_eq!(outcome(&header(), &claims, &[key("a", PUBLIC)]), Err(Refused::Nonce));
    }
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove("nonce");
    assert_eq!(outcome(&header(), &claims, &[key("a", PUBLIC)]), Err(Refused::Nonce));
}

#[test]
fn a_missing_claim_is_seen() {
    for name in ["iss", "sub", "aud", "exp", "iat"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        assert_eq!(outcome(&header(), &claims, &[key("a", PUBLIC)]), Err(Refused::Signature), "{name}");
    }
}
