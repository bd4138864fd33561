// Pairing, from the unit's code to its end from either side, and what must not work about it.
import assert from "node:assert/strict";
import { createPrivateKey, randomBytes, sign } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { base, Client, database, fresh, signIn } from "./client.mjs";
import { Unit } from "./unit.mjs";

const keys = JSON.parse(process.env.WORKER_KEYS);
const seconds = () => Math.floor(Date.now() / 1000);
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
const randomCode = () => Array.from(randomBytes(8), (byte) => LETTERS[byte % 20]).join("");

/** People who are signed in, made by hand: their sessions in the database, their tokens signed with the worker's key. */
function people(count) {
  const db = database();
  const made = [];
  for (let index = 0; index < count; index += 1) {
    const [sub, sid] = [randomBytes(16).toString("base64url"), randomBytes(16).toString("base64url")];
    db.prepare("INSERT INTO users (id, name, created_at) VALUES (?, ?, ?)").run(sub, `Guesser ${index}`, seconds());
    db.prepare("INSERT INTO sessions (id, user_id, secret_hash, created_at, rotated_at, idle_until, expires_at, agent) VALUES (?, ?, ?, ?, ?, ?, ?, '')")
      .run(sid, sub, randomBytes(32).toString("base64url"), seconds(), seconds(), seconds() + 9999, seconds() + 9999);
    const message = `${encode({ alg: "EdDSA", typ: "at+jwt", kid: keys[0].kid })}.${encode({
      iss: base, aud: base, sub, sid, iat: seconds(), exp: seconds() + 600,
    })}`;
    const token = `${message}.${sign(null, Buffer.from(message), createPrivateKey({ key: keys[0], format: "jwk" })).toString("base64url")}`;
    made.push((path, body) => new Client().post(path, body, { headers: { authorization: `Bearer ${token}` } }));
  }
  db.close();
  return made;
}

/** Lets the windows of all exact counters be over, as if time had passed; returns what they stood at. */
function passTime() {
  const folder = join(process.env.WORKER_STATE, "v3/do");
  const tries = [];
  for (const kind of readdirSync(folder).filter((name) => name.endsWith("-Attempts"))) {
    for (const name of readdirSync(join(folder, kind)).filter((file) => /^[0-9a-f]{64}\.sqlite$/.test(file))) {
      const db = new DatabaseSync(join(folder, kind, name));
      db.exec("PRAGMA busy_timeout = 5000");
      if (db.prepare("SELECT name FROM sqlite_schema WHERE name = 'window'").get()) {
        tries.push(...db.prepare("UPDATE window SET began = began - 901 RETURNING tries").all().map((row) => row.tries));
      }
      db.close();
    }
  }
  return tries;
}

