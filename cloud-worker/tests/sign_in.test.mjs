// Signing in at a certified OpenID provider, sessions, and the account.
import assert from "node:assert/strict";
import { test } from "node:test";
import { agree, Client, database, fresh, logged, signIn } from "./client.mjs";

test("the providers are listed by name", async () => {
  const { json } = await new Client().get("/api/auth/providers");
  assert.deepEqual(json.providers[0], { id: "home", name: "Home" });
  assert.doesNotMatch(JSON.stringify(json), /secret|client/);
});

test("a person signs in, is known, and is the same person the next time", async () => {
  const client = await signIn("alice", new Client(), "/pair?code=BCDF-GHJK");
  assert.equal(client.answer.location, "/pair?code=BCDF-GHJK");
  for (const line of client.answer.headers.getSetCookie()) {
    assert.match(line, /^__Host-\w+=/);
    for (const part of ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]) assert.ok(line.includes(part), line);
    assert.doesNotMatch(line, /domain/i);
  }
  assert.equal(client.cookies["__Host-login"], undefined);
  const { status, json } = await client.get("/api/auth/user");
  assert.equal(status, 200);
  assert.equal(json.name, "alice of Home");
  assert.equal(json.tier, "free");
  assert.equal(json.identities.length, 1);
  assert.equal(json.sessions.filter((session) => session.current).length, 1);
  const again = await signIn("alice");
  assert.equal((await again.get("/api/auth/user")).json.id, json.id);
  const other = await signIn("bob");
  assert.notEqual((await other.get("/api/auth/user")).json.id, json.id);
});

test("somebody who is not signed in is told so", async () => {
  const answer = await new Client().get("/api/auth/user");
  assert.equal(answer.status, 401);
  assert.equal(answer.json.code, "access_expired");
  assert.equal(answer.headers.get("www-authenticate"), "Bearer");
});

test("a refresh replaces the session's secret and the access token", async () => {
  const client = await signIn("carol");
  const before = { ...client.cookies };
  const answer = await client.post("/api/auth/refresh");
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json, { expires_in: 600 });
  assert.notEqual(client.cookies["__Host-session"], before["__Host-session"]);
  assert.equal((await client.get("/api/auth/user")).status, 200);
  assert.equal((await client.post("/api/auth/refresh")).status, 200, "and again");
});

test("two tabs that refresh at once do not sign each other out", async () => {
  const client = await signIn("dora");
  const cookies = { ...client.cookies };
  const answers = await Promise.all(Array.from({ length: 8 }, () => new Client(cookies).post("/api/auth/refresh")));
  const statuses = answers.map((answer) => answer.status).sort();
  assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join());
  for (const answer of answers) {
    if (answer.status !== 200) {
      assert.equal(answer.json.code, "refresh_raced");
      assert.equal(answer.headers.getSetCookie().length, 0, "the slower ones get nothing");
    }
  }
});

test("a replaced secret shown later ends the session for both", async () => {
  const client = await signIn("erin");
  const stolen = { ...client.cookies };
  await client.post("/api/auth/refresh");
  const db = database();
  db.exec("UPDATE spent_secrets SET spent_at = spent_at - 11");
  db.close();
  const thief = await new Client(stolen).post("/api/auth/refresh");
  assert.equal(thief.status, 401);
  assert.equal(thief.json.code, "session_reused");
  assert.equal((await client.post("/api/auth/refresh")).status, 401, "the owner must sign in again");
  assert.match(logged(), /session_reused/);
});

test("signing out ends the session at once and everywhere it is asked for", async () => {
  const client = await signIn("frank");
  const copy = new Client(client.cookies);
  const out = await client.post("/api/auth/logout");
  assert.equal(out.status, 204);
  assert.deepEqual(client.cookies, {});
  assert.equal((await copy.post("/api/auth/refresh")).status, 401);
  // Where the session is looked up there is no delay at all.
  assert.equal((await copy.get("/api/auth/export")).status, 401);
  // Elsewhere the access token may count for three seconds more.
  await new Promise((resolve) => setTimeout(resolve, 3200));
  const late = await copy.get("/api/auth/user");
  assert.equal(late.status, 401);
  assert.equal(late.json.code, "signed_out");
  assert.equal((await client.post("/api/auth/logout")).status, 204, "twice does no harm");
});

test("a session that has ended by age counts no more", async () => {
  for (const column of ["idle_until", "expires_at"]) {
    const client = await signIn("grace");
    const db = database();
    db.exec(`UPDATE sessions SET ${column} = 1`);
    db.close();
    assert.equal((await client.post("/api/auth/refresh")).status, 401, column);
    assert.equal((await client.get("/api/auth/export")).status, 401, column);
  }
});

