// What watches the worker: reports of failures, feature switches, and the headers on everything it serves.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Client, database, fresh, logged, signIn } from "./client.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const client = new Client();

/** Sentry, as far as its envelope endpoint goes. */
async function sentry() {
  const seen = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, path: request.url, auth: request.headers["x-sentry-auth"], type: request.headers["content-type"], body });
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise((resolve) => server.listen(Number(process.env.SENTRY_PORT), "127.0.0.1", resolve));
  const next = async (code) => {
    for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const at = seen.findIndex((one) => one.body.includes(`"code":"${code}"`));
      if (at >= 0) return seen.splice(at, 1)[0];
    }
    throw new Error(`no report of ${code}`);
  };
  return { next, seen, close: () => server.close() };
}

test("a failure and a panic are reported, and nobody is named", async () => {
  const double = await sentry();
  const db = database();
  try {
    const person = await signIn("watched");
    const user = (await person.get("/api/auth/user")).json;
    db.exec("ALTER TABLE public_presets RENAME TO away");
    await new Promise((resolve) => setTimeout(resolve, 3500));
    const failed = await person.get("/api/presets/public?tag=secret-word", { headers: fresh() });
    db.exec("ALTER TABLE away RENAME TO public_presets");
    assert.equal(failed.status, 503, failed.text);
    const report = await double.next("unavailable");
    assert.deepEqual([report.method, report.path, report.type], ["POST", "/api/7/envelope/", "application/x-sentry-envelope"]);
    assert.match(report.auth, /^Sentry sentry_version=7, sentry_client=[^,]+, sentry_key=public$/);
    const [head, item, event] = report.body.trim().split("\n").map((line) => JSON.parse(line));
    assert.match(head.event_id, /^[0-9a-f]{32}$/);
    assert.deepEqual([item.type, event.event_id, event.environment], ["event", head.event_id, "dev"]);
    assert.equal(event.transaction, "GET /api/presets/public");
    assert.equal(event.tags.request, failed.headers.get("x-request-id"));
    assert.match(event.exception.values[0].value, /GENERATION/);
    assert.equal((await person.get("/api/dev/panic")).status, 500);
    const panic = await double.next("panic");
    assert.match(panic.body, /dispatch\.rs:\d+/);
    for (const secret of [user.id, user.email, user.name, "secret-word", person.cookies["__Host-session"]]) {
      assert.ok(!`${report.body}${panic.body}`.includes(secret), secret);
    }
    // What is refused is no failure.
    await client.get("/api/nothing");
    await client.get("/api/presets", { headers: fresh() });
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(double.seen.map((one) => one.body), []);
  } finally {
    double.close();
  }
});

test("switches have defaults, and KV overrides them", async () => {
  const person = await signIn("switched");
  const features = async () => (await person.get("/api/features")).json.features;
  assert.deepEqual(await features(), { cloud_remote: true, public_presets: true, usage_page: true });
  assert.equal((await client.get("/api/features", { headers: fresh() })).status, 401);
  const write = (value) => {
    const done = spawnSync(process.execPath, [
      join(root, "node_modules/wrangler/bin/wrangler.js"), "kv", "key", "put", "features", value,
      "--binding", "CACHE", "--local", "--preview", "false", "--persist-to", process.env.WORKER_STATE,
    ], { cwd: root, encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
  };
  // A panic retires the instance that remembers the switches.
  const forget = () => client.get("/api/dev/panic");
  write(JSON.stringify({ public_presets: { on: false }, usage_page: { on: true, percent: 0 } }));
  await forget();
  try {
    assert.deepEqual(await features(), { cloud_remote: true, public_presets: false, usage_page: false });
    const body = { sound: { name: "x", bands: [] }, public: true };
    const refused = await person.post("/api/presets", body);
    assert.deepEqual([refused.status, refused.json.code], [403, "not_yet"]);
    write("not JSON");
    await forget();
    assert.deepEqual(await features(), { cloud_remote: true, public_presets: true, usage_page: true });
    assert.match(logged(), /"event":"features"/);
  } finally {
    write("{}");
    await forget();
  }
});

test("answers of the API and files bear every protection", async () => {
  const policy = (answer) => Object.fromEntries(answer.headers.get("content-security-policy").split(";").map((part) => {
    const [name, ...values] = part.trim().split(" ");
    return [name, values.join(" ")];
  }));
  for (const path of ["/api/health", "/api/nothing", "/api/presets", "/", "/index.html", "/pair?code=BCDF-GHJK"]) {
    let answer = await client.get(path, { headers: fresh() });
    if (answer.location) answer = await client.get(new URL(answer.location, "http://x").pathname);
    if (!path.startsWith("/api") && answer.status === 404) continue;
    const directives = policy(answer);
    assert.equal(directives["frame-ancestors"], "'none'", path);
    assert.equal(directives["default-src"], "'none'", path);
    assert.doesNotMatch(JSON.stringify(directives), /unsafe-inline|'unsafe-eval'|\*/, path);
    assert.equal(answer.headers.get("strict-transport-security"), "max-age=63072000; includeSubDomains; preload", path);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff", path);
    assert.ok(answer.headers.get("referrer-policy"), path);
    assert.match(answer.headers.get("permissions-policy"), /camera=\(\)/, path);
  }
});

test("HEAD and GET of every readable route are refused to strangers with 401 unless they are for anybody", async () => {
  const { routes } = await import("./client.mjs");
  for (const route of routes.filter((one) => one.security.length > 0)) {
    const path = route.path.replace(/\{[^}]+\}/g, "AAAAAAAAAAAAAAAAAAAAAA");
    const answer = await client.send(route.method, path, {
      body: route.method === "GET" || route.method === "DELETE" ? undefined : {}, headers: fresh(),
    });
    assert.ok([400, 401].includes(answer.status), `${route.method} ${path}: ${answer.status}`);
  }
});

test("sign-in is refused when its tries cannot be counted", async () => {
  const address = { "cf-connecting-ip": "10.99.99.99" };
  const login = () => client.get("/api/auth/login/home?return=/", { headers: address });
  assert.equal((await login()).status, 303);
  // The counters' own storage refuses to write.
  const folder = join(process.env.WORKER_STATE, "v3/do");
  const counters = readdirSync(folder).filter((name) => name.endsWith("Attempts"))
    .flatMap((name) => readdirSync(join(folder, name)).map((file) => join(folder, name, file)))
    .filter((file) => file.endsWith(".sqlite") && !file.endsWith("metadata.sqlite"))
    .map((file) => new DatabaseSync(file))
    .filter((db) => db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'window'").get().n > 0);
  assert.ok(counters.length > 0);
  for (const db of counters) {
    db.exec("PRAGMA busy_timeout = 5000");
    for (const event of ["INSERT", "UPDATE"]) {
      db.exec(`CREATE TRIGGER refuse_${event} BEFORE ${event} ON window BEGIN SELECT RAISE(ABORT, 'refused'); END`);
    }
  }
  try {
    const refused = await login();
    assert.deepEqual([refused.status, refused.json.code], [503, "unavailable"], refused.text);
    assert.ok(refused.headers.get("retry-after") > 0);
  } finally {
    for (const db of counters) db.exec("DROP TRIGGER refuse_INSERT; DROP TRIGGER refuse_UPDATE");
  }
  assert.equal((await login()).status, 303);
});
