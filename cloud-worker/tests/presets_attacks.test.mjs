// Attacks on presets and usage: other people's numbers, injected SQL and JSON, bodies beyond measure, forged pages.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Client, database, fresh, signIn } from "./client.mjs";
import { Unit } from "./unit.mjs";

const sound = (name) => ({ name, bands: [{ frequency: 1000, gain: 3, q: 1.4 }] });
const INJECTIONS = [
  "' OR 1=1 --", "'; DROP TABLE presets; --", "\" OR \"\"=\"", "1) UNION SELECT id FROM users --", "%27%20OR%201=1",
  "\\u0027 OR 1", "$.x", "[0]", "json('{}')", "x' || (SELECT email FROM users) || '", "\u202e\u2066", "{\"a\":1}",
];
const counts = () => {
  const db = database();
  return ["users", "presets", "favourites", "usage_days"].map((table) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get().n);
};

test("a preset of somebody else is not there: to read, to change, to delete, to like, to sync", async () => {
  const [owner, thief] = [await signIn("owner-1"), await signIn("thief-1")];
  const made = (await owner.post("/api/presets", { sound: sound("Mine"), public: true })).json;
  const unit = new Unit();
  await unit.pair(thief);
  for (const id of [made.id, made.public_id]) {
    const path = `/api/presets/${id}`;
    for (const answer of [
      await thief.get(path),
      await thief.send("PUT", path, { body: { sound: sound("Stolen") }, headers: { "if-match": "*" } }),
      await thief.send("DELETE", path),
    ]) assert.deepEqual([answer.status, answer.json.code], [404, "not_found"]);
  }
  assert.equal((await thief.send("PUT", `/api/presets/${made.id}/favourite`)).status, 404);
  // A unit may use the same number: it is another preset, of another account.
  const synced = await unit.send("POST", "/api/devices/self/presets", {
    since: 0, changes: [{ id: made.id, base: 1, preset: sound("Stolen") }],
  });
  assert.deepEqual(synced.json.presets.map((preset) => preset.preset.name), ["Stolen"]);
  const deleted = await unit.send("POST", "/api/devices/self/presets", { since: 0, changes: [{ id: made.id, base: 9, preset: null }] });
  assert.equal(deleted.status, 200);
  const kept = await owner.get(`/api/presets/${made.id}`);
  assert.deepEqual([kept.json.sound.name, kept.json.version], ["Mine", 1]);
});

test("injected strings are texts, or refused", async () => {
  const client = await signIn("injector");
  const unit = new Unit();
  await unit.pair(client);
  const { id } = (await client.post("/api/presets", { sound: sound("Base") })).json;
  let version = 1;
  for (const text of INJECTIONS) {
    const before = counts();
    const put = await client.send("PUT", `/api/presets/${id}`, {
      body: { sound: sound(text), tags: [text.slice(0, 24)] }, headers: { "if-match": `"${version}"` },
    });
    if (put.status === 200) {
      version += 1;
      assert.equal(put.json.sound.name, text);
    } else assert.equal(put.status, 422, text);
    const encoded = encodeURIComponent(text);
    assert.equal((await client.get(`/api/presets/${encoded}`)).status, 404, text);
    assert.equal((await client.send("PUT", `/api/presets/${encoded}/favourite`)).status, 404, text);
    assert.ok([200, 422].includes((await client.get(`/api/presets/public?tag=${encoded}`)).status), text);
    for (const query of [`category=${encoded}`, `after=${encoded}`, `limit=${encoded}`]) {
      assert.equal((await client.get(`/api/presets/public?${query}`)).status, 422, query);
    }
    assert.equal((await client.get(`/api/presets?before=${encoded}`)).status, 422, text);
    assert.equal((await client.get(`/api/usage?device=${encoded}`)).status, 422, text);
    const synced = await unit.send("POST", "/api/devices/self/presets", { since: 0, changes: [{ id: text, base: 0, preset: sound("x") }] });
    assert.equal(synced.json.kept_back.length, 1, text);
    assert.deepEqual(counts(), before, text);
  }
});

test("bodies beyond measure are refused before they are followed", async () => {
  const client = await signIn("heavy");
  const send = (body, headers = {}) => client.send("POST", "/api/presets", { body, headers: { "content-type": "application/json", ...fresh(), ...headers } });
  assert.equal((await send(`{"sound":${" ".repeat(17_000)}}`)).status, 413);
  assert.equal((await send("[".repeat(16_000))).status, 422);
  assert.equal((await send(`{"sound":{"name":"x","bands":${"[".repeat(15_000)}`)).status, 422);
  assert.equal((await send(`{"sound":{"name":"x","bands":[${"{},".repeat(4000)}{}]}}`)).status, 422);
  assert.equal((await send("{\"sound\":1,\"sound\":2}")).status, 422);
  assert.equal((await send("null")).status, 422);
  assert.equal((await send("{}", { "content-type": "text/plain" })).status, 415);
  const proto = await send('{"__proto__":{"tier":"plus"},"sound":{"name":"x","bands":[]}}');
  assert.equal(proto.status, 422);
});

test("pages of others change nothing", async () => {
  const client = await signIn("forged");
  const { id } = (await client.post("/api/presets", { sound: sound("Mine") })).json;
  for (const origin of ["https://evil.example", "null"]) {
    for (const [method, path] of [["POST", "/api/presets"], ["PUT", `/api/presets/${id}`], ["DELETE", `/api/presets/${id}`], ["PUT", `/api/presets/${id}/favourite`]]) {
      const answer = await client.send(method, path, { origin, body: method === "DELETE" ? undefined : { sound: sound("x") }, headers: { "if-match": "*" } });
      assert.equal(answer.status, 403, `${origin} ${method} ${path}`);
    }
    assert.equal((await client.get("/api/presets", { headers: { origin } })).headers.get("access-control-allow-origin"), null);
  }
  assert.equal((await client.get(`/api/presets/${id}`)).json.version, 1);
});

test("two hundred likes of one person at once count once", async () => {
  const [owner, fan] = [await signIn("liked-owner"), await signIn("liked-fan")];
  const { id, public_id } = (await owner.post("/api/presets", { sound: sound("Liked"), public: true })).json;
  const answers = await Promise.all(Array.from({ length: 200 }, () => fan.send("PUT", `/api/presets/${public_id}/favourite`, { headers: fresh() })));
  assert.ok(answers.every((answer) => answer.status === 204));
  assert.equal((await owner.get(`/api/presets/${id}`)).json.favourites, 1);
});

test("an account's change of presets never takes another's revision", async () => {
  const clients = await Promise.all(["rev-1", "rev-2"].map((name) => signIn(name)));
  const id = randomBytes(16).toString("base64url");
  const units = await Promise.all(clients.map(async (client) => {
    const unit = new Unit();
    await unit.pair(client);
    return unit;
  }));
  await Promise.all(units.map((unit, n) => unit.send("POST", "/api/devices/self/presets", {
    since: 0, changes: [{ id, base: 0, preset: sound(`n${n}`) }],
  })));
  for (const [n, client] of clients.entries()) {
    assert.deepEqual((await client.get("/api/presets")).json.presets.map((preset) => preset.sound.name), [`n${n}`]);
  }
  assert.equal((await new Client().get(`/api/presets/${id}`, { headers: fresh() })).status, 401);
});
