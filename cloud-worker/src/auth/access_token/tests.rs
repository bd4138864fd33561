//! Forged, borrowed, stale and twisted access tokens.

use super::*;
use serde_json::{Value, json};

const ISSUER: &str = "https://rusty-audio.example";
const NOW: Seconds = 1_800_000_000;

// RFC 8032, section 7.1, tests 1 and 2.
const ONE: (&str, &str) =
    ("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
const TWO: (&str, &str) =
    ("TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs", "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw");

fn jwk(kid: &str, (d, x): (&str, &str)) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "d": d, "x": x })
}

fn keys(list: &[Value]) -> Keys {
    Keys::parse(&json!({ "keys": list }).to_string(), ISSUER).unwrap()
}

fn who() -> Who {
    Who { user: "u".into(), session: "s".into() }
}

fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": ISSUER, "sub": "u", "sid": "s", "iat": NOW, "exp": NOW + 600 })
}

/// A token with any header and claims, signed by key one (or by `sign`).
fn forge(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(message.as_bytes()));
    format!("{message}.{signature}")
}

fn by_one(message: &[u8]) -> Vec<u8> {
    let secret = URL_SAFE_NO_PAD.decode(ONE.0).unwrap();
    let key = EncodingKey::from_ed_der(&[&PKCS8[..], &secret].concat());
    URL_SAFE_NO_PAD.decode(jsonwebtoken::crypto::sign(message, &key, Algorithm::EdDSA).unwrap()).unwrap()
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "1" })
}

#[test]
fn our_own_token_is_taken_until_it_is_over() {
    let keys = keys(&[jwk("1", ONE)]);
    let token = keys.issue(&who(), NOW).unwrap();
    assert_eq!(keys.check(&token, NOW), Ok(who()));
    assert_eq!(keys.check(&token, NOW + 599), Ok(who()));
    assert_eq!(keys.check(&token, NOW + 600), Err(Refused::Expired), "also when it is remembered");
    let fresh = self::keys(&[jwk("1", ONE)]);
    assert_eq!(fresh.check(&token, NOW + 600), Err(Refused::Expired));
    assert_eq!(fresh.check(&token, NOW - 1), Err(Refused::Invalid), "from the future");
}

#[test]
fn keys_change_by_their_name() {
    let old = keys(&[jwk("1", ONE)]);
    let token = old.issue(&who(), NOW).unwrap();
    let both = keys(&[jwk("2", TWO), jwk("1", ONE)]);
    assert_eq!(both.check(&token, NOW), Ok(who()), "signed before the change");
    let new = both.issue(&who(), NOW).unwrap();
    assert_eq!(decode_header(&new).unwrap().kid.as_deref(), Some("2"), "the first key signs");
    assert_eq!(old.check(&new, NOW), Err(Refused::Invalid));
    assert_eq!(keys(&[jwk("2", TWO)]).check(&token, NOW), Err(Refused::Invalid), "after the old key is gone");
}

#[test]
fn the_forge_makes_good_tokens_when_nothing_is_twisted() {
    assert_eq!(keys(&[jwk("1", ONE)]).check(&forge(&header(), &claims(), by_one), NOW), Ok(who()));
}

#[test]
fn twisted_headers_are_refused() {
    let keys = keys(&[jwk("1", ONE), jwk("2", TWO)]);
    let with = |name: &str, value: Value| {
        let mut header = header();
        header[name] = value;
        header
    };
    let without = |name: &str| {
        let mut header = header();
        header.as_object_mut().unwrap().remove(name);
        header
    };
    for (what, header) in [
        ("none", with("alg", json!("none"))),
        ("another algorithm", with("alg", json!("ES256"))),
        ("no type", without("typ")),
        ("an ordinary JWT", with("typ", json!("JWT"))),
        ("an ID token's type", with("typ", json!("id+jwt"))),
        ("a device proof's type", with("typ", json!("dpop+jwt"))),
        ("no key name", without("kid")),
        ("another key's name", with("kid", json!("2"))),
        ("an unknown key", with("kid", json!("3"))),
        ("a path for a key", with("kid", json!("../../dev/null"))),
        ("an empty key", with("kid", json!(""))),
        ("a critical extension", with("crit", json!(["b64"]))),
    ] {
        assert_eq!(keys.check(&forge(&header, &claims(), by_one), NOW), Err(Refused::Invalid), "{what}");
    }
    // A key of one's own in the header is not looked at.
    let mut own = with("jwk", jwk("1", TWO));
    own["kid"] = json!("9");
    assert_eq!(keys.check(&forge(&own, &claims(), by_one), NOW), Err(Refused::Invalid));
}