test("a unit is paired, is seen by its owner, and unpaired from either side", async () => {
  const client = await signIn("pia");
  const unit = new Unit({ name: "Blue car", model: "Raspberry Pi 4", version: "1.2.3" });
  const codes = await unit.start();
  assert.match(codes.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  assert.equal(codes.verification_uri, `${base}/pair`);
  assert.equal(codes.verification_uri_complete, `${base}/pair?code=${codes.user_code}`);
  assert.deepEqual([codes.expires_in, codes.interval], [300, 5]);
  assert.match(codes.device_code, /^[\w-]{43}$/);
  assert.deepEqual((await unit.poll()).json, { state: "waiting", interval: 5 });
  assert.equal((await unit.confirm()).json.code, "not_approved");

  const typed = codes.user_code.toLowerCase().replace("-", " ");
  const found = await client.post("/api/pair/lookup", { user_code: typed });
  assert.equal(found.status, 200, found.text);
  const { expires_in, ...facts } = found.json;
  assert.deepEqual(facts, { name: "Blue car", model: "Raspberry Pi 4", version: "1.2.3", stage: "waiting", device_id: null });
  assert.ok(expires_in > 280 && expires_in <= 300);
  assert.deepEqual((await client.post("/api/pair/approve", { user_code: codes.user_code })).json, { stage: "confirm" });
  assert.deepEqual((await client.post("/api/pair/approve", { user_code: codes.user_code })).json, { stage: "confirm" }, "once more");
  assert.equal((await client.post("/api/pair/lookup", { user_code: codes.user_code })).json.stage, "confirm");
  const asked = (await unit.poll()).json;
  assert.deepEqual([asked.state, asked.asker], ["confirm", { name: "pia of Home", email: "pia@example.org" }]);
  assert.deepEqual((await client.get("/api/devices")).json, { devices: [] }, "nothing before the press");
  const done = (await unit.confirm()).json;
  assert.equal(done.state, "paired");
  assert.equal(done.owner.name, "pia of Home");
  assert.deepEqual((await unit.confirm()).json, done, "said twice it counts once");
  assert.deepEqual((await unit.poll()).json, done);
  assert.equal((await client.post("/api/pair/lookup", { user_code: codes.user_code })).json.device_id, done.device_id);

  const [device] = (await client.get("/api/devices")).json.devices;
  assert.deepEqual([device.id, device.name, device.model, device.version, device.online], [done.device_id, "Blue car", "Raspberry Pi 4", "1.2.3", false]);
  assert.ok(Math.abs(device.paired_at - seconds()) < 60);
  const itself = (await unit.send("GET", "/api/devices/self")).json;
  assert.deepEqual([itself.device_id, itself.owner.email], [device.id, "pia@example.org"]);
  assert.equal((await client.send("PATCH", `/api/devices/${device.id}`, { body: { name: "Red car" } })).status, 204);
  assert.equal((await unit.send("GET", "/api/devices/self")).json.name, "Red car");
  assert.equal((await client.get("/api/auth/export")).json.data.devices[0].name, "Red car");

  // A unit that is paired is not paired once more; unlinked from its own side it is.
  assert.equal((await unit.send("POST", "/api/pair/start", unit.about)).json.code, "already_paired");
  assert.equal((await unit.send("DELETE", "/api/devices/self")).status, 204);
  assert.equal((await unit.send("GET", "/api/devices/self")).json.code, "not_paired");
  assert.equal((await unit.poll()).json.state, "expired");
  assert.deepEqual((await client.get("/api/devices")).json, { devices: [] });
  const again = await unit.pair(client);
  assert.notEqual(again, device.id, "a new number");
  assert.equal((await client.send("DELETE", `/api/devices/${again}`)).status, 204);
  assert.equal((await client.send("DELETE", `/api/devices/${again}`)).status, 404);
  assert.equal((await unit.send("GET", "/api/devices/self")).json.code, "not_paired");
});

test("the driver says no, and nobody has the unit", async () => {
  const client = await signIn("noah");
  const unit = new Unit();
  const { user_code } = await unit.start();
  await client.post("/api/pair/approve", { user_code });
  assert.deepEqual((await unit.confirm(false)).json, { state: "denied" });
  assert.deepEqual((await unit.confirm(true)).json, { state: "denied" }, "a no stays one");
  assert.equal((await client.post("/api/pair/lookup", { user_code })).json.stage, "denied");
  assert.deepEqual((await client.get("/api/devices")).json, { devices: [] });
});

test("polls that come too soon lengthen the interval, others do not", async () => {
  const unit = new Unit();
  await unit.start();
  const interval = async () => (await unit.poll()).json.interval;
  assert.deepEqual([await interval(), await interval(), await interval()], [5, 10, 15]);
  const db = database();
  db.exec("UPDATE pairings SET polled_at = polled_at - 15");
  db.close();
  assert.equal(await interval(), 15);
});

test("codes end after 300 s", async () => {
  const client = await signIn("olga");
  const unit = new Unit();
  const { user_code } = await unit.start();
  await client.post("/api/pair/approve", { user_code });
  const db = database();
  db.prepare("UPDATE pairings SET expires_at = expires_at - 300 WHERE user_code = ?").run(user_code.replace("-", ""));
  db.close();
  assert.equal((await client.post("/api/pair/lookup", { user_code })).status, 404);
  assert.equal((await client.post("/api/pair/approve", { user_code })).status, 404);
  assert.equal((await unit.poll()).json.state, "expired");
  assert.equal((await unit.confirm()).json.state, "expired");
  assert.deepEqual((await client.get("/api/devices")).json, { devices: [] });
});

test("a unit's own code is of use to nobody else, and a new start ends the one before", async () => {
  const client = await signIn("paul");
  const [unit, thief] = [new Unit(), new Unit()];
  const first = await unit.start();
  await thief.start();
  thief.codes = first;
  assert.equal((await thief.poll()).json.state, "expired");
  await client.post("/api/pair/approve", { user_code: first.user_code });
  assert.equal((await thief.confirm()).json.state, "expired");
  assert.deepEqual((await client.get("/api/devices")).json, { devices: [] });
  assert.equal((await unit.poll()).json.state, "confirm", "the thief has changed nothing");
  await unit.start();
  const second = unit.codes;
  unit.codes = first;
  assert.equal((await unit.confirm()).json.state, "expired");
  unit.codes = second;
  assert.equal((await unit.poll()).json.state, "waiting");
});

test("of two people who approve one code one does; of 20 presses at once one counts", async () => {
  const [one, other] = [await signIn("quentin"), await signIn("rosa")];
  const unit = new Unit();
  const { user_code } = await unit.start();
  const answers = await Promise.all([one, other].map((client) => client.post("/api/pair/approve", { user_code })));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 404]);
  const [winner, loser] = answers[0].status === 200 ? [one, other] : [other, one];
  assert.equal((await loser.post("/api/pair/lookup", { user_code })).status, 404);
  await unit.poll();
  const presses = await Promise.all(Array.from({ length: 20 }, () => unit.once("POST", "/api/pair/confirm", {
    device_code: unit.codes.device_code, accept: true,
  })));
  assert.deepEqual([...new Set(presses.map((answer) => answer.json.state))], ["paired"]);
  assert.equal(new Set(presses.map((answer) => answer.json.device_id)).size, 1);
  assert.equal((await winner.get("/api/devices")).json.devices.length, 1);
  assert.equal((await loser.get("/api/devices")).json.devices.length, 0);
});

