// Attacks on the proofs of units. The same requests without the attack succeed in between.
import assert from "node:assert/strict";
import { createHash, createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { test } from "node:test";
import { base, Client, fresh, routes, signIn } from "./client.mjs";
import { Unit } from "./unit.mjs";

const [first] = JSON.parse(process.env.WORKER_KEYS);
const seconds = () => Math.floor(Date.now() / 1000);

/** A nonce as the worker makes them, of any time. */
function nonceOf(time, secret = first.d) {
  const key = createHash("sha256").update("rusty-audio device nonce\0").update(secret).digest();
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(time));
  return Buffer.concat([bytes, createHmac("sha256", key).update(bytes).digest().subarray(0, 16)]).toString("base64url");
}

const device = routes.filter((route) => (route.security ?? []).some((one) => "device" in one));
assert.ok(device.length >= 6);

/** A paired unit with a fresh nonce. */
async function paired(login) {
  const unit = new Unit();
  await unit.pair(await signIn(login));
  assert.equal((await unit.send("GET", "/api/devices/self")).status, 200);
  return unit;
}

function refused(answer, code, name) {
  assert.equal(answer.status, 401, `${name}: ${answer.status} ${answer.text}`);
  assert.equal(answer.json.code, code, name);
  assert.match(answer.headers.get("www-authenticate"), /^DPoP algs="EdDSA"/);
  assert.match(answer.headers.get("dpop-nonce"), /^[\w-]{32}$/, "the next nonce comes with it");
}

test("every route of units refuses whoever has no proof", async () => {
  const { "__Host-access": token } = (await signIn("nobody")).cookies;
  for (const { method, path } of device) {
    const body = method === "POST" ? {} : undefined;
    const headers = { ...fresh(), ...(path.endsWith("/link") ? { upgrade: "websocket" } : {}) };
    // Node's own client does not send Upgrade: a route that needs it says so first.
    const codes = path.endsWith("/link") ? ["upgrade"] : ["proof_missing"];
    for (const more of [{}, { authorization: `Bearer ${token}` }, { cookie: `__Host-access=${token}` }]) {
      delete headers.upgrade;
      const answer = await new Client().send(method, path, { body, headers: { ...headers, ...more }, origin: null });
      assert.ok(codes.includes(answer.json?.code), `${method} ${path}: ${answer.status} ${answer.text}`);
    }
  }
});

test("altered proofs: another method, address, body, type, algorithm, key, form", async () => {
  const unit = await paired("victor");
  const other = generateKeyPairSync("ed25519");
  const { kty, crv, x } = other.publicKey.export({ format: "jwk" });
  const self = "/api/devices/self";
  const cases = {
    "for another method": { claims: { htm: "DELETE" } },
    "for another path": { claims: { htu: `${base}/api/devices/link` } },
    "for another host": { claims: { htu: `https://evil.example${self}` } },
    "for a path with a query": { claims: { htu: `${base}${self}?a=1` } },
    "for a body": { claims: { bh: createHash("sha256").update("{}").digest("base64url") } },
    "without a body's hash": { claims: { bh: undefined } },
    "without a number": { claims: { jti: undefined } },
    "with a short number": { claims: { jti: "a" } },
    "with a long number": { claims: { jti: "a".repeat(500) } },
    "with a claim too many": { claims: { admin: true } },
    "an ordinary JWT": { header: { typ: "JWT" } },
    "an access token": { header: { typ: "at+jwt" } },
    "alg none": { header: { alg: "none" } },
    "HS256": { header: { alg: "HS256" } },
    "ES256": { header: { alg: "ES256" } },
    "critical": { header: { crit: ["b64"], b64: false } },
    "signed by another key": { key: other.privateKey },
    "the victim's name, one's own key": { header: { jwk: { kty, crv, x } } },
    "a key that is too short": { header: { jwk: { ...unit.jwk, x: "AAAA" } } },
    "a key that is too long": { header: { jwk: { ...unit.jwk, x: `${unit.jwk.x}AAAA` } } },
    "no key": { header: { jwk: undefined } },
    "a key with its secret": { header: { jwk: { ...unit.jwk, d: "AAAA" } } },
    "a key of another curve": { header: { jwk: { ...unit.jwk, crv: "X25519" } } },
    "very long": { claims: { jti: "a".repeat(4000) } },
  };
  for (const [name, twist] of Object.entries(cases)) {
    refused(await unit.once("GET", self, undefined, twist), "proof_invalid", name);
  }
  const good = unit.proof("GET", self);
  for (const [name, proof] of Object.entries({
    "cut": good.slice(0, -4), "twice": `${good}, ${good}`, "empty parts": "..", "unsigned": `${good.split(".").slice(0, 2).join(".")}.`,
    "another signature": `${good.split(".").slice(0, 2).join(".")}.${randomBytes(64).toString("base64url")}`, "not base64": "{}.{}.{}",
  })) {
    refused(await unit.once("GET", self, undefined, { proof }), "proof_invalid", name);
  }
  assert.equal((await unit.once("GET", self, undefined, { proof: good })).status, 200, "untouched it is good");
});

