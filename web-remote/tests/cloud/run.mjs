// The journey through the cloud in a real browser: a person, their phone, two stereos, the worker in its runtime.
// Called by `cargo xtask test` with its plan as JSON.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { stage } from "../../../cloud-worker/tests/stage.mjs";
import { launch } from "../lib/browser.mjs";
import { check, end } from "../lib/check.mjs";
import { CloudUnit } from "./cloud_unit.mjs";
import { journey } from "./journey.mjs";

const plan = JSON.parse(process.argv[2]);
await mkdir(plan.shots, { recursive: true });

// Nobody listens any more: end, and with this the browser, the units and the worker.
process.stdout.on("error", () => process.exit(1));
const limit = setTimeout(() => {
  process.stdout.write("the journey took too long\n");
  process.exit(1);
}, plan.limit_s * 1000);

const units = [];
let cloud;
let browser;
try {
  cloud = await stage({ state: join(plan.scratch, "worker") });
  browser = await launch(plan);
  const unit = (name) => {
    const made = new CloudUnit(plan, name, cloud.base);
    units.push(made);
    return made;
  };
  await journey({ plan, cloud, browser, unit });
} catch (error) {
  await check("the journey through the cloud", () => Promise.reject(error));
}
await Promise.allSettled(units.map((unit) => unit.stop()));
await browser?.close();
await cloud?.end();
clearTimeout(limit);
end();
process.exit(0);
