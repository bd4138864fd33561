// The drill: a backup of the database as the other tests have left it is put back into a fresh one, the same row by row.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { difference, load, readBackup } from "../tools/d1.mjs";
import { database, signIn } from "./client.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tool = (...args) => spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });

test("a backup is whole, is put back the same, and is not believed when it was changed", async () => {
  const client = await signIn("backed-up");
  await client.post("/api/presets", { sound: { name: "it's \"kept\"\n✓".replace("\n", " "), bands: [] }, public: true, tags: ["a", "b"] });
  const out = mkdtempSync(join(tmpdir(), "cloud-backups-"));
  try {
    // An old one goes, one of 90 days stays.
    for (const [now, files] of [["2026-01-01T00:00:00Z", 1], ["2026-02-01T00:00:00Z", 2], ["2026-05-01T12:00:00Z", 2]]) {
      const made = tool("tools/backup.mjs", "dev", "--out", out, "--local", process.env.WORKER_STATE, "--now", now);
      assert.equal(made.status, 0, made.stderr);
      assert.equal(readdirSync(join(out, "dev")).filter((name) => name.endsWith(".sql.gz")).length, files, now);
    }
    const file = join(out, "dev", readdirSync(join(out, "dev")).filter((name) => name.endsWith(".sql.gz")).at(-1));
    assert.deepEqual(difference(database(), load(readBackup(file).sql)), []);
    const drill = tool("tools/restore.mjs", file);
    assert.equal(drill.status, 0, drill.stderr);
    assert.match(drill.stdout, /every row of \d+ tables is the same/);
    const packed = readFileSync(file);
    packed[packed.length >> 1] ^= 1;
    writeFileSync(file, packed);
    const refused = tool("tools/restore.mjs", file);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /its sum is another/);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

test("a difference would be found", () => {
  const make = (rows) => load(`CREATE TABLE a (x); CREATE INDEX i ON a (x); ${rows}`);
  assert.deepEqual(difference(make("INSERT INTO a VALUES (1)"), make("INSERT INTO a VALUES (1)")), []);
  assert.equal(difference(make("INSERT INTO a VALUES (1)"), make("INSERT INTO a VALUES (2)")).length, 1);
  assert.equal(difference(make("INSERT INTO a VALUES (1)"), make("")).length, 1);
  assert.deepEqual(difference(make(""), load("CREATE TABLE a (x)")), ["missing: index i"]);
  assert.throws(() => load("CREATE TABLE p (id PRIMARY KEY); CREATE TABLE c (p REFERENCES p (id)); INSERT INTO c VALUES (1)"), /without their parents/);
});
