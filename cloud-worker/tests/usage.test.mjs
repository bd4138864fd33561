// Usage: through the real queue into the real database, exactly once, whatever fails on the way.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { test } from "node:test";
import { base, Client, database, fresh, signIn } from "./client.mjs";
import { Unit } from "./unit.mjs";

const today = Math.floor(Date.now() / 86_400_000);
const number = () => randomBytes(16).toString("base64url");
const event = (kind, amount, day = today) => ({ id: number(), day, kind, amount });
const db = database();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `look` gives something true. */
async function until(look, what, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(200)) {
    const seen = look();
    if (seen) return seen;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

async function unitOf(login) {
  const client = await signIn(login);
  const unit = new Unit();
  await unit.pair(client);
  return [client, unit];
}

const stored = (unit) => db.prepare("SELECT count(*) AS n, coalesce(sum(amount), 0) AS sum FROM usage_events WHERE device_id = ?").get(unit.id);

/** The clock strikes; what has come is made old enough to be summed up first. */
async function strike() {
  db.exec("UPDATE usage_events SET received_at = received_at - 20");
  // What was summed up before stays where the sums think it is.
  db.exec("UPDATE usage_counted SET until = 0");
  const answer = await new Client().get("/cdn-cgi/handler/scheduled?cron=7+*+*+*+*");
  assert.equal(answer.status, 200, answer.text);
}

test("a batch that comes three times, with a fifth of the writes failing, counts once", async () => {
  const [client, unit] = await unitOf("usage-1");
  // The database itself refuses a fifth of the first events of batches, at random: a write that fails as a whole.
  db.exec(`CREATE TRIGGER flaky BEFORE INSERT ON usage_events WHEN NEW.amount = 77 AND abs(random()) % 5 = 0
           BEGIN SELECT RAISE(ABORT, 'flaky'); END`);
  let sum = 0;
  try {
    const batches = Array.from({ length: 40 }, () => {
      const events = [event("starts", 77), ...Array.from({ length: 9 }, (_, n) => event("played_seconds", n + 1))];
      sum += 77 + 45;
      return { events };
    });
    for (const batch of batches) {
      for (let time = 0; time < 3; time += 1) {
        const answer = await unit.send("POST", "/api/usage", batch);
        assert.deepEqual([answer.status, answer.json], [200, { taken: 10 }], answer.text);
      }
    }
    await until(() => stored(unit).n >= 400, "every event is there");
    // What comes once more changes nothing, and what fails meanwhile comes again.
    await wait(4000);
  } finally {
    db.exec("DROP TRIGGER flaky");
  }
  assert.deepEqual({ ...stored(unit) }, { n: 400, sum });
  await strike();
  const summary = (await client.get("/api/usage")).json;
  assert.deepEqual(summary.totals, { played_seconds: 40 * 45, starts: 40 * 77 });
  assert.deepEqual(summary.days.map((day) => [day.device_id, day.day, day.kind, day.amount]), [
    [unit.id, today, "played_seconds", 1800], [unit.id, today, "starts", 3080],
  ]);
  // Summing up again changes nothing; a late event of the same day is added.
  await strike();
  await unit.send("POST", "/api/usage", { events: [event("starts", 1)] });
  await until(() => stored(unit).n === 401, "the late event");
  await strike();
  assert.deepEqual((await client.get("/api/usage")).json.totals, { played_seconds: 1800, starts: 3081 });
  const again = db.prepare("SELECT count(*) AS n FROM usage_dead WHERE user_id = (SELECT user_id FROM devices WHERE id = ?)").get(unit.id);
  assert.equal(again.n, 0, "nothing was given up");
});

test("what cannot be worked off is recorded, and somebody is told, also when the webhook fails at first", async () => {
  const alerts = [];
  let status = 500;
  const webhook = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    alerts.push({ status, path: request.url, body: JSON.parse(body) });
    response.writeHead(status).end();
  });
  await new Promise((resolve) => webhook.listen(Number(process.env.ALERT_PORT), "127.0.0.1", resolve));
  const [, unit] = await unitOf("usage-2");
  const [, other] = await unitOf("usage-3");
  const poison = event("underruns", 66);
  db.exec(`CREATE TRIGGER poison BEFORE INSERT ON usage_events WHEN NEW.amount = 66 BEGIN SELECT RAISE(ABORT, 'poison'); END`);
  try {
    await unit.send("POST", "/api/usage", { events: [poison, event("starts", 1)] });
    // Others' messages of the same batch are not kept back by it.
    await other.send("POST", "/api/usage", { events: [event("starts", 5)] });
    await until(() => stored(other).n === 1, "the other unit's event");
    const dead = await until(() => db.prepare("SELECT * FROM usage_dead WHERE body LIKE ?").get(`%${poison.id}%`), "the record", 90);
    assert.equal(stored(unit).n, 0);
    assert.equal(dead.user_id, db.prepare("SELECT user_id FROM devices WHERE id = ?").get(unit.id).user_id);
    await until(() => alerts.length > 0, "the first alert");
    assert.equal(db.prepare("SELECT told_at FROM usage_dead WHERE id = ?").get(dead.id).told_at, null);
    status = 204;
    await strike();
    const last = alerts.at(-1);
    assert.deepEqual([last.status, last.path], [204, "/alert"]);
    assert.equal(last.body.environment, "dev");
    assert.ok(last.body.messages >= 1);
    assert.match(last.body.text, /could not be worked off/);
    assert.doesNotMatch(JSON.stringify(alerts), new RegExp(`${unit.id}|${poison.id}|usage-2`), "nobody is named");
    assert.ok(db.prepare("SELECT told_at FROM usage_dead WHERE id = ?").get(dead.id).told_at > 0);
    const count = alerts.length;
    await strike();
    assert.equal(alerts.length, count, "told once");
  } finally {
    db.exec("DROP TRIGGER poison");
    webhook.close();
  }
});

