// Attacks on signing in. Each must fail; the first test shows that the same steps succeed without the attack.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { agree, base, Client, database, fresh, routes, signIn } from "./client.mjs";
import { ecKey, gitHub, jws, rogue } from "./doubles.mjs";

let provider;
let github;
before(async () => {
  provider = await rogue(Number(process.env.ROGUE_PORT));
  github = await gitHub(Number(process.env.GITHUB_PORT));
});
after(() => [provider, github].forEach((one) => one.server.close()));

const seconds = () => Math.floor(Date.now() / 1000);

/** What the sign-in under way looks like to the provider. */
async function begin(client = new Client(), name = "rogue", back = "/") {
  const answer = await client.get(`/api/auth/login/${name}?return=${encodeURIComponent(back)}`, { headers: fresh() });
  assert.equal(answer.status, 303, answer.text);
  const query = Object.fromEntries(new URL(answer.location).searchParams);
  return { client, query, cookies: { ...client.cookies }, address: answer.location };
}

const claims = (nonce, changes = {}) => ({
  iss: provider.issuer, sub: "mallory", aud: "us", iat: seconds(), exp: seconds() + 300, nonce, name: "Mallory", ...changes,
});
const header = (changes = {}) => ({ alg: "ES256", kid: provider.keys[0].kid, ...changes });

/** The provider's answer in that browser. */
function come(begun, { client = begun.client, name = "rogue", query = {} } = {}) {
  const all = { code: "c", state: begun.query.state, iss: provider.issuer, ...query };
  for (const key of Object.keys(all)) if (all[key] === undefined) delete all[key];
  const text = typeof query === "string" ? query : new URLSearchParams(all).toString();
  return client.get(`/api/auth/callback/${name}?${text}`, { headers: fresh() });
}

function refused(answer, code) {
  assert.equal(answer.status, 400, answer.text);
  assert.equal(answer.json.code, code, answer.text);
  const session = answer.headers.getSetCookie().find((line) => line.startsWith("__Host-session="));
  assert.equal(session, undefined, "no session begins");
}

beforeEach(() => {
  if (provider) provider.token = (form) => jws(header(), claims(provider.nonce), provider.keys[0].privateKey);
});

test("without an attack the same steps sign somebody in", async () => {
  const begun = await begin();
  provider.nonce = begun.query.nonce;
  const answer = await come(begun);
  assert.equal(answer.status, 303, answer.text);
  assert.equal((await begun.client.get("/api/auth/user")).json.name, "Mallory");
});

test("state: wrong, missing, twice, used, somebody else's, old, or another provider's", async () => {
  const begun = await begin();
  provider.nonce = begun.query.nonce;
  refused(await come(begun, { query: { state: "x".repeat(43) } }), "state");
  refused(await come(begun, { query: { state: undefined } }), "state");
  refused(await come(begun, { query: { state: "' OR 1=1 --" } }), "state");
  refused(await come(begun, { query: `code=c&iss=${provider.issuer}&state=${begun.query.state}&state=${begun.query.state}` }), "state");
  assert.equal((await come(begun)).status, 303, "the right one still works once");
  refused(await come(begun, { client: new Client(begun.cookies) }), "state");

  const victim = await begin();
  provider.nonce = victim.query.nonce;
  refused(await come(victim, { client: new Client() }), "state");
  const attacker = await begin();
  provider.nonce = attacker.query.nonce;
  refused(await come(attacker, { client: victim.client }), "state");

  const old = await begin();
  provider.nonce = old.query.nonce;
  const db = database();
  db.exec("UPDATE logins SET issued_at = issued_at - 601");
  db.close();
  refused(await come(old), "state");

  const mixed = await begin();
  refused(await come(mixed, { name: "home" }), "state");
});

