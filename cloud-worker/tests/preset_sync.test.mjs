// Presets between units of one owner.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Client, fresh, signIn } from "./client.mjs";
import { Unit } from "./unit.mjs";

const number = () => randomBytes(16).toString("base64url");
const sound = (name) => ({ name, preamp: 0, bands: [{ kind: "peaking", frequency: 100, gain: 1.5, q: 1 }] });
const path = "/api/devices/self/presets";

/** A unit that keeps presets as it should: `presets` by number, `since` from the last answer. */
class Player extends Unit {
  since = 0;
  presets = new Map();

  async sync(changes = []) {
    for (let pages = 0; pages < 10; pages += 1) {
      const answer = await this.send("POST", path, { since: this.since, changes: pages === 0 ? changes : [] });
      assert.equal(answer.status, 200, answer.text);
      this.take(answer.json);
      if (!answer.json.more) return answer.json;
    }
    throw new Error("there is always more");
  }

  take({ revision, presets }) {
    for (const { id, version, preset } of presets) {
      if (preset === null) this.presets.delete(id);
      else this.presets.set(id, { version, preset });
    }
    this.since = revision;
  }

  names() { return [...this.presets.values()].map(({ preset }) => preset.name).sort(); }
}

async function household(login, count = 2) {
  const client = await signIn(login);
  const players = [];
  for (let n = 0; n < count; n += 1) {
    const player = new Player({ name: `Unit ${n}` });
    await player.pair(client);
    players.push(player);
  }
  return [client, ...players];
}

test("what is made on one unit comes to the other and to the page, and back", async () => {
  const [client, one, other] = await household("sync-1");
  const id = number();
  const answer = await one.sync([{ id, base: 0, preset: sound("Mine") }]);
  assert.deepEqual(answer.presets, [{ id, version: 1, preset: sound("Mine") }]);
  assert.deepEqual(answer.kept_back, []);
  await other.sync();
  assert.deepEqual(other.names(), ["Mine"]);
  const [seen] = (await client.get("/api/presets")).json.presets;
  assert.deepEqual([seen.id, seen.version, seen.sound.name], [id, 1, "Mine"]);
  await client.send("PUT", `/api/presets/${id}`, { body: { sound: sound("Ours") }, headers: { "if-match": '"1"' } });
  await client.post("/api/presets", { sound: sound("Page's") });
  for (const player of [one, other]) {
    await player.sync();
    assert.deepEqual(player.names(), ["Ours", "Page's"]);
  }
  assert.deepEqual((await one.sync()).presets, [], "nothing new");
  await one.sync([{ id, base: 2, preset: null }]);
  await other.sync();
  assert.deepEqual(other.names(), ["Page's"]);
});

test("two units that change one version keep both sounds, and a lost answer doubles nothing", async () => {
  const [, one, other] = await household("sync-2");
  const id = number();
  await one.sync([{ id, base: 0, preset: sound("Start") }]);
  await other.sync();
  const mine = { id, base: 1, preset: sound("One's") };
  const theirs = { id, base: 1, preset: sound("Other's") };
  await one.sync([mine]);
  // The answer is lost three times.
  for (let n = 0; n < 3; n += 1) assert.equal((await other.send("POST", path, { since: other.since, changes: [theirs] })).status, 200);
  await other.sync([theirs]);
  await one.sync();
  // And one's own answer was lost too.
  await one.sync([mine]);
  for (const player of [one, other]) {
    await player.sync();
    assert.deepEqual(player.names(), ["One's", "Other's (2)"]);
  }
});

test("a change wins over a deletion, whichever comes first", async () => {
  const [, one, other] = await household("sync-3");
  const [a, b] = [number(), number()];
  await one.sync([{ id: a, base: 0, preset: sound("A") }, { id: b, base: 0, preset: sound("B") }]);
  await other.sync();
  await one.sync([{ id: a, base: 1, preset: null }, { id: b, base: 1, preset: sound("B2") }]);
  await other.sync([{ id: a, base: 1, preset: sound("A2") }, { id: b, base: 1, preset: null }]);
  await one.sync();
  for (const player of [one, other]) assert.deepEqual(player.names(), ["A2", "B2"]);
});

