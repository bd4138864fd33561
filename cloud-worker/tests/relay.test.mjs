// The relay: a unit's link and its owner's remotes, by a WebSocket client that is not ours.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Client, database, signIn } from "./client.mjs";
import { closeAll, Line, Remote, Unit } from "./unit.mjs";

after(closeAll);

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A person with a paired unit that is linked. */
async function pairedUnit(login, about) {
  const client = await signIn(login);
  const unit = new Unit(about);
  await unit.pair(client);
  await unit.link();
  return { client, unit, id: unit.id };
}

test("a command goes to the unit and its answer comes back, as they are", async () => {
  const { client, unit, id } = await pairedUnit("rhea", { name: "Rhea's car" });
  const { now_ms, ...welcome } = unit.welcome.head;
  assert.deepEqual({ ...welcome, presets: 0 }, { type: "welcome", owner: "rhea of Home", name: "Rhea's car", presets: 0 });
  assert.ok(Math.abs(now_ms - Date.now()) < 5000);
  const remote = await Remote.open(client, id);
  assert.equal(remote.first.unit, "online");
  const opened = await unit.line.next();
  assert.deepEqual(opened.head, { type: "opened", phone: 1 });
  // With a line feed, quotes and letters in it: the relay does not read frames.
  const frame = "{\"type\":\"command\",\n \"name\":\"Ä \\\"quoted\\\" 🎵\"}";
  const until_ms = Date.now() + 3000;
  remote.frame(frame, { until_ms });
  const command = await unit.line.next();
  assert.deepEqual(command.head, { type: "frame", phone: 1, seq: 1, until_ms });
  assert.equal(command.frame, frame);
  unit.reply(1, "{\"type\":\"update\",\n\"volume\":-20}");
  assert.equal((await remote.next()).text, "{\"type\":\"update\",\n\"volume\":-20}");
  assert.equal((await client.get("/api/devices")).json.devices[0].online, true);
  remote.close();
  assert.deepEqual((await unit.line.next()).head, { type: "closed", phone: 1 });
  unit.line.close();
  await unit.line.closed;
  await pause(300);
  const [device] = (await client.get("/api/devices")).json.devices;
  assert.equal(device.online, false);
  assert.ok(Math.abs(device.seen_at - Date.now() / 1000) < 20);
});

test("several remotes are kept apart, and numbers are not used again", async () => {
  const { client, unit, id } = await pairedUnit("sven");
  const one = await Remote.open(client, id);
  const two = await Remote.open(client, id);
  one.frame({ from: "one" });
  two.frame({ from: "two" });
  const seen = [];
  while (seen.length < 2) {
    const message = await unit.line.next();
    if (message.head.type === "frame") seen.push([message.head.phone, JSON.parse(message.frame).from]);
  }
  assert.deepEqual(seen.sort(), [[1, "one"], [2, "two"]]);
  for (let volume = 0; volume < 50; volume += 1) for (const phone of [1, 2]) unit.reply(phone, { phone, volume });
  for (const [phone, remote] of [[1, one], [2, two]]) {
    for (let volume = 0; volume < 50; volume += 1) assert.deepEqual(JSON.parse((await remote.next()).text), { phone, volume }, "in step and in order");
  }
  // The unit sends one away; the other stays.
  unit.line.send({ type: "close", phone: 1 });
  assert.equal((await one.ended()).code, 4004);
  assert.deepEqual((await unit.line.until("closed")).head, { type: "closed", phone: 1 });
  unit.reply(1, { late: true });
  unit.reply(99, { nobody: true });
  unit.reply(2, { still: "here" });
  assert.deepEqual(JSON.parse((await two.next()).text), { still: "here" });
  await Remote.open(client, id);
  assert.deepEqual((await unit.line.until("opened")).head, { type: "opened", phone: 3 });
});

test("remotes hear when the unit goes and comes, and it hears of those that are there", async () => {
  const { client, unit, id } = await pairedUnit("tilda");
  const remote = await Remote.open(client, id);
  unit.line.close();
  assert.equal((await remote.until("relay")).head.unit, "offline");
  remote.frame({ to: "nobody" });
  const answer = (await remote.next()).head;
  assert.deepEqual([answer.type, answer.unit], ["relay", "offline"], "a frame for nobody is not kept");
  await unit.link();
  assert.equal((await remote.until("relay")).head.unit, "online");
  assert.deepEqual((await unit.line.next()).head, { type: "opened", phone: 1 });
  remote.frame({ to: "unit" });
  assert.equal((await unit.line.next()).frame, "{\"to\":\"unit\"}", "the one before is gone");
  // A newer link takes the place of the older; remotes notice nothing but its coming.
  const old = unit.line;
  await unit.link();
  assert.equal((await old.ended()).code, 4000);
  await pause(500);
  assert.deepEqual(remote.messages.map((message) => message.head.unit), ["online"]);
  remote.frame({ to: "new" });
  assert.equal((await unit.line.until("frame")).frame, "{\"to\":\"new\"}");
});