test("state: of 20 parallel answers with one state one is taken", async () => {
  const begun = await begin();
  provider.nonce = begun.query.nonce;
  const answers = await Promise.all(Array.from({ length: 20 }, () => come(begun, { client: new Client(begun.cookies) })));
  assert.equal(answers.filter((answer) => answer.status === 303).length, 1);
});

test("issuer: an answer that names another, none, or two (RFC 9207)", async () => {
  for (const query of [{ iss: "https://evil.example" }, { iss: undefined }, { iss: "" }]) {
    const begun = await begin();
    provider.nonce = begun.query.nonce;
    refused(await come(begun, { query }), "issuer");
  }
  const begun = await begin();
  const twice = `code=c&state=${begun.query.state}&iss=${provider.issuer}&iss=https://evil.example`;
  refused(await come(begun, { query: twice }), "issuer");
});

test("code: used twice, and put into another browser's sign-in", async () => {
  const first = await begin(new Client(), "home");
  const back = new URL(await agree(first.address, "victim"));
  assert.equal((await first.client.get(back.href, { headers: fresh() })).status, 303);
  refused(await new Client(first.cookies).get(back.href, { headers: fresh() }), "state");
  // The same code with a good state of one's own: the provider has seen the code.
  const second = await begin(new Client(), "home");
  back.searchParams.set("state", second.query.state);
  refused(await second.client.get(back.href, { headers: fresh() }), "code");
  // A fresh code of the victim's in the attacker's sign-in: PKCE's secret does not fit.
  const victim = await begin(new Client(), "home");
  const stolen = new URL(await agree(victim.address, "victim"));
  const attacker = await begin(new Client(), "home");
  stolen.searchParams.set("state", attacker.query.state);
  refused(await attacker.client.get(stolen.href, { headers: fresh() }), "code");
});

test("PKCE is S256 for everyone and its secret goes to the token endpoint only", async () => {
  for (const name of ["home", "rogue", "github"]) {
    const begun = await begin(new Client(), name);
    assert.equal(begun.query.code_challenge_method, "S256", name);
    assert.match(begun.query.code_challenge, /^[\w-]{43}$/);
    assert.equal(begun.query.code_verifier, undefined);
    assert.equal(new URL(begun.query.redirect_uri).pathname, `/api/auth/callback/${name}`);
  }
  const begun = await begin();
  provider.nonce = begun.query.nonce;
  await come(begun);
  const form = provider.forms.at(-1);
  assert.equal(createHash("sha256").update(form.code_verifier).digest("base64url"), begun.query.code_challenge);
  // The certified provider refuses to begin without.
  const bare = new URL((await begin(new Client(), "home")).address);
  bare.searchParams.delete("code_challenge");
  bare.searchParams.delete("code_challenge_method");
  const said = await new Client().get(bare.href);
  assert.match(said.location ?? said.text, /invalid_request/);
});

test("nonce: of another sign-in, empty, or none", async () => {
  const other = await begin();
  for (const nonce of [other.query.nonce, "", undefined, null]) {
    const begun = await begin();
    provider.nonce = nonce;
    refused(await come(begun), "id_token");
  }
});