test("an account has no more than 50 units, however they come", async () => {
  const client = await signIn("simon");
  const { id } = (await client.get("/api/auth/user")).json;
  const add = (count) => {
    const db = database();
    for (let index = 0; index < count; index += 1) {
      const hash = randomBytes(32).toString("base64url");
      db.prepare("INSERT INTO devices (id, user_id, key_hash, name, model, version, paired_at) VALUES (?, ?, ?, ?, '', '', ?)")
        .run(hash.slice(0, 22), id, hash, `Unit ${index}`, 1000 + Math.floor(index / 3));
    }
    db.close();
  };
  add(49);
  const [one, two] = [new Unit(), new Unit()];
  await one.start();
  await two.start();
  for (const unit of [one, two]) {
    assert.equal((await client.post("/api/pair/approve", { user_code: unit.codes.user_code })).status, 200);
  }
  const states = (await Promise.all([one.confirm(), two.confirm()])).map((answer) => answer.json.state ?? answer.json.code);
  assert.deepEqual(states.sort(), ["paired", "too_many_devices"]);
  const third = new Unit();
  await third.start();
  assert.equal((await client.post("/api/pair/approve", { user_code: third.codes.user_code })).json.code, "too_many_devices");

  // And all of them are listed, each once.
  const names = [];
  let after = "";
  for (let pages = 0; pages < 10; pages += 1) {
    const page = (await client.get(`/api/devices?limit=7${after}`)).json;
    assert.ok(page.devices.length <= 7);
    names.push(...page.devices.map((device) => device.id));
    if (!page.next) break;
    after = `&after=${page.next}`;
  }
  assert.equal(names.length, 50);
  assert.equal(new Set(names).size, 50);
  for (const bad of ["limit=0", "limit=21", "limit=x", "after=x", "after=1.' OR 1=1 --", "after=1"]) {
    assert.equal((await client.get(`/api/devices?${encodeURI(bad)}`)).status, 422, bad);
  }
});

test("what a unit says of itself is checked", async () => {
  const unit = new Unit();
  for (const about of [
    { ...unit.about, name: "" }, { ...unit.about, name: "x".repeat(41) }, { ...unit.about, name: "a\nb" }, { ...unit.about, model: "x".repeat(41) },
    { ...unit.about, version: "\u001b[2J" }, { ...unit.about, more: 1 }, { name: "x" }, [],
  ]) {
    assert.equal((await unit.send("POST", "/api/pair/start", about)).status, 422, JSON.stringify(about));
  }
  const client = await signIn("tom");
  for (const user_code of ["", "BCDF", "AAAA-AAAA", "BCDF-GHJKL", "' OR '1'='1", "BCDFGHJ\u0000"]) {
    assert.equal((await client.post("/api/pair/lookup", { user_code })).status, 422, user_code);
  }
});