test("the unit is told what its owner changes", async () => {
  const { client, unit, id } = await pairedUnit("una");
  await client.send("PATCH", `/api/devices/${id}`, { body: { name: "Neu ü\"\n".trim() } });
  assert.deepEqual((await unit.line.next()).head, { type: "renamed", name: "Neu ü\"" });
});

test("pings are answered", async () => {
  const { client, unit, id } = await pairedUnit("viola");
  const remote = await Remote.open(client, id);
  await unit.line.until("opened");
  for (const line of [unit.line, remote]) {
    line.send("ping");
    assert.equal((await line.next()).text, "pong");
  }
});

test("tickets: used twice, of another unit, too old, invented, of somebody else", async () => {
  const { client, unit, id } = await pairedUnit("wanda");
  const second = new Unit();
  await second.pair(client);
  const ticket = async (device = id) => (await client.post(`/api/devices/${device}/ticket`)).json.ticket;
  const open = async (device, given) => {
    const line = Remote.with(device, given);
    const answer = await line.opened;
    line.socket.terminate();
    return answer.status === 101 ? 101 : answer.code;
  };
  const once = await ticket();
  assert.equal(await open(id, once), 101);
  assert.equal(await open(id, once), "ticket", "twice");
  const racing = await ticket();
  const race = await Promise.all(Array.from({ length: 20 }, () => open(id, racing)));
  assert.equal(race.filter((answer) => answer === 101).length, 1);
  const others = await ticket(second.id);
  assert.equal(await open(id, others), "ticket", "of another unit");
  assert.equal(await open(second.id, others), 101, "which is still good there");
  for (const bad of ["", "x", "x".repeat(43), "'%20OR%201=1%20--", `${await ticket()}&ticket=${await ticket()}`]) {
    assert.equal(await open(id, bad), "ticket", bad);
  }
  for (const device of ["x", "x".repeat(22), "..%2f..", "'"]) assert.equal(await open(device, await ticket()), "ticket", device);
  const mallory = await signIn("mallory");
  assert.equal((await mallory.post(`/api/devices/${id}/ticket`)).status, 404);
  assert.equal((await new Client().post(`/api/devices/${id}/ticket`)).status, 401);
  unit.line.close();
});

test("WebSockets of foreign pages and of nobody in particular are refused", async () => {
  const { client, id } = await pairedUnit("xenia");
  for (const origin of ["https://evil.example", "null", "http://127.0.0.1", `${process.env.WORKER}.evil.example`, null]) {
    const { ticket } = (await client.post(`/api/devices/${id}/ticket`)).json;
    const foreign = Remote.with(id, ticket, origin);
    const answer = await foreign.opened;
    assert.deepEqual([answer.status, answer.code], [403, "cross_origin"], origin);
    const own = Remote.with(id, ticket);
    assert.equal((await own.opened).status, 101, "the ticket was not used up by it");
    own.socket.terminate();
  }
  const configured = Remote.with(id, (await client.post(`/api/devices/${id}/ticket`)).json.ticket, "http://localhost:5173");
  assert.equal((await configured.opened).status, 101);
  configured.socket.terminate();
  const cookie = Object.entries(client.cookies).map(([name, value]) => `${name}=${value}`).join("; ");
  const without = new Line(`${process.env.WORKER.replace("http", "ws")}/api/devices/${id}/remote`, { origin: process.env.WORKER, cookie });
  assert.equal((await without.opened).code, "ticket", "a cookie is no ticket");
});

