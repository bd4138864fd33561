// The journeys of the web remote in a real browser. Called by `cargo xtask test` with its plan as JSON.

import { mkdir } from "node:fs/promises";
import { launch } from "./lib/browser.mjs";
import { check, end } from "./lib/check.mjs";
import { Unit, freePort } from "./lib/unit.mjs";
import { PARTS } from "./parts/index.mjs";

const plan = JSON.parse(process.argv[2]);
await mkdir(plan.shots, { recursive: true });

// Nobody listens any more: end, and with this the browser and the units.
process.stdout.on("error", () => process.exit(1));
const limit = setTimeout(() => {
  process.stdout.write("the journeys took too long\n");
  stop().finally(() => process.exit(1));
}, plan.limit_s * 1000);

const browser = await launch(plan);
const units = [];

async function stop() {
  await Promise.allSettled(units.map((unit) => unit.stop()));
  await browser.close();
}

/** A unit that has just started, with settings of its own. */
async function unit(name) {
  const made = new Unit(plan, name, await freePort());
  units.push(made);
  await made.start();
  return made;
}

for (const [name, part] of Object.entries(PARTS)) {
  if (!name.includes(plan.only)) continue;
  const before = units.length;
  // A part that cannot even begin is one failed check, and the next part has its turn.
  await part({ plan, browser, unit }).catch((error) => check(name, () => Promise.reject(error)));
  await Promise.allSettled(units.slice(before).map((unit) => unit.stop()));
}

await stop();
clearTimeout(limit);
end();
