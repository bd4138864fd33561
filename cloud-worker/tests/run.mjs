// `node run.mjs [FILE…]`: starts the worker in its real runtime, migrated and with providers to sign in at, runs
// the files of tests (all where none is named), and ends everything it has started.
import { spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLIENT, serveHome } from "./home.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
const scratch = mkdtempSync(join(tmpdir(), "cloud-worker-"));
const logFile = join(scratch, "worker.log");

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
function assets() {
  const folder = join(root, "build/assets");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dist = join(root, "../web-remote/dist");
  if (existsSync(dist)) cpSync(dist, folder, { recursive: true });
  cpSync(join(root, "assets/_headers"), join(folder, "_headers"));
}

function migrate() {
  const done = spawnSync(process.execPath, [wrangler, "d1", "migrations", "apply", "DB", "--local", "--persist-to", scratch], {
    cwd: root, encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`the migrations failed:\n${done.stdout}\n${done.stderr}`);
}

/** Ed25519 keys as the secret ACCESS_KEYS wants them: the first one signs. */
function accessKeys() {
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

const started = Date.now();
const [port, inspector, homePort, roguePort, gitHubPort, sentryPort, alertPort] =
  await Promise.all([1, 2, 3, 4, 5, 6, 7].map(freePort));
const base = `http://127.0.0.1:${port}`;
const keys = accessKeys();
const at = (port) => `http://127.0.0.1:${port}`;
const providers = [
  { id: "home", kind: "oidc", name: "Home", issuer: at(homePort), client_id: CLIENT.id },
  // Doubles that test files serve themselves, to misbehave.
  { id: "rogue", kind: "oidc", name: "Rogue", issuer: at(roguePort), client_id: "us", algorithm: "ES256" },
  { id: "github", kind: "github", client_id: "us", site: `${at(gitHubPort)}/`, api: `${at(gitHubPort)}/api/` },
];
const vars = {
  ENVIRONMENT: "dev",
  PUBLIC_ORIGIN: base,
  CORS_ORIGINS: "http://localhost:5173",
  PROVIDERS: JSON.stringify(providers),
  HOME_CLIENT_SECRET: CLIENT.secret,
  GITHUB_CLIENT_SECRET: "hush",
  ACCESS_KEYS: JSON.stringify({ keys }),
  // Served by the tests that look at them.
  SENTRY_DSN: `http://public@127.0.0.1:${sentryPort}/7`,
  ALERT_WEBHOOK: `${at(alertPort)}/alert`,
  USAGE_RETRY_SECONDS: "0",
};
assets();
migrate();
const home = await serveHome(homePort, base);
const worker = spawn(process.execPath, [
  wrangler, "dev", "--local", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(inspector),
  "--persist-to", scratch, "--show-interactive-dev-session=false", "--test-scheduled",
  ...Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
], { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: true });
for (const stream of [worker.stdout, worker.stderr]) stream.on("data", (data) => appendFileSync(logFile, data));

// However this ends, the worker ends with it.
process.on("exit", () => {
  try { process.kill(-worker.pid, "SIGKILL"); } catch { /* it has ended */ }
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

let status = 1;
try {
  writeFileSync(logFile, "", { flag: "a" });
  await ready(base, worker);
  console.log(`worker ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  const named = process.argv.slice(2);
  const files = (named.length ? named : readdirSync(here).filter((name) => name.endsWith(".test.mjs")))
    .map((name) => (existsSync(name) ? name : join(here, name)));
  const tests = spawn(process.execPath, ["--test", "--test-reporter=spec", "--test-concurrency=1", ...files], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env, NODE_NO_WARNINGS: "1", WORKER: base, WORKER_LOG: logFile, WORKER_STATE: scratch,
      WORKER_KEYS: JSON.stringify(keys), ROGUE_PORT: roguePort, GITHUB_PORT: gitHubPort,
      SENTRY_PORT: sentryPort, ALERT_PORT: alertPort,
    },
  });
  status = await new Promise((resolve) => tests.on("exit", (code) => resolve(code ?? 1)));
} catch (error) {
  console.error(String(error));
} finally {
  if (status !== 0 && process.env.WORKER_SHOW_LOG) spawnSync("tail", ["-n", "60", logFile], { stdio: "inherit" });
  home.close();
  try { process.kill(-worker.pid, "SIGTERM"); } catch { /* it has ended */ }
  await new Promise((resolve) => (worker.exitCode === null ? worker.once("exit", resolve) : resolve()));
  if (!process.env.WORKER_KEEP) rmSync(scratch, { recursive: true, force: true });
}
process.exit(status);