const now = () => Date.now();
const good = (seq) => `{"seq":${seq},"until_ms":${now() + 5000}}\n{"good":${seq}}`;
// What each sends, how the connection ends, and how many of its frames the unit has heard before.
for (const [name, code, heard, messages] of [
  ["repeated", 1008, 1, () => [good(1), good(1)]],
  ["out of order", 1008, 1, () => [good(5), good(4)]],
  ["numbered zero", 1008, 0, () => [good(0)]],
  ["without a head", 1008, 0, () => ["{\"evil\":1}"]],
  ["without a frame", 1008, 0, () => [`{"seq":1,"until_ms":${now() + 5000}}`]],
  ["a unit's", 1008, 0, () => ["{\"type\":\"frame\",\"phone\":1}\n{\"evil\":1}"]],
  ["the relay's", 1008, 0, () => [`{"type":"frame","phone":1,"seq":1,"until_ms":${now() + 5000}}\n{"evil":1}`]],
  ["of another remote", 1008, 0, () => [`{"seq":1,"until_ms":${now() + 5000},"phone":2}\n{"evil":1}`]],
  ["numbered below zero", 1008, 0, () => [`{"seq":-1,"until_ms":${now() + 5000}}\n{"evil":1}`]],
  ["numbered twice", 1008, 0, () => [`{"seq":1,"seq":2,"until_ms":${now() + 5000}}\n{"evil":1}`]],
  ["deep JSON", 1008, 0, () => [`${"[".repeat(400)}\n{"evil":1}`]],
  ["long in its head", 1008, 0, () => [`{"seq":1,${" ".repeat(600)}"until_ms":${now() + 5000}}\n{"evil":1}`]],
  ["long in its frame", 1009, 0, () => [`{"seq":1,"until_ms":${now() + 5000}}\n${"x".repeat(64 * 1024 + 1)}`]],
  ["900 kB long", 1009, 0, () => ["x".repeat(900_000)]],
  ["binary", 1003, 0, () => [Buffer.from(good(1))]],
]) {
  test(`a remote's message that is ${name} goes nowhere and ends the connection`, async () => {
    const { client, unit, id } = await pairedUnit("yara");
    const remote = await Remote.open(client, id);
    for (const message of messages()) remote.socket.send(message);
    // What comes after the end counts no more.
    remote.socket.send(good(99));
    assert.equal((await remote.ended()).code, code);
    let frames = 0;
    for (;;) {
      const message = await unit.line.next();
      if (message.head.type === "frame") frames += 1;
      if (message.head.type === "closed") break;
    }
    assert.equal(frames, heard);
    await client.send("DELETE", `/api/devices/${id}`);
  });
}

test("what is late goes nowhere, what would live long does not", async () => {
  const { client, unit, id } = await pairedUnit("yvonne");
  const remote = await Remote.open(client, id);
  await unit.line.until("opened");
  remote.frame({ late: 1 }, { until_ms: now() - 1000 });
  assert.equal((await remote.next()).head.type, "relay", "it is told the time");
  remote.frame({ late: 2 }, { until_ms: 0 });
  remote.frame({ long: 1 }, { until_ms: now() + 3_600_000 });
  const first = await unit.line.next();
  assert.equal(first.frame, "{\"long\":1}", "nothing that was late came");
  assert.ok(first.head.until_ms <= now() + 10_500, "and nothing lives longer than ten seconds");
  remote.frame("x".repeat(64 * 1024));
  assert.equal((await unit.line.next()).frame.length, 64 * 1024, "the longest frame passes");
});

test("a unit's messages are looked at as well", async () => {
  const { client, unit, id } = await pairedUnit("zoe");
  const remote = await Remote.open(client, id);
  const cases = {
    "no head": [1008, "{\"evil\":1}"], "no frame": [1008, "{\"type\":\"frame\",\"phone\":1}"], "a remote's head": [1008, `{"seq":1,"until_ms":${Date.now() + 5000}}\n{}`],
    "the relay's": [1008, "{\"type\":\"unpaired\"}"], "binary": [1003, Buffer.from("{\"type\":\"close\",\"phone\":1}")],
    "too long": [1009, `{"type":"frame","phone":1}\n${"x".repeat(512 * 1024)}`],
  };
  for (const [name, [code, message]] of Object.entries(cases)) {
    await unit.link();
    unit.line.socket.send(message);
    assert.equal((await unit.line.ended()).code, code, name);
  }
  await unit.link();
  unit.reply(1, "x".repeat(512 * 1024 - 40));
  const long = await (async () => { for (;;) { const message = await remote.next(); if (message.text.startsWith("x")) return message; } })();
  assert.equal(long.text.length, 512 * 1024 - 40);
});

