// `node run.mjs [FILE…]`: starts the worker in its real runtime, migrated and with providers to sign in at, runs
// the files of tests (all where none is named), and ends everything it has started.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, stage } from "./stage.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const scratch = mkdtempSync(join(tmpdir(), "cloud-worker-"));
const started = Date.now();
const [roguePort, gitHubPort, sentryPort, alertPort] = await Promise.all([1, 2, 3, 4].map(freePort));
const at = (port) => `http://127.0.0.1:${port}`;
// Doubles that test files serve themselves, to misbehave.
const providers = [
  { id: "rogue", kind: "oidc", name: "Rogue", issuer: at(roguePort), client_id: "us", algorithm: "ES256" },
  { id: "github", kind: "github", client_id: "us", site: `${at(gitHubPort)}/`, api: `${at(gitHubPort)}/api/` },
];
const vars = {
  CORS_ORIGINS: "http://localhost:5173",
  GITHUB_CLIENT_SECRET: "hush",
  // Served by the tests that look at them.
  SENTRY_DSN: `http://public@127.0.0.1:${sentryPort}/7`,
  ALERT_WEBHOOK: `${at(alertPort)}/alert`,
  USAGE_RETRY_SECONDS: "0",
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

let status = 1;
let worker;
try {
  worker = await stage({ state: scratch, providers, vars });
  console.log(`worker ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  const named = process.argv.slice(2);
  const files = (named.length ? named : readdirSync(here).filter((name) => name.endsWith(".test.mjs")))
    .map((name) => (existsSync(name) ? name : join(here, name)));
  const tests = spawn(process.execPath, ["--test", "--test-reporter=spec", "--test-concurrency=1", ...files], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env, NODE_NO_WARNINGS: "1", WORKER: worker.base, WORKER_LOG: worker.log, WORKER_STATE: scratch,
      WORKER_KEYS: JSON.stringify(worker.keys), ROGUE_PORT: roguePort, GITHUB_PORT: gitHubPort,
      SENTRY_PORT: sentryPort, ALERT_PORT: alertPort,
    },
  });
  status = await new Promise((resolve) => tests.on("exit", (code) => resolve(code ?? 1)));
} catch (error) {
  console.error(String(error));
} finally {
  if (worker && status !== 0 && process.env.WORKER_SHOW_LOG) {
    spawnSync("tail", ["-n", "60", worker.log], { stdio: "inherit" });
  }
  await worker?.end();
  if (!process.env.WORKER_KEEP) rmSync(scratch, { recursive: true, force: true });
}
process.exit(status);
