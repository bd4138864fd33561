// Attacks on access tokens, limits and bodies.
import assert from "node:assert/strict";
import { createPrivateKey, sign } from "node:crypto";
import { test } from "node:test";
import { base, Client, fresh, logged, signIn } from "./client.mjs";
import { jws } from "./doubles.mjs";

const keys = JSON.parse(process.env.WORKER_KEYS);
const seconds = () => Math.floor(Date.now() / 1000);
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token signed with one of the worker's own keys. */
function ours(header, claims, key = keys[0]) {
  const message = `${encode({ alg: "EdDSA", typ: "at+jwt", kid: key.kid, ...header })}.${encode(claims)}`;
  return `${message}.${sign(null, Buffer.from(message), createPrivateKey({ key, format: "jwk" })).toString("base64url")}`;
}

const ask = (token) => new Client().get("/api/auth/user", { headers: { authorization: `Bearer ${token}` } });

test("access tokens: ours are taken, twisted ones are not", async () => {
  const client = await signIn("uma");
  const token = client.cookies["__Host-access"];
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.equal((await ask(token)).status, 200);
  assert.equal((await ask(ours({}, claims))).status, 200, "the test can sign");
  assert.equal((await ask(ours({}, claims, keys[1]))).status, 200, "also with the key before");
  assert.ok(claims.exp - claims.iat <= 600);
  const { x } = keys[0];
  const twisted = {
    "alg none": jws({ alg: "none", typ: "at+jwt", kid: keys[0].kid }, claims, null),
    "no signature": jws({ alg: "EdDSA", typ: "at+jwt", kid: keys[0].kid }, claims, null),
    "HS256 with the public key": jws({ alg: "HS256", typ: "at+jwt", kid: keys[0].kid }, claims, Buffer.from(x, "base64url")),
    "EdDSA in name, HMAC in fact": jws({ alg: "EdDSA", typ: "at+jwt", kid: keys[0].kid }, claims, x),
    "another type": ours({ typ: "JWT" }, claims),
    "no type": ours({ typ: undefined }, claims),
    "unknown key": ours({ kid: "zzz" }, claims),
    "the other key's name": ours({ kid: keys[1].kid }, claims),
    "a path for a key": ours({ kid: "../../../../dev/null" }, claims),
    "a key of its own": ours({ kid: "zzz", jwk: { kty: "OKP", crv: "Ed25519", x } }, claims),
    "critical": ours({ crit: ["exp"] }, claims),
    "another audience": ours({}, { ...claims, aud: "https://evil.example" }),
    "another issuer": ours({}, { ...claims, iss: "https://evil.example" }),
    "of the future": ours({}, { ...claims, iat: seconds() + 60, exp: seconds() + 120 }),
    "for ever": ours({}, { ...claims, exp: seconds() + 86400 }),
    "cut": token.slice(0, -4),
    "twice": `${token}.${token}`,
    "nothing": "",
  };
  for (const [name, bad] of Object.entries(twisted)) {
    const answer = await ask(bad);
    assert.equal(answer.status, 401, `${name}: ${answer.text}`);
    assert.equal(answer.json.code, "access_invalid", name);
  }
  const over = await ask(ours({}, { ...claims, iat: seconds() - 700, exp: seconds() - 100 }));
  assert.equal(over.status, 401);
  assert.equal(over.json.code, "access_expired");
  const nobody = await ask(ours({}, { ...claims, sub: "nobody" }));
  assert.equal(nobody.status, 401, "a session is its user's");
  const ended = await ask(ours({}, { ...claims, sid: "nothing" }));
  assert.equal(ended.status, 401);
});

test("the session's secret is no access token and the other way round", async () => {
  const client = await signIn("victor");
  const { "__Host-session": session, "__Host-access": access } = client.cookies;
  assert.equal((await ask(session)).status, 401);
  assert.equal((await new Client({ "__Host-session": access }).post("/api/auth/refresh")).status, 401);
  assert.equal((await new Client({ "__Host-access": access }).get("/api/auth/user")).status, 200);
});