test("a unit changes hands when both want it", async () => {
  const [seller, buyer, stranger] = [await signIn("selma"), await signIn("bruno"), await signIn("stan")];
  const unit = new Unit({ name: "Sold car" });
  const id = await unit.pair(seller);
  const offer = async () => (await seller.post(`/api/devices/${id}/transfer`)).json;
  const lookup = (client, code) => client.post("/api/devices/transfer/lookup", { code });
  const accept = (client, code) => client.post("/api/devices/transfer/accept", { code });
  const first = await offer();
  assert.equal(first.expires_in, 600);
  assert.equal((await stranger.post(`/api/devices/${id}/transfer`)).status, 404);
  assert.equal((await stranger.send("DELETE", `/api/devices/${id}/transfer`)).status, 404);
  assert.equal((await accept(seller, first.code)).status, 404, "one's own unit");
  const found = (await lookup(buyer, first.code)).json;
  assert.deepEqual([found.name, found.from.name], ["Sold car", "selma of Home"]);
  assert.equal((await seller.send("DELETE", `/api/devices/${id}/transfer`)).status, 204);
  assert.equal((await accept(buyer, first.code)).status, 404, "taken back");
  const old = await offer();
  const db = database();
  db.prepare("UPDATE transfers SET expires_at = expires_at - 600 WHERE device_id = ?").run(id);
  db.close();
  assert.equal((await lookup(buyer, old.code)).status, 404);
  assert.equal((await accept(buyer, old.code)).status, 404, "over");
  const replaced = await offer();
  const last = await offer();
  assert.equal((await accept(buyer, replaced.code)).status, 404, "a newer offer ends the one before");
  for (const code of ["", "x", "x".repeat(43)]) assert.ok([404, 422].includes((await accept(buyer, code)).status), code);
  const taken = await Promise.all([buyer, stranger].map((client) => accept(client, last.code)));
  assert.deepEqual(taken.map((answer) => answer.status).sort(), [200, 404], "one of them has it");
  const owner = taken[0].status === 200 ? buyer : stranger;
  assert.deepEqual((await owner.get("/api/devices")).json.devices.map((device) => device.id), [id]);
  assert.deepEqual((await seller.get("/api/devices")).json.devices, []);
  assert.equal((await accept(seller, last.code)).status, 404, "used up");
  assert.equal((await seller.send("DELETE", `/api/devices/${id}`)).status, 404);
  assert.notEqual((await unit.send("GET", "/api/devices/self")).json.owner.name, "selma of Home");
});

test("of 1,000 guesses at once by one account ten are looked at", async () => {
  const client = await signIn("gustav");
  const answers = await Promise.all(Array.from({ length: 1000 }, () => client.post("/api/pair/lookup", { user_code: randomCode() })));
  const count = (status) => answers.filter((answer) => answer.status === status).length;
  assert.deepEqual([count(404), count(429)], [10, 990]);
  const late = answers.find((answer) => answer.status === 429);
  assert.ok(late.json.retry_after > 800 && late.json.retry_after <= 900);
  // A right code does not help any more, by either route; others are not held up.
  const unit = new Unit();
  const { user_code } = await unit.start();
  assert.equal((await client.post("/api/pair/lookup", { user_code })).status, 429);
  assert.equal((await client.post("/api/pair/approve", { user_code })).status, 429);
  const other = await signIn("hedwig");
  for (let tries = 0; tries < 12; tries += 1) {
    assert.equal((await other.post("/api/pair/lookup", { user_code })).status, 200, "right codes are not counted");
  }
  assert.equal((await other.post("/api/pair/approve", { user_code })).status, 200);
});

test("of 1,100 guesses at once by 110 accounts a thousand are looked at", async () => {
  after(passTime);
  passTime();
  const unit = new Unit();
  const { user_code } = await unit.start();
  const guessers = people(110);
  const answers = await Promise.all(guessers.flatMap((post) => Array.from({ length: 10 }, () => post("/api/pair/lookup", { user_code: randomCode() }))));
  const count = (status) => answers.filter((answer) => answer.status === status).length;
  assert.deepEqual([count(404), count(429)], [1000, 100]);
  assert.equal((await people(1)[0]("/api/pair/lookup", { user_code })).status, 429, "also a right one, by anybody");
  assert.equal(passTime().filter((tries) => tries === 1000).length, 1);
  const client = await signIn("ida");
  assert.equal((await client.post("/api/pair/lookup", { user_code })).status, 200, "in a new window");
});