test("ID token: forged in every classic way", async () => {
  const [key] = provider.keys;
  const pem = key.publicKey.export({ type: "spki", format: "pem" });
  const strange = ecKey("b");
  const good = (nonce, changes) => claims(nonce, changes);
  const forgeries = {
    "alg none": (n) => jws(header({ alg: "none" }), good(n), null),
    "alg None": (n) => jws(header({ alg: "None" }), good(n), null),
    "no signature": (n) => jws(header(), good(n), null),
    "HS256 with the public key as PEM": (n) => jws(header({ alg: "HS256" }), good(n), pem),
    "HS256 with the public key as JWK": (n) => jws(header({ alg: "HS256" }), good(n), JSON.stringify(key.jwk)),
    "ES256 in name, HMAC in fact": (n) => jws(header(), good(n), pem),
    "a strange key under the known name": (n) => jws(header(), good(n), strange.privateKey),
    "a strange key under its own name": (n) => jws(header({ kid: "b" }), good(n), strange.privateKey),
    "a key in the header": (n) => jws(header({ kid: "b", jwk: strange.jwk }), good(n), strange.privateKey),
    "an address of keys in the header": (n) =>
      jws(header({ kid: "b", jku: `${provider.issuer}/evil-keys`, x5u: `${provider.issuer}/evil-keys` }), good(n), strange.privateKey),
    "a path as the key's name": (n) => jws(header({ kid: "../../../dev/null" }), good(n), ""),
    "SQL as the key's name": (n) => jws(header({ kid: "a' UNION SELECT 'x" }), good(n), "x"),
    "a critical extension": (n) => jws(header({ crit: ["b64"], b64: true }), good(n), key.privateKey),
    "another audience": (n) => jws(header(), good(n, { aud: "them" }), key.privateKey),
    "several audiences": (n) => jws(header(), good(n, { aud: ["us", "them"] }), key.privateKey),
    "issued to another": (n) => jws(header(), good(n, { azp: "them" }), key.privateKey),
    "another issuer": (n) => jws(header(), good(n, { iss: "https://accounts.google.com" }), key.privateKey),
    "a tenant in the issuer": (n) => jws(header(), good(n, { iss: `${provider.issuer}/x`, tid: "x" }), key.privateKey),
    "expired": (n) => jws(header(), good(n, { exp: seconds() - 61, iat: seconds() - 300 }), key.privateKey),
    "from the future": (n) => jws(header(), good(n, { iat: seconds() + 300, exp: seconds() + 600 }), key.privateKey),
    "an old one that never ends": (n) => jws(header(), good(n, { iat: seconds() - 9999, exp: seconds() + 9999 }), key.privateKey),
    "no subject": (n) => jws(header(), good(n, { sub: "" }), key.privateKey),
    "a number for a subject": (n) => jws(header(), good(n, { sub: 7 }), key.privateKey),
    "not a token": () => "a.b.c",
    "nothing": () => "",
    "changed claims": (n) => {
      const [head, , signature] = jws(header(), good(n), key.privateKey).split(".");
      return `${head}.${Buffer.from(JSON.stringify(good(n, { sub: "admin" }))).toString("base64url")}.${signature}`;
    },
  };
  for (const [name, forge] of Object.entries(forgeries)) {
    const begun = await begin();
    provider.token = () => forge(begun.query.nonce);
    const answer = await come(begun);
    assert.equal(answer.status, 400, `${name}: ${answer.status} ${answer.text}`);
    assert.equal(answer.json.code, "id_token", name);
    assert.equal(answer.headers.getSetCookie().find((line) => /__Host-session=./.test(line)), undefined, name);
  }
  assert.ok(!provider.asked.includes("/evil-keys"), "nobody looked where the token pointed");
});

/** The keys that the worker keeps are made to look as if they were fetched then. */
function fetchedAt(then) {
  const root = join(process.env.WORKER_STATE, "v3/kv");
  for (const name of readdirSync(root, { recursive: true })) {
    const path = join(root, name);
    if (!statSync(path).isFile() || path.includes(".sqlite")) continue;
    const text = readFileSync(path, "utf8");
    if (text.includes('"fetched_at":')) writeFileSync(path, text.replace(/"fetched_at":\d{10}/, `"fetched_at":${then}`));
  }
}

test("keys: a new one is found, an old one is no longer taken, and nobody makes us ask all the time", async () => {
  const [old] = provider.keys;
  const asked = () => provider.asked.filter((url) => url === "/jwks").length;
  const fresher = ecKey("rotated");
  const attempt = async (key) => {
    const begun = await begin();
    provider.token = () => jws(header({ kid: key.kid }), claims(begun.query.nonce), key.privateKey);
    return come(begun);
  };
  provider.keys = [fresher];
  fetchedAt(seconds());
  const before = asked();
  refused(await attempt(fresher), "id_token");
  refused(await attempt(ecKey("x")), "id_token");
  assert.equal(asked(), before, "not again within half a minute");
  fetchedAt(seconds() - 31);
  assert.equal((await attempt(fresher)).status, 303, "then the new key is found");
  assert.equal(asked(), before + 1);
  refused(await attempt(old), "id_token");
});

