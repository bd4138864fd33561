// `node tools/backup.mjs ENVIRONMENT [--out FOLDER] [--local STATE]`: exports an environment's database into a dated
// file with its sum beside it, sees that it can be put back, and takes away backups older than 90 days (never the
// last one). `--local` takes the database of `wrangler dev` in that folder instead of Cloudflare's.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { contents, ENVIRONMENTS, load, localFolder, sha256, wrangler } from "./d1.mjs";

const DAYS = 90;
const { positionals: [environment], values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string", default: "backups" }, local: { type: "string" }, now: { type: "string" } },
});
if (!ENVIRONMENTS.includes(environment)) throw new Error(`which environment: ${ENVIRONMENTS.join(", ")}?`);

const now = values.now ? new Date(values.now) : new Date();
const folder = join(values.out, environment);
// Whoever reads a backup reads everybody's data.
mkdirSync(folder, { recursive: true, mode: 0o700 });
const scratch = mkdtempSync(join(tmpdir(), "cloud-backup-"));
const dump = join(scratch, "dump.sql");
const where = environment === "dev" ? [] : ["--env", environment];
const cwd = values.local === undefined ? undefined : localFolder(values.local);
try {
  wrangler(["d1", "export", "DB", ...where, values.local === undefined ? "--remote" : "--local", "--skip-confirmation", "--output", dump], cwd);
  const sql = readFileSync(dump, "utf8");
  const rows = Object.fromEntries(Object.entries(contents(load(sql))).map(([name, all]) => [name, all.length]));
  const stamp = now.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  const file = join(folder, `rusty-audio-${environment}-${stamp}.sql.gz`);
  const packed = gzipSync(sql, { level: 9 });
  writeFileSync(file, packed, { mode: 0o600, flag: "wx" });
  const manifest = { environment, made_at: now.toISOString(), sha256: sha256(packed), rows };
  writeFileSync(file.replace(/\.sql\.gz$/, ".json"), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  console.log(`${file}: ${packed.length} bytes, ${Object.values(rows).reduce((sum, count) => sum + count, 0)} rows`);
  sweep();
} finally {
  rmSync(scratch, { recursive: true, force: true });
  if (cwd) rmSync(cwd, { recursive: true, force: true });
}

/** Takes away what is older than 90 days, by the date in its name. */
function sweep() {
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql.gz")).sort();
  for (const name of files.slice(0, -1)) {
    const [, y, mo, d, h, mi, s] = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(name) ?? [];
    if (y === undefined || now - Date.UTC(y, mo - 1, d, h, mi, s) <= DAYS * 86_400_000) continue;
    rmSync(join(folder, name));
    rmSync(join(folder, name.replace(/\.sql\.gz$/, ".json")), { force: true });
    console.log(`${name} is older than ${DAYS} days: gone`);
  }
}
