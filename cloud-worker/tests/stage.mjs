// Everything a worker in its real runtime needs around it: its files, a migrated database, keys, providers to sign
// in at. The tests, the journeys in a browser and `cargo xtask cloud` stand on it.
import { spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLIENT, serveHome } from "./home.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");

/** A port nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Files for the asset binding: the web remote as it was built last, with the headers for all of them. */
export function assets() {
  const folder = join(root, "build/assets");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dist = join(root, "../web-remote/dist-cloud");
  if (existsSync(dist)) cpSync(dist, folder, { recursive: true });
  cpSync(join(root, "assets/_headers"), join(folder, "_headers"));
}

function migrate(scratch) {
  const done = spawnSync(process.execPath, [wrangler, "d1", "migrations", "apply", "DB", "--local", "--persist-to", scratch], {
    cwd: root, encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`the migrations failed:\n${done.stdout}\n${done.stderr}`);
}

/** Ed25519 keys as the secret ACCESS_KEYS wants them: the first one signs. */
export function accessKeys() {
  return ["test-2", "test-1"].map((kid) => ({
    ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }), kid,
  }));
}

async function ready(base, worker) {
  const end = Date.now() + 240_000;
  while (Date.now() < end) {
    if (worker.exitCode !== null) throw new Error("the worker ended at once");
    try {
      const answer = await fetch(`${base}/api/health`);
      if (answer.status === 200) return;
    } catch { /* not yet */ }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the worker did not become ready");
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Starts the worker on a migrated database in `state`, and the provider "home" beside it. `providers` are further
 * ones, `vars` further settings. However this process ends, the worker ends with it.
 */
export async function stage({ state, port, providers = [], vars = {}, keys = accessKeys() }) {
  const [at, inspector, homePort] = await Promise.all([port ?? freePort(), freePort(), freePort()]);
  const base = `http://127.0.0.1:${at}`;
  const issuer = `http://127.0.0.1:${homePort}`;
  const all = {
    ENVIRONMENT: "dev",
    PUBLIC_ORIGIN: base,
    PROVIDERS: JSON.stringify([{ id: "home", kind: "oidc", name: "Home", issuer, client_id: CLIENT.id }, ...providers]),
    HOME_CLIENT_SECRET: CLIENT.secret,
    ACCESS_KEYS: JSON.stringify({ keys }),
    ...vars,
  };
  const log = join(state, "worker.log");
  mkdirSync(state, { recursive: true });
  writeFileSync(log, "");
  assets();
  migrate(state);
  const home = await serveHome(homePort, base);
  const worker = spawn(process.execPath, [
    wrangler, "dev", "--local", "--ip", "127.0.0.1", "--port", String(at), "--inspector-port", String(inspector),
    "--persist-to", state, "--show-interactive-dev-session=false", "--test-scheduled",
    ...Object.entries(all).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
  ], { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: true });
  for (const stream of [worker.stdout, worker.stderr]) stream.on("data", (data) => appendFileSync(log, data));
  process.on("exit", () => {
    try { process.kill(-worker.pid, "SIGKILL"); } catch { /* it has ended */ }
  });
  const end = async () => {
    home.close();
    try { process.kill(-worker.pid, "SIGTERM"); } catch { /* it has ended */ }
    while (worker.exitCode === null && worker.signalCode === null) await sleep(20);
  };
  try {
    await ready(base, worker);
  } catch (error) {
    await end();
    throw new Error(`${error.message}:\n${readFileSync(log, "utf8").split("\n").slice(-20).join("\n")}`);
  }
  return { base, keys, log, end };
}
