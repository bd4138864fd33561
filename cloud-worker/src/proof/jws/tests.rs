//! Forged, borrowed and twisted proofs.

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

use super::*;

const NOW: Seconds = 1_800_000_000;
const URL: &str = "https://rusty-audio.example/api/pair/poll";
const BODY: &[u8] = br#"{"device_code":"x"}"#;

fn nonces() -> Nonces {
    Nonces::new(b"secret").unwrap()
}

fn signing() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn header() -> Value {
    let x = URL_SAFE_NO_PAD.encode(signing().verifying_key().as_bytes());
    json!({ "typ": "dpop+jwt", "alg": "EdDSA", "jwk": { "kty": "OKP", "crv": "Ed25519", "x": x } })
}

fn claims() -> Value {
    json!({
        "jti": "AAAAAAAAAAAAAAAAAAAAAA", "htm": "POST", "htu": URL, "iat": 0, "nonce": nonces().issue(NOW),
        "bh": URL_SAFE_NO_PAD.encode(Sha256::digest(BODY)),
    })
}

fn sign(header: &Value, claims: &Value, key: &SigningKey) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = key.sign(message.as_bytes()).to_bytes();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn verdict(proof: &str) -> Result<Proven, Refused> {
    let nonces = nonces();
    check(proof, &Expected { method: "POST", url: URL, body: BODY, now: NOW + 10, nonces: &nonces })
}

#[test]
fn a_proof_for_this_request_names_its_key() {
    let proven = verdict(&sign(&header(), &claims(), &signing())).unwrap();
    assert_eq!(proven.jti, "AAAAAAAAAAAAAAAAAAAAAA");
    let x = header()["jwk"]["x"].as_str().unwrap().to_owned();
    assert_eq!(proven.key, ids::digest(&PublicKey::ed25519(x).thumbprint_input()));
}

#[test]
fn a_proof_for_another_request_is_none() {
    for (name, value) in [
        ("htm", json!("GET")),
        ("htm", json!("post")),
        ("htu", json!("https://rusty-audio.example/api/pair/confirm")),
        ("htu", json!("https://evil.example/api/pair/poll")),
        ("htu", json!(format!("{URL}/"))),
        ("htu", json!(format!("{URL}?x=1"))),
        ("bh", json!(URL_SAFE_NO_PAD.encode(Sha256::digest(b"{}")))),
        ("bh", json!("")),
        ("jti", json!("")),
        ("jti", json!("AAAAAAAAAAAAAAAAAAAAA")),
        ("jti", json!(1)),
        ("iat", json!("now")),
        ("more", json!(1)),
    ] {
        let mut claims = claims();
        claims[name] = value.clone();
        assert_eq!(verdict(&sign(&header(), &claims, &signing())), Err(Refused::Invalid), "{name} {value}");
    }
    for name in ["jti", "htm", "htu", "iat", "nonce", "bh"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        assert_eq!(verdict(&sign(&header(), &claims, &signing())), Err(Refused::Invalid), "without {name}");
    }
}

#[test]
fn a_stale_or_foreign_nonce_asks_for_another() {
    for nonce in [String::new(), nonces().issue(NOW - 291), Nonces::new(b"other").unwrap().issue(NOW)] {
        let mut claims = claims();
        claims["nonce"] = json!(nonce);
        assert_eq!(verdict(&sign(&header(), &claims, &signing())), Err(Refused::Nonce), "{nonce}");
    }
}

#[test]
fn twisted_headers_are_refused() {
    let x = header()["jwk"]["x"].clone();
    for (path, value) in [
        ("/typ", json!("JWT")),
        ("/typ", json!("at+jwt")),
        ("/alg", json!("none")),
        ("/alg", json!("HS256")),
        ("/alg", json!("eddsa")),
        ("/jwk/kty", json!("EC")),
        ("/jwk/crv", json!("X25519")),
        ("/jwk/x", json!("")),
        ("/jwk/x", json!("AAAA")),
        ("/jwk/x", json!(URL_SAFE_NO_PAD.encode([1_u8; 31]))),
        ("/jwk/x", json!(URL_SAFE_NO_PAD.encode([1_u8; 33]))),
        ("/jwk/x", json!(format!("{}=", x.as_str().unwrap()))),
    ] {
        let mut header = header();
        *header.pointer_mut(path).unwrap() = value.clone();
        assert_eq!(verdict(&sign(&header, &claims(), &signing())), Err(Refused::Invalid), "{path} {value}");
    }
    for (name, value) in
        [("kid", json!("1")), ("crit", json!(["b64"])), ("x5u", json!("https://evil.example"))]
    {
        let mut header = header();
        header[name] = value;
        assert_eq!(verdict(&sign(&header, &claims(), &signing())), Err(Refused::Invalid), "{name}");
    }
    let mut private = header();
    private["jwk"]["d"] = json!("AAAA");
    assert_eq!(verdict(&sign(&private, &claims(), &signing())), Err(Refused::Invalid), "with a private key");
}

#[test]
fn another_keys_signature_is_none() {
    let other = SigningKey::from_bytes(&[8; 32]);
    assert_eq!(verdict(&sign(&header(), &claims(), &other)), Err(Refused::Invalid));
    let good = sign(&header(), &claims(), &signing());
    let message = good.rsplit_once('.').unwrap().0;
    for signature in ["", "AAAA", &URL_SAFE_NO_PAD.encode([0_u8; 64]), &URL_SAFE_NO_PAD.encode([0_u8; 65])] {
        assert_eq!(verdict(&format!("{message}.{signature}")), Err(Refused::Invalid), "{signature}");
    }
    for text in ["", ".", "..", "a.b", &format!("{good}."), &format!("{good}, {good}"), &good[1..]] {
        assert_eq!(verdict(text), Err(Refused::Invalid), "{text}");
    }
}

#[test]
fn a_key_that_anybody_can_sign_for_is_refused() {
    // The point of order one: R = identity and s = 0 are a signature of everything.
    let mut identity = [0_u8; 32];
    identity[0] = 1;
    let mut header = header();
    header["jwk"]["x"] = json!(URL_SAFE_NO_PAD.encode(identity));
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut signature = [0_u8; 64];
    signature[0] = 1;
    let proof = format!("{}.{}.{}", part(&header), part(&claims()), URL_SAFE_NO_PAD.encode(signature));
    assert_eq!(verdict(&proof), Err(Refused::Invalid));
}

#[test]
fn a_proof_too_long_is_not_read() {
    let mut claims = claims();
    claims["htm"] = json!("P".repeat(MAX_PROOF));
    assert_eq!(verdict(&sign(&header(), &claims, &signing())), Err(Refused::Invalid));
}
