// Bundles the remote, gives every file a name with a hash, packs it with brotli and writes the dist folder.
//
// Called by `cargo xtask web` with its plan as JSON; leaves the list of files, with their sizes, as a report.
// There are two such folders: the unit's, and the cloud's, which has the account's pages besides.
// The service worker's list of files is made here rather than by workbox: the list is all we would use of it,
// and its run-time modules alone are larger than our whole service worker.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join, relative, sep } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const plan = JSON.parse(process.argv[2]);
const PACKED = new Set([".css", ".html", ".js", ".json", ".svg", ".txt", ".wasm", ".webmanifest"]);
const source = (...parts) => join(plan.source, ...parts);

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
const short = (bytes) => hash(bytes).slice(0, 10).toUpperCase();

/** Who serves the remote: where its files go, where it begins, and the modules it has. */
const HOMES = {
  unit: { dist: plan.dist, script: "main.js", style: "main.css", modules: [plan.first], overlay: null, packed: true },
  // The cloud packs what it serves by itself.
  cloud: {
    dist: plan.cloud, script: "cloud.js", style: "cloud.css", modules: plan.modules.map(({ name }) => name),
    overlay: source("cloud"), packed: false,
  },
};
let home;
/** Every built file: its path below dist, with `/`, and its bytes. */
let files;
/** Paths that the first view loads. */
let first;

/** Modules under their hashed names; returns the addresses by module name. */
async function addModules() {
  const urls = {};
  for (const { name, wasm } of plan.modules.filter(({ name }) => HOMES[home].modules.includes(name))) {
    const bytes = await readFile(wasm);
    const path = `assets/${name}.${short(bytes)}.wasm`;
    files.set(path, bytes);
    urls[name] = `/${path}`;
    if (name === plan.first) first.add(path);
  }
  return urls;
}

/** Resolves `bindgen/NAME` to what wasm-bindgen made of the module NAME. */
const bindgen = {
  name: "bindgen",
  setup(build) {
    build.onResolve({ filter: /^bindgen\// }, ({ path }) => {
      const module = plan.modules.find(({ name }) => `bindgen/${name}` === path);
      return module ? { path: module.js } : { errors: [{ text: `no wasm target is called ${path.slice(8)}` }] };
    });
  },
};

