// `node tests/run.mjs bench/relay.mjs`: what the relay costs. A thousand units whose links rest, in one workerd;
// then a thousand commands a second through the object of one unit, each answered by it.
//
// UNITS (0: not the first part), SECONDS and RATE may be set. Sender, unit and worker share the machine: the load is printed with the
// figures, which are upper bounds.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { loadavg } from "node:os";
import { test } from "node:test";
import { database, signIn } from "../tests/client.mjs";
import { Remote, Unit } from "../tests/unit.mjs";

const UNITS = Number(process.env.UNITS ?? 1000);
const SECONDS = Number(process.env.SECONDS ?? 15);
const RATE = Number(process.env.RATE ?? 1000);
const PHONES = 16;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const load = () => `load ${loadavg()[0].toFixed(1)}`;

/** pid, parent and ticks of CPU of every process. */
function processes() {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const name = /\((.*)\)/.exec(stat)[1];
      const rest = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(pid), name, parent: Number(rest[1]), cpu: (Number(rest[11]) + Number(rest[12])) / 100 }];
    } catch { return []; }
  });
}

/** The largest workerd that the run began: MB of memory and seconds of CPU so far. */
function workerd() {
  const all = processes();
  const parent = new Map(all.map((one) => [one.pid, one.parent]));
  const line = (pid) => { const up = []; for (let at = pid; at > 1; at = parent.get(at) ?? 0) up.push(at); return up; };
  const run = line(process.pid).at(2) ?? line(process.pid).at(-1);
  const mine = all.filter((one) => one.name === "workerd" && line(one.pid).includes(run));
  const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1000;
  return mine.map((one) => ({ mb: memory(one.pid), cpu: one.cpu })).sort((a, b) => b.mb - a.mb)[0];
}

/** Units of `user`, paired by hand. */
function units(user, count) {
  const db = database();
  const made = Array.from({ length: count }, (_, index) => {
    const unit = new Unit({ name: `Unit ${index}` });
    const { crv, kty, x } = unit.jwk;
    const key = createHash("sha256").update(`{"crv":"${crv}","kty":"${kty}","x":"${x}"}`).digest("base64url");
    unit.id = randomBytes(16).toString("base64url");
    db.prepare("INSERT INTO devices (id, user_id, key_hash, name, model, version, paired_at) VALUES (?, ?, ?, ?, '', '', 0)").run(unit.id, user, key, unit.about.name);
    return unit;
  });
  db.close();
  return made;
}

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]?.toFixed(1);

test(`${UNITS} links at rest`, { timeout: 900_000, skip: UNITS === 0 }, async () => {
  const client = await signIn("driver");
  const { id } = (await client.get("/api/auth/user")).json;
  const all = units(id, UNITS);
  await pause(2000);
  const before = workerd();
  const began = Date.now();
  for (let from = 0; from < all.length; from += 20) await Promise.all(all.slice(from, from + 20).map((unit) => unit.link()));
  const linked = (Date.now() - began) / 1000;
  const after = workerd();
  console.log(`${UNITS} links in ${linked.toFixed(1)} s: workerd ${before.mb.toFixed(0)} → ${after.mb.toFixed(0)} MB, ${(after.cpu - before.cpu).toFixed(1)} s CPU (${load()})`);
  await pause(20_000);
  const rest = workerd();
  await pause(30_000);
  const end = workerd();
  console.log(`at rest: ${end.mb.toFixed(0)} MB, ${((end.cpu - rest.cpu) / 30 * 100).toFixed(2)} % of a core over 30 s`);
  const pinged = workerd();
  for (const unit of all) unit.line.send("ping");
  await Promise.all(all.map((unit) => unit.line.next(60_000)));
  const answered = workerd();
  console.log(`a ping of each: ${((answered.cpu - pinged.cpu) * 1000 / UNITS).toFixed(2)} ms CPU each, ${answered.mb.toFixed(0)} MB`);
  for (const unit of all) unit.line.socket.terminate();
});

test(`${RATE} commands a second through one unit's object`, { timeout: 300_000 }, async () => {
  const client = await signIn("bench");
  const unit = new Unit();
  await unit.pair(client);
  await unit.link();
  const remotes = [];
  for (let index = 0; index < PHONES; index += 1) remotes.push(await Remote.open(client, unit.id));
  const [there, back] = [[], []];
  const sent = new Map();
  unit.line.socket.removeAllListeners("message");
  unit.line.socket.on("message", (data) => {
    const text = data.toString();
    const cut = text.indexOf("\n");
    const head = JSON.parse(cut < 0 ? text : text.slice(0, cut));
    if (head.type !== "frame") return;
    const { n } = JSON.parse(text.slice(cut + 1));
    there.push(performance.now() - sent.get(n));
    unit.reply(head.phone, { n });
  });
  for (const remote of remotes) {
    remote.socket.removeAllListeners("message");
    remote.socket.on("message", (data) => {
      const { n } = JSON.parse(data.toString());
      if (n !== undefined) back.push(performance.now() - sent.get(n));
    });
  }
  const before = workerd();
  const began = performance.now();
  let n = 0;
  while (performance.now() - began < SECONDS * 1000) {
    const due = Math.floor((performance.now() - began) / 1000 * RATE);
    for (; n < due; n += 1) {
      sent.set(n, performance.now());
      remotes[n % PHONES].frame({ n });
    }
    await pause(4);
  }
  await pause(2000);
  const after = workerd();
  for (const list of [there, back]) list.sort((a, b) => a - b);
  console.log(`${n} commands in ${SECONDS} s from ${PHONES} remotes: ${there.length} reached the unit, ${back.length} answers came back`);
  console.log(`remote → unit: p50 ${at(there, 0.5)}, p99 ${at(there, 0.99)}, most ${at(there, 1)} ms; and back: p50 ${at(back, 0.5)}, p99 ${at(back, 0.99)}, most ${at(back, 1)} ms`);
  console.log(`workerd: ${(after.cpu - before.cpu).toFixed(1)} s CPU, ${((after.cpu - before.cpu) * 1e6 / n).toFixed(0)} µs a command with its answer (${load()})`);
  for (const line of [unit.line, ...remotes]) line.socket.terminate();
});
