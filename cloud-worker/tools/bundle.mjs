// `node bundle.mjs PLAN`: one script and one module out of what wasm-bindgen and entry.mjs give.
//
// wasm-bindgen's script keeps the state of one instance in its own variables. Wrapped into a function it can
// be called again, which is how entry.mjs has a fresh instance after a panic while the old one still answers
// the requests it has begun.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

// The names of what rustc may use for wasm32; wasm-opt refuses what is not named and uses nothing else.
const FEATURES = [
  "bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "multivalue", "mutable-globals",
  "nontrapping-float-to-int", "reference-types", "sign-ext",
];
const MODULE = "cloud_worker.wasm";

const here = dirname(fileURLToPath(import.meta.url));
const plan = JSON.parse(process.argv[2]);
rmSync(plan.out, { recursive: true, force: true });
mkdirSync(plan.out, { recursive: true });

/** The glue as the text of a function body that leaves its exports in `glue`. */
async function glue() {
  const built = await build({
    entryPoints: [plan.js],
    bundle: true,
    format: "iife",
    globalName: "glue",
    minify: !plan.dev,
    write: false,
    logLevel: "warning",
    target: "es2022",
    plugins: [{
      name: "runtime",
      setup(at) {
        // The runtime's own modules are handed in by entry.mjs.
        at.onResolve({ filter: /^cloudflare:/ }, (args) => ({ path: args.path, namespace: "runtime" }));
        at.onLoad({ filter: /.*/, namespace: "runtime" }, (args) => ({
          contents: `module.exports = runtime[${JSON.stringify(args.path)}];`,
          loader: "js",
        }));
      },
    }],
  });
  return built.outputFiles[0].text;
}

const text = await glue();
await build({
  entryPoints: [join(here, "entry.mjs")],
  outfile: join(plan.out, "index.js"),
  bundle: true,
  format: "esm",
  minify: !plan.dev,
  target: "es2022",
  external: ["cloudflare:*", `./${MODULE}`],
  logLevel: "warning",
  plugins: [{
    name: "glue",
    setup(at) {
      at.onResolve({ filter: /^glue$/ }, () => ({ path: "glue", namespace: "glue" }));
      at.onLoad({ filter: /.*/, namespace: "glue" }, () => ({
        contents: `export function make(runtime) {\n${text}\nreturn glue;\n}`,
        loader: "js",
      }));
    },
  }],
});

const wasm = join(plan.out, MODULE);
if (plan.dev) {
  writeFileSync(wasm, readFileSync(plan.wasm));
} else {
  const tool = join(here, "../node_modules/binaryen/bin/wasm-opt");
  // Not -O3 nor -Oz: what they do with locals and calls makes less code of it, but 80 kB more after gzip, which counts.
  const passes = [
    "duplicate-function-elimination", "optimize-instructions", "precompute", "vacuum", "remove-unused-brs",
    "remove-unused-names", "merge-blocks", "dce", "remove-unused-module-elements", "strip-debug", "strip-producers",
  ];
  const wanted = [...passes.map((name) => `--${name}`), ...FEATURES.map((name) => `--enable-${name}`)];
  execFileSync(process.execPath, [tool, plan.wasm, "-o", wasm, ...wanted], { stdio: "inherit" });
}

const packed = (name) => gzipSync(readFileSync(join(plan.out, name)), { level: 9 }).length;
const report = {
  wasm: statSync(wasm).size,
  script: statSync(join(plan.out, "index.js")).size,
  packed: packed("index.js") + packed(basename(wasm)),
};
writeFileSync(join(plan.out, "report.json"), JSON.stringify(report));