test("many units at once: nothing is lost, every revision is one's own", async () => {
  const [client, ...players] = await household("sync-4", 5);
  await Promise.all(players.map((player, n) => player.sync([
    { id: number(), base: 0, preset: sound(`a${n}`) }, { id: number(), base: 0, preset: sound(`b${n}`) },
  ])));
  for (const player of players) {
    await player.sync();
    assert.equal(player.presets.size, 10);
  }
  assert.equal(new Set(players.map((player) => player.since)).size, 1);
  assert.equal((await client.get("/api/presets")).json.presets.length, 10);
});

test("what cannot be kept is told and keeps nothing else back", async () => {
  const [client, one] = await household("sync-5", 1);
  for (let n = 0; n < 9; n += 1) assert.equal((await client.post("/api/presets", { sound: sound(`p${n}`) })).status, 201);
  const [fits, loud, full] = [number(), number(), number()];
  const { kept_back: kept } = await one.sync([
    { id: loud, base: 0, preset: { ...sound("Loud"), preamp: 9 } },
    { id: fits, base: 0, preset: sound("Fits") },
    { id: full, base: 0, preset: sound("Full") },
    { id: "'; DROP TABLE presets", base: 0, preset: sound("x") },
  ]);
  assert.deepEqual(kept.map((one) => one.id), [loud, full, "'; DROP TABLE presets"]);
  assert.match(kept[1].why, /10 presets/);
  assert.ok(one.presets.has(fits));
  // Room again: it is taken at the next try.
  await one.sync([{ id: fits, base: 1, preset: null }]);
  assert.deepEqual((await one.sync([{ id: full, base: 0, preset: sound("Full") }])).kept_back, []);
});

test("an exchange has its bounds and belongs to a unit", async () => {
  const [client, one] = await household("sync-6", 1);
  const many = Array.from({ length: 101 }, () => ({ id: number(), base: 0, preset: null }));
  assert.equal((await one.send("POST", path, { since: 0, changes: many })).status, 422);
  assert.equal((await one.send("POST", path, { since: 2 ** 41, changes: [] })).status, 422);
  assert.equal((await one.send("POST", path, { since: 0, changes: [], more: 1 })).status, 422);
  // A revision that this account has not reached: everything is told.
  await client.post("/api/presets", { sound: sound("Here") });
  const answer = await one.send("POST", path, { since: 999, changes: [] });
  assert.deepEqual(answer.json.presets.map((preset) => preset.preset.name), ["Here"]);
  // A person's sign-in is no unit's, and a unit that nobody has is none.
  assert.equal((await client.post(path, { since: 0, changes: [] })).status, 401);
  const stranger = await new Unit().send("POST", path, { since: 0, changes: [] });
  assert.deepEqual([stranger.status, stranger.json.code], [401, "not_paired"]);
});

test("more than a page comes in pages", async () => {
  const [client, one] = await household("sync-7", 1);
  // Deleted ones count as changes too.
  for (let round = 0; round < 13; round += 1) {
    const ids = Array.from({ length: 10 }, number);
    await one.sync(ids.map((id) => ({ id, base: 0, preset: sound("x") })));
    if (round < 12) await one.sync(ids.map((id) => ({ id, base: 1, preset: null })));
  }
  const late = new Player();
  await late.pair(client);
  const first = await late.send("POST", path, { since: 0, changes: [] });
  assert.deepEqual([first.json.more, first.json.presets.length], [true, 100]);
  await late.sync();
  assert.equal(late.presets.size, 10);
  assert.equal(late.since, one.since);
});

test("a connected unit hears of a change", async () => {
  const [client, one] = await household("sync-8", 1);
  await one.sync();
  const line = await one.link();
  assert.equal(one.welcome.head.presets, one.since);
  await client.post("/api/presets", { sound: sound("News") });
  const told = await line.until("presets");
  assert.equal(told.head.revision, one.since + 1);
  await one.sync();
  assert.deepEqual(one.names(), ["News"]);
  line.close();
});