test("a batch is held to its bounds, and to days that can be true", async () => {
  const [, unit] = await unitOf("usage-4");
  const send = (events) => unit.send("POST", "/api/usage", { events });
  const good = event("starts", 1);
  for (const bad of [
    [], [{ ...good, amount: 0 }], [{ ...good, amount: 86_401 }], [{ ...good, amount: 1.5 }], [{ ...good, kind: "songs" }],
    [{ ...good, id: "short" }], [{ ...good, id: "'; DROP TABLE users; --" }], [good, good], [{ ...good, day: -1 }],
    [{ ...good, title: "what was played" }], Array.from({ length: 501 }, () => event("starts", 1)),
  ]) {
    assert.equal((await send(bad)).status, 422, JSON.stringify(bad).slice(0, 100));
  }
  assert.equal((await unit.send("POST", "/api/usage", "x".repeat(100_000))).status, 413);
  const answer = await send([event("starts", 1, today - 40), event("starts", 1, today + 5), event("starts", 2, today - 32), event("starts", 3, 0)]);
  assert.deepEqual(answer.json, { taken: 1 });
  await until(() => stored(unit).n === 1, "the one event");
  const person = await signIn("usage-4");
  assert.equal((await person.post("/api/usage", { events: [good] })).status, 401);
});

test("one sees the use of one's own units only, and it stays with who had the unit", async () => {
  const [client, unit] = await unitOf("usage-5");
  const [stranger] = await unitOf("usage-6");
  await unit.send("POST", "/api/usage", { events: [event("tracks_finished", 12)] });
  await until(() => stored(unit).n === 1, "the event");
  await strike();
  assert.deepEqual((await client.get(`/api/usage?device=${unit.id}`)).json.totals, { tracks_finished: 12 });
  assert.deepEqual((await stranger.get(`/api/usage?device=${unit.id}`)).json.days, []);
  assert.deepEqual((await stranger.get("/api/usage")).json.days, []);
  assert.deepEqual((await client.get("/api/auth/export")).json.data.usage.map((row) => row.amount), [12]);
  for (const query of ["from=x", "from=1&to=200", "from=5&to=4", "device=%27%20OR%201%3D1", "from=-1"]) {
    assert.equal((await client.get(`/api/usage?${query}`)).status, 422, query);
  }
  assert.equal((await client.send("DELETE", `/api/devices/${unit.id}`, { headers: fresh() })).status, 204);
  assert.deepEqual((await client.get("/api/usage")).json.totals, { tracks_finished: 12 });
  const user = (await client.get("/api/auth/user")).json.id;
  await client.send("DELETE", "/api/auth/account", { body: { confirm: "delete my account" } });
  for (const table of ["usage_events", "usage_days", "usage_dead"]) {
    assert.equal(db.prepare(`SELECT count(*) AS n FROM ${table} WHERE user_id = ?`).get(user).n, 0, table);
  }
  assert.equal((await new Client().get(`${base}/api/usage`, { headers: fresh() })).status, 401);
});
