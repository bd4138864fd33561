// What the backup's tools share: wrangler, and looking at a database through SQLite itself.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const ENVIRONMENTS = ["dev", "staging", "production"];

/** Runs wrangler; throws what it says when it fails. */
export function wrangler(args, cwd = root) {
  const done = spawnSync(process.execPath, [join(root, "node_modules/wrangler/bin/wrangler.js"), ...args], {
    cwd, encoding: "utf8", env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false" },
  });
  if (done.status !== 0) throw new Error(`wrangler ${args.slice(0, 3).join(" ")} failed:\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
}

/** A folder in which wrangler's local database is the one in `state`. */
export function localFolder(state) {
  const folder = mkdtempSync(join(tmpdir(), "cloud-d1-"));
  copyFileSync(join(root, "wrangler.toml"), join(folder, "wrangler.toml"));
  mkdirSync(join(folder, ".wrangler"));
  mkdirSync(state, { recursive: true });
  symlinkSync(resolve(state), join(folder, ".wrangler/state"));
  return folder;
}

/** The file of the local database in `state`. */
export function localFile(state) {
  const folder = join(state, "v3/d1/miniflare-D1DatabaseObject");
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite"));
}

export const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/** The SQL of a backup; throws if it is not what was written. */
export function readBackup(file) {
  const packed = readFileSync(file);
  const manifest = JSON.parse(readFileSync(file.replace(/\.sql\.gz$/, ".json"), "utf8"));
  if (sha256(packed) !== manifest.sha256) throw new Error(`${file} is not what was written: its sum is another`);
  return { manifest, sql: gunzipSync(packed).toString() };
}

/** A database in memory made from SQL; throws if it is not whole. */
export function load(sql) {
  const db = new DatabaseSync(":memory:");
  // A dump puts children before parents.
  db.exec("PRAGMA foreign_keys = OFF");
  db.exec(sql);
  const [{ integrity_check: whole }] = db.prepare("PRAGMA integrity_check").all();
  if (whole !== "ok") throw new Error(`the database is broken: ${whole}`);
  const orphans = db.prepare("PRAGMA foreign_key_check").all();
  if (orphans.length > 0) throw new Error(`rows without their parents: ${JSON.stringify(orphans.slice(0, 3))}`);
  return db;
}

/** Our tables, by name. */
export const tables = (db) => db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'
  AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY name`).all().map((row) => row.name);

/** Every row of every table, as text, in an order of its own. */
export function contents(db) {
  const rows = (name) => db.prepare(`SELECT * FROM "${name}"`).all().map((row) => JSON.stringify(row)).sort();
  return Object.fromEntries(tables(db).map((name) => [name, rows(name)]));
}

/** What is different between two databases: the first row of each table that differs, and missing objects. */
export function difference(one, other) {
  const schema = (db) => db.prepare(`SELECT type || ' ' || name AS what FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'
    AND name NOT LIKE '_cf_%' ORDER BY 1`).all().map((row) => row.what);
  const found = [];
  const [names, others] = [schema(one), schema(other)];
  for (const name of names.filter((what) => !others.includes(what))) found.push(`missing: ${name}`);
  for (const name of others.filter((what) => !names.includes(what))) found.push(`not there before: ${name}`);
  const [left, right] = [contents(one), contents(other)];
  for (const [name, rows] of Object.entries(left)) {
    const at = rows.findIndex((row, index) => row !== right[name]?.[index]);
    if (at >= 0 || rows.length !== right[name]?.length) found.push(`${name}: row ${at} of ${rows.length} and ${right[name]?.length}`);
  }
  return found;
}