test("of 500 messages at once a hundred and few more pass, then the connection ends", async () => {
  const { client, unit, id } = await pairedUnit("abel");
  const [greedy, modest] = [await Remote.open(client, id), await Remote.open(client, id)];
  for (let index = 0; index < 500; index += 1) greedy.frame({ index });
  modest.frame({ modest: true });
  assert.equal((await greedy.ended()).code, 4008);
  let [passed, heard] = [0, false];
  for (;;) {
    const message = await unit.line.next();
    if (message.head.type === "frame" && message.head.phone === 1) assert.equal(JSON.parse(message.frame).index, passed++, "in order");
    if (message.head.type === "frame" && message.head.phone === 2) heard = true;
    if (message.head.type === "closed") break;
  }
  // A hundred at once, and a hundred more for each second that sending them took.
  assert.ok(passed >= 100 && passed < 400, `${passed} passed`);
  modest.frame({ modest: true });
  if (!heard) await unit.line.until("frame");
});

test("sixteen remotes and no more", async () => {
  const { client, id } = await pairedUnit("berta");
  const remotes = [];
  for (let index = 0; index < 16; index += 1) remotes.push(await Remote.open(client, id));
  const one = Remote.with(id, (await client.post(`/api/devices/${id}/ticket`)).json.ticket);
  assert.equal((await one.opened).status, 429);
  remotes[3].close();
  await remotes[3].closed;
  await pause(200);
  await Remote.open(client, id);
  // And no more than 32 tickets wait.
  const tickets = await Promise.all(Array.from({ length: 50 }, () => client.post(`/api/devices/${id}/ticket`)));
  assert.equal(tickets.filter((answer) => answer.status === 200).length, 32);
  assert.equal(tickets.filter((answer) => answer.status === 429).length, 18);
});

/** Milliseconds until it was closed, and the code. */
async function closing(line, act) {
  const began = Date.now();
  await act();
  const { code } = await line.ended(8000);
  return { code, ms: Date.now() - began };
}

function within(result, code) {
  assert.equal(result.code, code);
  assert.ok(result.ms < 5000, `${result.ms} ms`);
}

test("a unit that its owner lets go: all is closed within five seconds", async () => {
  const { client, unit, id } = await pairedUnit("carl");
  const remote = await Remote.open(client, id);
  const { ticket } = (await client.post(`/api/devices/${id}/ticket`)).json;
  await unit.line.until("opened");
  within(await closing(remote, () => client.send("DELETE", `/api/devices/${id}`)), 4001);
  assert.deepEqual((await unit.line.next()).head, { type: "unpaired" });
  assert.equal((await unit.line.ended()).code, 4001);
  assert.equal((await Remote.with(id, ticket).opened).code, "ticket", "a ticket of before");
  await assert.rejects(unit.link(), /not_paired/);
});

test("a unit that unlinks itself: its remotes are closed within five seconds", async () => {
  const { client, unit, id } = await pairedUnit("dora");
  const remote = await Remote.open(client, id);
  within(await closing(remote, () => unit.send("DELETE", "/api/devices/self")), 4001);
});

test("a session that is signed out: its remotes are closed within five seconds, others stay", async () => {
  const { client, id } = await pairedUnit("emil");
  const phone = await signIn("emil");
  const [here, there] = [await Remote.open(client, id), await Remote.open(phone, id)];
  const { ticket } = (await phone.post(`/api/devices/${id}/ticket`)).json;
  within(await closing(there, () => phone.post("/api/auth/logout")), 4003);
  assert.equal((await Remote.with(id, ticket).opened).code, "ticket", "a ticket of a session that has ended");
  assert.equal((await here.ended(300)).code, "open");
});

test("a session that is ended elsewhere, or signed in anew: its remotes are closed within five seconds", async () => {
  const { client, id } = await pairedUnit("erna");
  const lost = await signIn("erna");
  const remote = await Remote.open(lost, id);
  const { sessions } = (await client.get("/api/auth/user")).json;
  const others = sessions.filter((session) => !session.current).map((session) => session.id);
  within(await closing(remote, () => Promise.all(others.map((other) => client.send("DELETE", `/api/auth/sessions/${other}`)))), 4003);
  const again = await Remote.open(client, id);
  within(await closing(again, () => signIn("erna", client)), 4003);
});

test("a stolen session that is noticed: its remotes are closed within five seconds", async () => {
  const { client, id } = await pairedUnit("edda");
  const remote = await Remote.open(client, id);
  const before = { ...client.cookies };
  assert.equal((await client.post("/api/auth/refresh")).status, 200);
  const db = database();
  db.exec("UPDATE spent_secrets SET spent_at = spent_at - 60");
  db.close();
  within(await closing(remote, () => new Client(before).post("/api/auth/refresh")), 4003);
});