test("sign-ins of one address are counted exactly, however many come at once", async () => {
  const headers = { "cf-connecting-ip": `192.0.2.${process.pid % 250}` };
  const answers = await Promise.all(Array.from({ length: 200 }, () => new Client().get("/api/auth/login/home", { headers })));
  assert.equal(answers.filter((answer) => answer.status === 303).length, 60);
  const late = answers.find((answer) => answer.status === 429);
  assert.equal(late.json.code, "too_many_requests");
  assert.ok(late.json.retry_after > 0 && late.json.retry_after <= 600);
  assert.equal(late.headers.get("retry-after"), String(late.json.retry_after));
  assert.equal((await new Client().get("/api/auth/login/home", { headers: fresh() })).status, 303, "others are not held up");
});

test("bodies: too large, too deep, not JSON, and with surprises", async () => {
  const client = await signIn("wendy");
  const send = (body, headers = {}) => client.send("DELETE", "/api/auth/account", { body, headers });
  const large = await send(JSON.stringify({ confirm: "x".repeat(2000) }));
  assert.equal(large.status, 413);
  assert.equal(large.json.code, "too_large");
  // Without a length told in advance.
  let parts = 6;
  const body = new ReadableStream({
    pull(controller) {
      parts -= 1;
      if (parts < 0) controller.close();
      else controller.enqueue(new TextEncoder().encode("x".repeat(600)));
    },
  });
  const streamed = await fetch(`${base}/api/auth/account`, {
    method: "DELETE", body, duplex: "half",
    headers: { origin: base, "content-type": "application/json", cookie: `__Host-access=${client.cookies["__Host-access"]}` },
  });
  assert.equal(streamed.status, 413);
  assert.equal((await send("[".repeat(1000))).status, 422);
  assert.equal((await send("{\"confirm\":{\"a\":".repeat(60))).status, 422);
  assert.equal((await send("confirm=delete my account", { "content-type": "application/x-www-form-urlencoded" })).status, 415);
  assert.equal((await send("{\"confirm\":\"delete my account\"}", { "content-type": "text/plain" })).status, 415);
  assert.equal((await send({ confirm: "delete my account", admin: true })).status, 422);
  assert.equal((await send({ confirm: ["delete my account"] })).json.fields[0].field, "confirm");
  assert.equal((await send("")).status, 422);
  assert.equal((await client.get("/api/auth/user")).status, 200, "the account is still there");
});

test("injection strings are values and nothing else", async () => {
  const client = await signIn("xavier");
  for (const evil of ["' OR '1'='1", "x'; DROP TABLE users; --", "%00", "../../etc/passwd", "{\"$ne\":1}", "é".repeat(50)]) {
    const id = encodeURIComponent(evil);
    assert.equal((await client.send("DELETE", `/api/auth/sessions/${id}`)).status, 404, evil);
    assert.equal((await client.send("DELETE", `/api/auth/identities/${id}`)).status, 404, evil);
    assert.equal((await client.get(`/api/auth/login/${id}`, { headers: fresh() })).status, 404, evil);
    assert.equal((await client.get(`/api/auth/callback/${id}?state=${id}&code=${id}`, { headers: fresh() })).status, 404, evil);
  }
  assert.equal((await client.get("/api/auth/user")).status, 200);
});

test("a panic costs its own request only, with a hundred others under way", async () => {
  const client = await signIn("yves");
  const before = logged().length;
  const others = Array.from({ length: 100 }, (_, index) => (async () => {
    await new Promise((resolve) => setTimeout(resolve, index));
    return client.get("/api/auth/export");
  })());
  const panics = Array.from({ length: 5 }, (_, index) => (async () => {
    await new Promise((resolve) => setTimeout(resolve, 10 + index * 15));
    return client.get("/api/dev/panic");
  })());
  for (const answer of await Promise.all(panics)) {
    assert.equal(answer.status, 500);
    assert.equal(answer.json.code, "internal");
  }
  for (const answer of await Promise.all(others)) assert.equal(answer.status, 200, answer.text);
  assert.equal((await client.get("/api/auth/user")).status, 200);
  assert.equal(logged().slice(before).match(/"event":"panic"/g).length, 5);
});
