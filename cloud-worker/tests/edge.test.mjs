// The edge: health, headers, errors, CORS, bodies.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { base, Client, description } from "./client.mjs";

const client = new Client();

test("the worker answers, with every protection and a request id", async () => {
  const answer = await client.get("/api/health");
  assert.equal(answer.status, 200);
  assert.equal(answer.json.status, "ok");
  assert.match(answer.headers.get("x-request-id"), /^[\w-]{22}$/);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const policy = answer.headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.match(answer.headers.get("strict-transport-security"), /max-age=63072000; includeSubDomains; preload/);
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
  assert.ok(answer.headers.get("permissions-policy"));
  assert.equal(answer.headers.get("x-xss-protection"), null);
  const other = await client.get("/api/health");
  assert.notEqual(other.headers.get("x-request-id"), answer.headers.get("x-request-id"));
});

test("HEAD is answered like GET, without a body", async () => {
  const answer = await client.send("HEAD", "/api/health");
  assert.equal(answer.status, 200);
  assert.equal(answer.text, "");
});

test("errors are JSON of one form", async () => {
  const missing = await client.get("/api/nothing");
  assert.equal(missing.status, 404);
  assert.deepEqual(missing.json, { error: "There is nothing here.", code: "not_found" });
  const method = await client.send("DELETE", "/api/health");
  assert.equal(method.status, 405);
  assert.equal(method.json.code, "method_not_allowed");
  assert.equal(method.headers.get("allow"), "GET");
});

test("a preflight from a configured origin is answered and may be kept", async () => {
  const ask = (origin) => client.send("OPTIONS", "/api/health", {
    origin: null, headers: { origin, "access-control-request-method": "GET" },
  });
  const good = await ask("http://localhost:5173");
  assert.equal(good.status, 204);
  assert.equal(good.headers.get("access-control-allow-origin"), "http://localhost:5173");
  assert.equal(good.headers.get("access-control-max-age"), "7200");
  assert.match(good.headers.get("vary"), /origin/i);
  for (const origin of ["http://localhost:5174", "https://evil.example", "null", "http://localhost:5173.evil.example"]) {
    const bad = await ask(origin);
    assert.equal(bad.status, 403, origin);
    assert.equal(bad.headers.get("access-control-allow-origin"), null);
  }
});

test("only a configured origin's page may read an answer", async () => {
  const ask = async (origin) => (await client.get("/api/health", { headers: { origin } }))
    .headers.get("access-control-allow-origin");
  assert.equal(await ask("http://localhost:5173"), "http://localhost:5173");
  assert.equal(await ask("https://evil.example"), null);
});

test("the description is a valid OpenAPI 3.1 document", async () => {
  const answer = await client.get("/api/openapi.json");
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("cache-control"), /public, max-age=/);
  const validator = new Validator();
  const verdict = await validator.validate(structuredClone(answer.json));
  assert.ok(verdict.valid, JSON.stringify(verdict.errors));
  assert.equal(validator.version, "3.1");
});

test("the validator would find a broken document", async () => {
  const broken = structuredClone(description);
  delete broken.info.title;
  assert.equal((await new Validator().validate(broken)).valid, false);
});