test("session fixation: a planted secret is worth nothing after the sign-in", async () => {
  const planted = "p".repeat(43);
  const client = await signIn("peggy", new Client({ "__Host-session": planted }));
  assert.notEqual(client.cookies["__Host-session"], planted);
  assert.equal((await new Client({ "__Host-session": planted }).post("/api/auth/refresh")).status, 401);
  // A session of somebody else in this browser ends when another person signs in.
  const attacker = await signIn("attacker");
  const victim = await signIn("victim", new Client(attacker.cookies));
  assert.notEqual(victim.cookies["__Host-session"], attacker.cookies["__Host-session"]);
  assert.equal((await attacker.post("/api/auth/refresh")).status, 401);
});

test("open redirect: only paths of our own", async () => {
  for (const back of [
    "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%09/evil.example\t", "javascript:alert(1)",
    "/..//evil.example", "/.//evil.example", "", "evil", "/a\r\nset-cookie: x=1",
  ]) {
    const answer = await new Client().get(`/api/auth/login/rogue?return=${encodeURIComponent(back)}`, { headers: fresh() });
    assert.equal(answer.status, 422, `${JSON.stringify(back)} ${answer.location}`);
    assert.equal(answer.json.fields[0].field, "return");
  }
});

test("a person who comes back with an error lands on our own page", async () => {
  const begun = await begin();
  const answer = await begun.client.get(`/api/auth/callback/rogue?error=access_denied&state=${begun.query.state}&iss=${provider.issuer}`,
    { headers: { ...fresh(), accept: "text/html" } });
  assert.equal(answer.status, 303);
  assert.equal(answer.location, "/?sign_in_error=declined");
});

test("CSRF: pages of others change nothing, on any route", async () => {
  const client = await signIn("quentin");
  const foreign = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: `${base}.evil.example` },
    { origin: null },
    { origin: null, headers: { "sec-fetch-site": "cross-site" } },
    { origin: null, headers: { "sec-fetch-site": "same-site" } },
  ];
  let tried = 0;
  for (const route of routes) {
    if (route.method === "GET" || route.security.some((one) => "device" in one)) continue;
    for (const options of foreign) {
      const path = route.path.replace(/\{\w+\}/g, "x");
      const answer = await client.send(route.method, path, { ...options, body: route.requestBody ? {} : undefined });
      assert.equal(answer.status, 403, `${route.method} ${route.path} ${JSON.stringify(options)}: ${answer.status}`);
      assert.equal(answer.json.code, "cross_origin");
      tried += 1;
    }
  }
  assert.ok(tried >= 30, `${tried}`);
  // Reading by cookie from a foreign page is refused too.
  assert.equal((await client.get("/api/auth/user", { headers: { origin: "https://evil.example" } })).status, 403);
  assert.equal((await client.get("/api/auth/user")).status, 200);
});

test("accounts are never joined by an address of mail", async () => {
  const alice = await signIn("alice");
  const begun = await begin();
  provider.token = () => jws(header(), claims(begun.query.nonce, { sub: "thief", email: "alice@example.org", email_verified: true }), provider.keys[0].privateKey);
  assert.equal((await come(begun)).status, 303);
  const thief = (await begun.client.get("/api/auth/user")).json;
  assert.equal(thief.email, "alice@example.org");
  assert.notEqual(thief.id, (await alice.get("/api/auth/user")).json.id);
});

