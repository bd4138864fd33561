// Lighthouse on a throttled phone, without a network.

import { launchProfile } from "../lib/browser.mjs";
import { check, ensure } from "../lib/check.mjs";
import { join } from "../lib/remote.mjs";
import { freePort } from "../lib/unit.mjs";

const LEAST = 95;
/** The times are of this machine, and whatever else it does slows a run down; a page that is slow is slow in all. */
const RUNS = 3;
const TIMES = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"];
const CATEGORIES = ["performance", "accessibility", "best-practices"];

export async function lighthouse({ plan, unit }) {
  const stereo = await unit("lighthouse");
  const port = await freePort();
  const context = await launchProfile(plan, "lighthouse-profile", [`--remote-debugging-port=${port}`]);
  const page = context.pages()[0] ?? (await context.newPage());
  await join(page, stereo);
  await page.close();
  const { default: measure } = await import("lighthouse");
  for (const address of ["/", "/queue"]) {
    await check(`Lighthouse ${address} on a throttled phone: at least ${LEAST} each`, async () => {
      let said = "";
      for (let run = 1; run <= RUNS; run += 1) {
        const { lhr } = await measure(stereo.url + address, {
          port,
          logLevel: "silent",
          output: "json",
          onlyCategories: CATEGORIES,
        });
        const { good, detail } = judge(lhr);
        if (good) return run > 1 ? `${detail}; in run ${run}` : detail;
        said = detail;
      }
      throw new Error(said);
    });
  }
  await context.close();
}

/** The scores in words, and whether they do. */
function judge(lhr) {
  ensure(!lhr.runtimeError, lhr.runtimeError?.message);
  const scores = CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]);
  const times = TIMES.map((name) => lhr.audits[name].displayValue);
  const low = Object.values(lhr.audits)
    .filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== "informative")
    .map(({ id, displayValue }) => `${id} ${displayValue ?? ""}`.trim());
  const could = low.length ? `; could be better: ${low.slice(0, 6).join(", ")}` : "";
  const detail = `${scores.map(([name, score]) => `${name} ${score}`).join(", ")}; FCP, LCP, TBT ${times.join(", ")}${could}`;
  return { good: scores.every(([, score]) => score >= LEAST), detail };
}
