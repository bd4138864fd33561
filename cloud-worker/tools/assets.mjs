// `node tools/assets.mjs`: puts what the worker serves as files into build/assets: the account's build of the web remote
// as it was built last, and the headers that all of it bears.
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "build/assets");
const dist = join(root, "../web-remote/dist-cloud");
if (!existsSync(dist)) throw new Error("build the web remote first: there is no web-remote/dist-cloud");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
cpSync(dist, folder, { recursive: true });
cpSync(join(root, "assets/_headers"), join(folder, "_headers"));