test("linking: by the signed-in browser itself, and never an identity of somebody else", async () => {
  const link = async (client) => {
    const answer = await client.post("/api/auth/link/rogue", undefined, { headers: fresh() });
    assert.equal(answer.status, 200, answer.text);
    const query = Object.fromEntries(new URL(answer.json.location).searchParams);
    return { client, query, cookies: { ...client.cookies } };
  };
  const as = (sub, nonce) => () => jws(header(), claims(nonce, { sub }), provider.keys[0].privateKey);
  assert.equal((await new Client().post("/api/auth/link/rogue", undefined, { headers: fresh() })).status, 401);

  const rupert = await signIn("rupert");
  let begun = await link(rupert);
  provider.token = as("rupert-2", begun.query.nonce);
  assert.equal((await come(begun)).status, 303);
  assert.equal((await rupert.get("/api/auth/user")).json.identities.length, 2);

  // The linked identity now signs in to the same account.
  const elsewhere = await begin();
  provider.token = as("rupert-2", elsewhere.query.nonce);
  await come(elsewhere);
  assert.equal((await elsewhere.client.get("/api/auth/user")).json.id, (await rupert.get("/api/auth/user")).json.id);

  // Another account cannot take it.
  const sybil = await signIn("sybil");
  begun = await link(sybil);
  provider.token = as("rupert-2", begun.query.nonce);
  const taken = await come(begun);
  assert.equal(taken.status, 409);
  assert.equal(taken.json.code, "identity_taken");

  // The answer in a browser that is signed in as somebody else, or no more, links nothing.
  for (const session of [undefined, (await signIn("trent")).cookies["__Host-session"]]) {
    begun = await link(sybil);
    provider.token = as("new-one", begun.query.nonce);
    const other = new Client({ "__Host-login": begun.cookies["__Host-login"], ...(session ? { "__Host-session": session } : {}) });
    assert.equal((await come(begun, { client: other })).status, 401);
  }
  assert.equal((await sybil.get("/api/auth/user")).json.identities.length, 1);

  // Taken off, it signs in to another account.
  const mine = (await rupert.get("/api/auth/user")).json.identities.find((one) => one.provider === "rogue");
  assert.equal((await sybil.send("DELETE", `/api/auth/identities/${mine.id}`)).status, 404, "not by others");
  assert.equal((await rupert.send("DELETE", `/api/auth/identities/${mine.id}`)).status, 204);
});

test("GitHub: the number is who somebody is, and only a verified address is kept", async () => {
  const come = async (code = "good") => {
    const begun = await begin(new Client(), "github");
    const answer = await begun.client.get(`/api/auth/callback/github?code=${code}&state=${begun.query.state}`, { headers: fresh() });
    return { ...begun, answer };
  };
  github.user = { id: 583231, login: "octocat", name: "The Octocat" };
  github.emails = [{ email: "o@example.org", primary: true, verified: false }];
  const first = await come();
  assert.equal(first.answer.status, 303, first.answer.text);
  const before = (await first.client.get("/api/auth/user")).json;
  assert.deepEqual([before.name, before.email, before.identities[0].provider], ["The Octocat", null, "github"]);
  const form = github.forms.at(-1);
  assert.equal(form.client_secret, "hush");
  assert.equal(createHash("sha256").update(form.code_verifier).digest("base64url"), first.query.code_challenge);
  assert.ok(github.asked.every(([, , , agent]) => agent === "rusty-audio-cloud"));

  github.user = { id: 583231, login: "renamed", name: null };
  assert.equal((await (await come()).client.get("/api/auth/user")).json.id, before.id, "the same number");
  github.user = { id: 999, login: "octocat", name: "The Octocat" };
  github.emails = [{ email: "o@example.org", primary: true, verified: true }];
  const other = (await (await come()).client.get("/api/auth/user")).json;
  assert.notEqual(other.id, before.id, "the same name is somebody else");
  assert.equal(other.email, "o@example.org");
  assert.notEqual((await come("bad")).answer.status, 303);
});