/** wasm-bindgen copies the scripts that Rust imports; what they import themselves lies beside the originals. */
const originals = {
  name: "originals",
  setup(build) {
    build.onResolve({ filter: /\/snippets\// }, ({ path }) => {
      const original = source(...path.replace(/^.*\/snippets\/[^/]+\//, "").split("/"));
      return existsSync(original) ? { path: original } : undefined;
    });
  },
};

const common = {
  bundle: true,
  write: false,
  minify: !plan.dev,
  sourcemap: plan.dev ? "inline" : false,
  legalComments: "none",
  logLevel: "warning",
  target: ["chrome111", "firefox115", "safari16.4"],
};

/** Scripts and styles; returns the addresses of the two entries. */
async function addBundles(urls) {
  const { script, style, dist } = HOMES[home];
  const built = await esbuild.build({
    ...common,
    entryPoints: [{ in: source("js", script), out: "remote" }, { in: source("style", style), out: "style" }],
    format: "esm",
    splitting: true,
    metafile: true,
    absWorkingDir: plan.source,
    outdir: join(dist, "assets"),
    publicPath: "/assets",
    entryNames: "[name].[hash]",
    chunkNames: "[name].[hash]",
    assetNames: "[name].[hash]",
    loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
    // Name by name: an object would become a script of its own, which the first view would wait for.
    define: {
      ...Object.fromEntries(Object.entries(urls).map(([name, url]) => [`WASM_URLS.${name}`, JSON.stringify(url)])),
      DEV: String(plan.dev),
    },
    plugins: [bindgen, originals],
  });
  for (const { path, contents } of built.outputFiles) {
    files.set(relative(dist, path).split(sep).join("/"), Buffer.from(contents));
  }
  const outputs = built.metafile.outputs;
  const at = (name) =>
    Object.keys(outputs)
      .map((path) => path.slice(path.indexOf("assets/")))
      .find((path) => path.startsWith(`assets/${name}.`));
  const entries = { js: at("remote") ?? missing("a script"), css: at("style") ?? missing("style/main.css") };
  reach(outputs, entries.js);
  reach(outputs, entries.css);
  return { js: `/${entries.js}`, css: `/${entries.css}` };
}

/** Marks what `path` loads by itself; `import()` waits until it is wanted. */
function reach(outputs, path) {
  if (first.has(path)) return;
  first.add(path);
  const key = Object.keys(outputs).find((key) => key.endsWith(path));
  for (const { path: next, kind, external } of outputs[key]?.imports ?? []) {
    if (kind === "dynamic-import" || external) continue;
    reach(outputs, next.slice(next.indexOf("assets/")));
  }
}

function missing(what) {
  throw new Error(`web-remote has no ${what}`);
}

/** Files that keep their names. */
async function addStatic(root, folder = root) {
  if (!existsSync(folder)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await addStatic(root, path);
    else files.set(relative(root, path).split(sep).join("/"), await readFile(path));
  }
}

/** The page, with the addresses filled in. What the server's Content-Security-Policy forbids fails here. */
async function addPage(addresses) {
  const template = await readFile(source("index.html"), "utf8");
  // Which module the cloud's page needs depends on its address: its script fetches it.
  const lines = addresses.wasm ? template : template.replace(/^.*%WASM%.*\n/m, "");
  const filled = lines.replace(/%([A-Z]+)%/g, (whole, name) => {
    const address = addresses[name.toLowerCase()];
    if (!address) throw new Error(`index.html: nothing is known of ${whole}`);
    return address;
  });
  const page = filled.replace(/<!--[^]*?-->/g, "").replace(/\n\s*/g, "\n").trim() + "\n";
  if (/<script(?![^>]*\ssrc=)[^>]*>/i.test(page)) throw new Error("index.html: an inline script");
  if (/<style|\sstyle=|\son[a-z]+=/i.test(page)) throw new Error("index.html: an inline style or handler");
  files.set("index.html", Buffer.from(page));
  for (const [, address] of page.matchAll(/\s(?:href|src)="\/([^"#?]+)"/g)) {
    if (!files.has(address)) throw new Error(`index.html: /${address} is not built`);
    first.add(address);
  }
}

/** The service worker, which knows every file of this build. */
async function addServiceWorker() {
  const script = source("src", "service_worker.js");
  if (!existsSync(script)) return;
  const hashed = (path) => path.startsWith("assets/");
  const list = [...files].map(([path, bytes]) => ({
    url: path === "index.html" ? "/" : `/${path}`,
    revision: hashed(path) ? null : short(bytes),
  }));
  list.sort((a, b) => (a.url < b.url ? -1 : 1));
  const own = await readFile(script);
  const built = await esbuild.build({
    ...common,
    entryPoints: [script],
    outfile: join(HOMES[home].dist, "sw.js"),
    format: "iife",
    define: {
      PRECACHE: JSON.stringify(list),
      VERSION: JSON.stringify(short(JSON.stringify(list) + own)),
      DEV: String(plan.dev),
    },
  });
  files.set("sw.js", Buffer.from(built.outputFiles[0].contents));
}

/**
 * The two ways of packing. Browsers take brotli by HTTPS and from their own machine only; by plain HTTP, as in
 * the car, they take gzip.
 */
const PACKERS = {
  br: (bytes) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        // The largest window every browser takes.
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gz: (bytes) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

/** Packs a file; what was packed before is taken from the cache. */
async function pack(ending, bytes) {
  const kept = join(plan.cache, `${hash(bytes)}.${ending}`);
  if (existsSync(kept)) return readFile(kept);
  const packed = PACKERS[ending](bytes);
  await mkdir(plan.cache, { recursive: true });
  await writeFile(kept, packed);
  return packed;
}

/** Writes a file below the home's folder unless it is there as it should be, so that nothing is embedded again for nothing. */
async function write(path, bytes) {
  const full = join(HOMES[home].dist, path);
  if (existsSync(full) && (await readFile(full)).equals(bytes)) return;
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, bytes);
}

/** Removes what earlier builds left. */
async function prune(wanted, root = HOMES[home].dist, folder = root) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await prune(wanted, root, path);
    else if (path !== join(root, ".gitignore") && !wanted.has(relative(root, path).split(sep).join("/"))) await rm(path);
  }
}

/** The size of a file as it travels, by way of packing. */
async function packed(path, bytes) {
  const endings = plan.dev || !PACKED.has(extname(path)) ? [] : Object.keys(PACKERS);
  const packs = await Promise.all(endings.map(async (ending) => [ending, await pack(ending, bytes)]));
  return packs.filter(([, pack]) => pack.length < bytes.length);
}

async function build() {
  files = new Map();
  first = new Set(["index.html"]);
  const urls = await addModules();
  const bundles = await addBundles(urls);
  await addStatic(source("static"));
  if (HOMES[home].overlay) await addStatic(HOMES[home].overlay);
  await addPage({ ...bundles, home, wasm: home === "unit" ? urls[plan.first] : undefined });
  await addServiceWorker();
  const wanted = new Set();
  await mkdir(HOMES[home].dist, { recursive: true });
  for (const [path, bytes] of files) {
    await write(path, bytes);
    wanted.add(path);
    const packs = await packed(path, bytes);
    for (const [ending, pack] of HOMES[home].packed ? packs : []) {
      await write(`${path}.${ending}`, pack);
      wanted.add(`${path}.${ending}`);
    }
    // A file that both have is told of once.
    if (report.some((told) => told.path === path)) continue;
    const sizes = { raw: bytes.length, br: bytes.length, gz: bytes.length };
    for (const [ending, pack] of packs) sizes[ending] = pack.length;
    const isFirst = home === "unit" && first.has(path);
    report.push({ path, raw: sizes.raw, packed: sizes.br, gzip: sizes.gz, first: isFirst });
  }
  await prune(wanted);
}

const report = [];
for (home of Object.keys(HOMES)) await build();
report.sort((a, b) => b.packed - a.packed);
await writeFile(plan.report, JSON.stringify({ files: report }));