#[test]
fn an_unsigned_token_is_refused() {
    let keys = keys(&[jwk("1", ONE)]);
    for alg in ["none", "None", "NONE", "EdDSA"] {
        let mut header = header();
        header["alg"] = json!(alg);
        assert_eq!(
            keys.check(&forge(&header, &claims(), |_| Vec::new()), NOW),
            Err(Refused::Invalid),
            "{alg}"
        );
    }
}

#[test]
fn the_public_key_is_no_password() {
    // HS256 with the public key as the secret: the classic confusion.
    let keys = keys(&[jwk("1", ONE)]);
    let public = URL_SAFE_NO_PAD.decode(ONE.1).unwrap();
    for secret in [public, ONE.1.as_bytes().to_vec()] {
        let key = EncodingKey::from_secret(&secret);
        let sign = |message: &[u8]| {
            URL_SAFE_NO_PAD
                .decode(jsonwebtoken::crypto::sign(message, &key, Algorithm::HS256).unwrap())
                .unwrap()
        };
        for alg in ["HS256", "EdDSA"] {
            let mut header = header();
            header["alg"] = json!(alg);
            assert_eq!(keys.check(&forge(&header, &claims(), sign), NOW), Err(Refused::Invalid), "{alg}");
        }
    }
}

#[test]
fn claims_for_others_are_refused() {
    let keys = keys(&[jwk("1", ONE)]);
    for (name, value) in [
        ("iss", json!("https://evil.example")),
        ("aud", json!("https://evil.example")),
        ("aud", json!([])),
        ("sub", json!(null)),
        ("sub", json!(7)),
        ("exp", json!(NOW + 601)),
        ("exp", json!("never")),
        ("iat", json!(NOW + 1)),
        ("iat", json!(NOW - 86_400)),
    ] {
        let mut claims = claims();
        claims[name] = value.clone();
        let refused = keys.check(&forge(&header(), &claims, by_one), NOW);
        assert_eq!(refused, Err(Refused::Invalid), "{name} {value}");
    }
    for name in ["iss", "aud", "sub", "sid", "iat", "exp"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        let refused = keys.check(&forge(&header(), &claims, by_one), NOW);
        assert_eq!(refused, Err(Refused::Invalid), "without {name}");
    }
}

#[test]
fn a_changed_byte_is_seen() {
    let keys = keys(&[jwk("1", ONE)]);
    let token = keys.issue(&who(), NOW).unwrap();
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let (head, _) = rest.split_once('.').unwrap();
    let mut other = claims();
    other["sub"] = json!("somebody else");
    let payload = URL_SAFE_NO_PAD.encode(other.to_string());
    assert_eq!(keys.check(&format!("{head}.{payload}.{signature}"), NOW), Err(Refused::Invalid));
    for text in ["", ".", "..", "a.b.c", &format!("{token}."), &format!("{token}.x"), &token[1..]] {
        assert_eq!(keys.check(text, NOW), Err(Refused::Invalid), "{text}");
    }
}

#[test]
fn keys_that_are_none_are_refused_without_being_shown() {
    for bad in [
        json!({ "keys": [] }),
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "1", "x": ONE.1, "d": "c2VjcmV0" }] }),
        json!({ "keys": [{ "kty": "oct", "crv": "Ed25519", "kid": "1", "x": ONE.1, "d": ONE.0 }] }),
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "", "x": ONE.1, "d": ONE.0 }] }),
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "1", "x": "", "d": ONE.0 }] }),
    ] {
        let error = Keys::parse(&bad.to_string(), ISSUER).unwrap_err();
        assert!(!error.contains(ONE.0), "{error}");
    }
    assert!(!format!("{:?}", keys(&[jwk("1", ONE)])).contains(ONE.0));
}