test("a stolen proof is of no use for another request", async () => {
  const unit = await paired("sally");
  const stolen = unit.proof("GET", "/api/devices/self");
  refused(await unit.once("DELETE", "/api/devices/self", undefined, { proof: stolen }), "proof_invalid", "another method");
  const start = unit.proof("POST", "/api/pair/poll", JSON.stringify({ device_code: "a" }));
  refused(await unit.once("POST", "/api/pair/poll", { device_code: "b" }, { proof: start }), "proof_invalid", "another body");
  refused(await unit.once("POST", "/api/pair/confirm", { device_code: "a" }, { proof: start }), "proof_invalid", "another path");
  assert.equal((await unit.send("GET", "/api/devices/self")).status, 200);
});

test("no proof counts twice, however many come at once", async () => {
  const unit = await paired("ruth");
  const proof = unit.proof("GET", "/api/devices/self");
  assert.equal((await unit.once("GET", "/api/devices/self", undefined, { proof })).status, 200);
  refused(await unit.once("GET", "/api/devices/self", undefined, { proof }), "proof_replayed", "again");
  const next = unit.proof("GET", "/api/devices/self");
  const answers = await Promise.all(Array.from({ length: 100 }, () => unit.once("GET", "/api/devices/self", undefined, { proof: next })));
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  assert.equal(answers.filter((answer) => answer.json.code === "proof_replayed").length, 99);
  // The number of another unit's proof is no obstacle to one's own.
  const other = await paired("rita");
  const jti = randomBytes(16).toString("base64url");
  for (const one of [unit, other]) {
    assert.equal((await one.once("GET", "/api/devices/self", undefined, { claims: { jti } })).status, 200);
  }
});

test("nonces: none, invented, another key's, old and of the future", async () => {
  const unit = await paired("nina");
  const ask = (nonce) => unit.once("GET", "/api/devices/self", undefined, { claims: { nonce } });
  assert.equal((await ask(nonceOf(seconds()))).status, 200, "the test makes good nonces");
  assert.equal((await ask(nonceOf(seconds() - 295))).status, 200, "for 300 seconds");
  for (const [name, nonce] of Object.entries({
    "none": "", "invented": randomBytes(24).toString("base64url"), "another key's": nonceOf(seconds(), "secret"), "old": nonceOf(seconds() - 302),
    "of the future": nonceOf(seconds() + 20), "cut": nonceOf(seconds()).slice(0, 11), "of no time": "A".repeat(32),
  })) {
    refused(await ask(nonce), "use_dpop_nonce", name);
  }
  refused(await unit.once("GET", "/api/devices/self", undefined, { claims: { nonce: undefined } }), "proof_invalid", "no claim");
});

test("a key that belongs to nobody gets in nowhere but to pairing", async () => {
  const unit = new Unit();
  await unit.start();
  for (const { method, path } of device.filter(({ path }) => !path.startsWith("/api/pair") && !path.endsWith("/link"))) {
    const answer = await unit.send(method, path, method === "POST" ? {} : undefined);
    refused(answer, "not_paired", `${method} ${path}`);
  }
});