test("one's other sessions can be ended, and nobody else's", async () => {
  const [here, there, stranger] = [await signIn("heidi"), await signIn("heidi"), await signIn("ivan")];
  const id = (await there.get("/api/auth/user")).json.sessions.find((session) => session.current).id;
  assert.equal((await stranger.send("DELETE", `/api/auth/sessions/${id}`)).status, 404);
  assert.equal((await there.get("/api/auth/export")).status, 200);
  assert.equal((await here.send("DELETE", `/api/auth/sessions/${id}`)).status, 204);
  assert.equal((await there.get("/api/auth/export")).status, 401);
  assert.equal((await here.get("/api/auth/export")).status, 200);
});

test("everything kept of somebody can be had as a file, without secrets", async () => {
  const client = await signIn("judy");
  const answer = await client.get("/api/auth/export");
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-disposition"), /attachment/);
  assert.equal(answer.json.data.account[0].name, "judy of Home");
  assert.equal(answer.json.data.identities[0].subject, "judy");
  assert.equal(answer.json.data.sessions.length, 1);
  assert.doesNotMatch(answer.text, /hash|secret/);
  assert.ok(!answer.text.includes(client.cookies["__Host-session"]));
});

test("an account ends with everything in it, by its own words only", async () => {
  const client = await signIn("kim");
  const { id } = (await client.get("/api/auth/user")).json;
  const wrong = await client.send("DELETE", "/api/auth/account", { body: { confirm: "yes" } });
  assert.equal(wrong.status, 422);
  assert.equal(wrong.json.fields[0].field, "confirm");
  const copy = new Client(client.cookies);
  const gone = await client.send("DELETE", "/api/auth/account", { body: { confirm: "delete my account" } });
  assert.equal(gone.status, 204);
  assert.deepEqual(client.cookies, {});
  assert.equal((await copy.get("/api/auth/export")).status, 401);
  const db = database();
  for (const table of ["identities", "sessions"]) {
    assert.equal(db.prepare(`SELECT count(*) AS n FROM ${table} WHERE user_id = ?`).get(id).n, 0, table);
  }
  assert.equal(db.prepare("SELECT count(*) AS n FROM users WHERE id = ?").get(id).n, 0);
  db.close();
  const anew = await signIn("kim");
  assert.notEqual((await anew.get("/api/auth/user")).json.id, id);
});

test("the last identity cannot be taken off", async () => {
  const client = await signIn("leo");
  const { identities } = (await client.get("/api/auth/user")).json;
  const answer = await client.send("DELETE", `/api/auth/identities/${identities[0].id}`);
  assert.equal(answer.status, 409);
  assert.equal(answer.json.code, "last_identity");
  assert.equal((await client.send("DELETE", "/api/auth/identities/nobodys")).status, 404);
});

test("two first sign-ins at once make one account", async () => {
  const callbacks = [];
  for (let i = 0; i < 4; i += 1) {
    const client = new Client();
    const begun = await client.get("/api/auth/login/home", { headers: fresh() });
    callbacks.push([client, await agree(begun.location, "mallory-twins")]);
  }
  await Promise.all(callbacks.map(([client, address]) => client.get(address, { headers: fresh() })));
  const ids = new Set();
  for (const [client] of callbacks) ids.add((await client.get("/api/auth/user")).json.id);
  assert.equal(ids.size, 1);
  const db = database();
  assert.equal(db.prepare("SELECT count(*) AS n FROM users WHERE name = 'mallory-twins of Home'").get().n, 1);
  db.close();
});

test("the clock sweeps away what has expired", async () => {
  const client = await signIn("niaj");
  await new Client().get("/api/auth/login/home", { headers: fresh() });
  const db = database();
  db.exec("UPDATE logins SET issued_at = 1; UPDATE sessions SET idle_until = 1");
  const count = (table) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get().n;
  assert.ok(count("logins") > 0 && count("sessions") > 0);
  const answer = await client.get("/cdn-cgi/handler/scheduled?cron=7+*+*+*+*");
  assert.equal(answer.status, 200, answer.text);
  assert.equal(count("logins"), 0);
  assert.equal(count("sessions"), 0);
  assert.equal(count("spent_secrets"), 0);
  db.close();
});

test("the log holds no secret", async () => {
  const client = await signIn("olivia");
  await client.post("/api/auth/refresh");
  const log = logged();
  for (const secret of Object.values(client.cookies)) assert.ok(!log.includes(secret));
  assert.doesNotMatch(log, /example\.org|code=|state=/);
});
