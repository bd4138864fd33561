// `node tools/restore.mjs FILE` is the drill: puts a backup into a fresh local database by wrangler, as one would at
// Cloudflare, and compares it row by row with the backup. `--into NAME` puts it into that database of Cloudflare's,
// which must be new and empty; docs/cloud.md tells how the worker is then turned to it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { difference, load, localFile, readBackup, wrangler } from "./d1.mjs";

const { positionals: [file], values } = parseArgs({ allowPositionals: true, options: { into: { type: "string" } } });
if (!file?.endsWith(".sql.gz")) throw new Error("which backup (….sql.gz)?");
const { manifest, sql } = readBackup(file);
const expected = load(sql);
const scratch = mkdtempSync(join(tmpdir(), "cloud-restore-"));
const script = join(scratch, "restore.sql");
writeFileSync(script, sql);
try {
  if (values.into === undefined) {
    const state = join(scratch, "state");
    wrangler(["d1", "execute", "DB", "--local", "--persist-to", state, "--yes", "--file", script]);
    const found = difference(expected, new DatabaseSync(localFile(state), { readOnly: true }));
    if (found.length > 0) throw new Error(`not what was backed up:\n${found.join("\n")}`);
    console.log(`${file} of ${manifest.made_at}: put back, every row of ${Object.keys(manifest.rows).length} tables is the same`);
  } else {
    const ask = (command) => JSON.parse(wrangler(["d1", "execute", values.into, "--remote", "--yes", "--json", "--command", command]))[0].results;
    const there = ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'");
    if (there.length > 0) throw new Error(`${values.into} is not empty: make a new one`);
    wrangler(["d1", "execute", values.into, "--remote", "--yes", "--file", script]);
    for (const [name, count] of Object.entries(manifest.rows)) {
      const [{ n }] = ask(`SELECT count(*) AS n FROM "${name}"`);
      if (n !== count) throw new Error(`${name} has ${n} rows, the backup ${count}`);
    }
    console.log(`${values.into} holds the backup of ${manifest.made_at}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