test("a unit that changes hands: the seller's remotes are closed within five seconds", async () => {
  const { client, unit, id } = await pairedUnit("ewald");
  const remote = await Remote.open(client, id);
  const buyer = await signIn("fritz");
  const { code } = (await client.post(`/api/devices/${id}/transfer`)).json;
  within(await closing(remote, () => buyer.post("/api/devices/transfer/accept", { code })), 4005);
  assert.equal((await unit.line.ended()).code, 4005);
  await unit.link();
  assert.equal(unit.welcome.head.owner, "fritz of Home");
  assert.equal((await client.post(`/api/devices/${id}/ticket`)).status, 404);
  assert.equal((await Remote.open(buyer, id)).first.unit, "online");
});

test("an account that ends: its units are closed within five seconds", async () => {
  const { client, unit } = await pairedUnit("egon");
  const act = () => client.send("DELETE", "/api/auth/account", { body: { confirm: "delete my account" } });
  within(await closing(unit.line, act), 4001);
  await assert.rejects(unit.link(), /not_paired/);
});

test("somebody else's unit is not there, on every route with a number", async () => {
  const { unit, id } = await pairedUnit("greta");
  const { routes } = await import("./client.mjs");
  const mallory = await signIn("mallory");
  const mine = new Unit();
  await mine.pair(mallory);
  const numbered = routes.filter((route) => route.path.startsWith("/api/devices/{id}") && !route.path.endsWith("/remote"));
  assert.ok(numbered.length >= 5);
  for (const { method, path } of numbered) {
    const body = path.endsWith("{id}") && method === "PATCH" ? { name: "Mine now" } : undefined;
    for (const other of [id, "x", "' OR '1'='1", `${mine.id}' --`, `${id}%00`, "self "]) {
      const answer = await mallory.send(method, path.replace("{id}", encodeURIComponent(other)), { body });
      assert.equal(answer.status, 404, `${method} ${path} ${other}: ${answer.text}`);
    }
  }
  assert.equal((await unit.send("GET", "/api/devices/self")).json.owner.name, "greta of Home");
  assert.notEqual((await unit.send("GET", "/api/devices/self")).json.name, "Mine now");
});

test("foreign pages change nothing about one's units", async () => {
  const { client, id } = await pairedUnit("hugo");
  for (const [method, path, body] of [
    ["PATCH", `/api/devices/${id}`, { name: "x" }], ["DELETE", `/api/devices/${id}`], ["POST", `/api/devices/${id}/ticket`], ["POST", `/api/devices/${id}/transfer`],
    ["POST", "/api/pair/approve", { user_code: "BCDF-GHJK" }], ["POST", "/api/devices/transfer/accept", { code: "x".repeat(43) }],
  ]) {
    assert.equal((await client.send(method, path, { body, origin: "https://evil.example" })).json.code, "cross_origin", path);
    assert.equal((await client.send(method, path, { body, origin: null })).json.code, "cross_origin", path);
  }
  assert.equal((await client.get("/api/devices")).json.devices.length, 1);
});

test("after a rest in which the object is taken away, everything goes on; ends that nobody tells are found", async () => {
  const { client, unit, id } = await pairedUnit("iris");
  const [one, two] = [await Remote.open(client, id), await Remote.open(await signIn("iris"), id)];
  one.frame({ before: 1 }, { seq: 7 });
  await unit.line.until("frame");
  // workerd takes an object away that rests for ten seconds.
  await pause(13_000);
  one.frame({ after: 1 }, { seq: 8 });
  const message = await unit.line.until("frame");
  assert.deepEqual([message.head.phone, message.head.seq, message.frame], [1, 8, "{\"after\":1}"]);
  unit.reply(2, { to: "two" });
  assert.equal((await two.next()).text, "{\"to\":\"two\"}");
  // The session of `two` ends behind the worker's back.
  const db = database();
  const { user_id } = db.prepare("SELECT user_id FROM devices WHERE id = ?").get(id);
  const sessions = db.prepare("SELECT id FROM sessions WHERE user_id = ? ORDER BY created_at, id").all(user_id);
  const current = (await client.get("/api/auth/user")).json.sessions.find((session) => session.current).id;
  for (const session of sessions) if (session.id !== current) db.prepare("DELETE FROM sessions WHERE id = ?").run(session.id);
  db.close();
  assert.equal((await two.ended(45_000)).code, 4003);
  one.frame({ still: "here" }, { seq: 9 });
  // What was said before the rest does not count again.
  one.send({ seq: 9, until_ms: Date.now() + 5000 }, "{}");
  assert.equal((await one.ended()).code, 1008);
});
