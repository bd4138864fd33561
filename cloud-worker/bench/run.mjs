// `node bench/run.mjs [SECONDS [ROUNDS]]`: requests a second of the worker (the shipped build in build/) and of its
// twin in Hono, both in one workerd, on one database; rounds of the one and the other take turns, so that whatever
// else the machine does falls on both. Prints the medians and their ratios.
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
if (!existsSync(join(here, "node_modules"))) execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
const { Miniflare } = createRequire(join(here, "package.json"))("miniflare");
const { buildSync } = createRequire(join(root, "package.json"))("esbuild");
const autocannon = createRequire(join(here, "package.json"))("autocannon");

const [seconds = 4, rounds = 5] = process.argv.slice(2).map(Number);
const CONNECTIONS = 16;
const DATABASE = "00000000-0000-0000-0000-000000000001";
const ORIGIN = "http://127.0.0.1:8787";
const scratch = mkdtempSync(join(tmpdir(), "cloud-bench-"));

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const id = () => randomBytes(16).toString("base64url");
const now = Math.floor(Date.now() / 1000);

/** A token as the worker makes them. */
function token(keys, user, session) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const message = `${encode({ typ: "at+jwt", alg: "EdDSA", kid: "bench" })}.${encode({ iss: ORIGIN, aud: ORIGIN, sub: user, sid: session, iat: now, exp: now + 600 })}`;
  return `${message}.${sign(null, Buffer.from(message), keys).toString("base64url")}`;
}

/** A user with ten presets of ten bands. */
function fill(user, session) {
  const folder = join(scratch, "v3/d1/miniflare-D1DatabaseObject");
  const db = new DatabaseSync(join(folder, readdirSync(folder).find((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite")));
  db.prepare("INSERT INTO users (id, name, created_at) VALUES (?, 'Bench', ?)").run(user, now);
  db.prepare("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, '')").run(session, user, id(), now, now, now + 86400, now + 86400);
  for (let n = 1; n <= 10; n += 1) {
    const sound = JSON.stringify({ name: `Preset ${n}`, preamp: -3, bands: Array.from({ length: 10 }, (_, band) => ({ kind: "peaking", frequency: 31.5 * 2 ** band, gain: n - 5, q: 1.41 })) });
    db.prepare("INSERT INTO presets (user_id, id, version, revision, made, sound, category, tags, created_at, updated_at) VALUES (?, ?, 1, ?, ?, ?, 'music', '[\"a\",\"b\"]', ?, ?)").run(user, id(), n, n, sound, now, now);
  }
  db.close();
}

execFileSync(process.execPath, [join(root, "node_modules/wrangler/bin/wrangler.js"), "d1", "migrations", "apply", "DB", "--local", "--persist-to", scratch], {
  cwd: root, stdio: "ignore", env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false" },
});
const [user, session] = [id(), id()];
fill(user, session);
const { privateKey } = generateKeyPairSync("ed25519");
const bindings = { ENVIRONMENT: "dev", PUBLIC_ORIGIN: ORIGIN, ACCESS_KEYS: JSON.stringify({ keys: [{ ...privateKey.export({ format: "jwk" }), kid: "bench" }] }) };
const twin = buildSync({ entryPoints: [join(here, "hono.ts")], bundle: true, minify: true, format: "esm", write: false, target: "es2022" }).outputFiles[0].text;
const [port, rustPort, honoPort] = await Promise.all([freePort(), freePort(), freePort()]);
const shared = {
  compatibilityDate: "2026-07-01", d1Databases: { DB: DATABASE }, bindings,
  ratelimits: { RATE: { namespace_id: "1", simple: { limit: 1_000_000_000, period: 60 } } },
};
const miniflare = new Miniflare({
  host: "127.0.0.1", port, d1Persist: join(scratch, "v3/d1"), cf: false,
  workers: [
    {
      ...shared, name: "rust", modulesRoot: join(root, "build"),
      modules: [{ type: "ESModule", path: join(root, "build/index.js") }, { type: "CompiledWasm", path: join(root, "build/cloud_worker.wasm") }],
      durableObjects: Object.fromEntries([["ATTEMPTS", "Attempts"], ["PROOFS", "Proofs"], ["RELAY", "DeviceRelay"]].map(([name, className]) => [name, { className, useSQLite: true }])),
      unsafeDirectSockets: [{ host: "127.0.0.1", port: rustPort }],
    },
    {
      ...shared, name: "hono", modules: [{ type: "ESModule", path: "hono.js", contents: twin }],
      unsafeDirectSockets: [{ host: "127.0.0.1", port: honoPort }],
    },
  ],
});
await miniflare.ready;

const sides = [["rust", `http://127.0.0.1:${rustPort}`], ["hono", `http://127.0.0.1:${honoPort}`]];
const headers = { authorization: `Bearer ${token(privateKey, user, session)}` };
const run = async (base, path, duration) => {
  const { requests, non2xx, errors } = await autocannon({ url: base + path, connections: CONNECTIONS, duration, headers });
  if (non2xx || errors) throw new Error(`${base}${path}: ${non2xx} refused, ${errors} failed`);
  return requests.average;
};
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
let missed = false;
try {
  const [one, other] = await Promise.all(sides.map(async ([, base]) => (await fetch(`${base}/api/presets`, { headers })).text()));
  if (one !== other || JSON.parse(one).presets.length !== 10) throw new Error(`the answers differ:\n${one}\n${other}`);
  console.log(`load ${loadavg().map((value) => value.toFixed(1)).join(" ")} on ${cpus().length} cores; ${rounds} rounds of ${seconds} s, ${CONNECTIONS} connections`);
  for (const [path, least] of [["/api/health", 0.75], ["/api/presets", 0.85]]) {
    const figures = { rust: [], hono: [] };
    for (const [, base] of sides) await run(base, path, 2);
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, base] of round % 2 ? sides.toReversed() : sides) figures[name].push(await run(base, path, seconds));
    }
    const ratios = figures.rust.map((value, round) => value / figures.hono[round]);
    const ratio = median(ratios);
    missed ||= ratio < least;
    console.log(`${path}: rust ${median(figures.rust).toFixed(0)}/s, hono ${median(figures.hono).toFixed(0)}/s, ratio ${ratio.toFixed(2)} (${ratios.map((value) => value.toFixed(2)).join(" ")}), wanted ${least}`);
  }
  console.log(`load ${loadavg().map((value) => value.toFixed(1)).join(" ")} at the end`);
} finally {
  await miniflare.dispose();
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(missed ? 1 : 0);
