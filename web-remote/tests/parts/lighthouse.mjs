// Lighthouse on a throttled phone, without a network.

import { launchProfile } from "../lib/browser.mjs";
import { check, ensure } from "../lib/check.mjs";
import { join } from "../lib/remote.mjs";
import { freePort } from "../lib/unit.mjs";

const LEAST = 95;
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
      const { lhr } = await measure(stereo.url + address, {
        port,
        logLevel: "silent",
        output: "json",
        onlyCategories: CATEGORIES,
        // The phone's cookie stays; Lighthouse leaves cookies alone, the rest it empties as for a first visit.
        disableStorageReset: false,
      });
      ensure(!lhr.runtimeError, lhr.runtimeError?.message);
      const scores = CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]);
      const times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"].map(
        (name) => lhr.audits[name].displayValue,
      );
      const low = Object.values(lhr.audits)
        .filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== "informative")
        .map(({ id, displayValue }) => `${id} ${displayValue ?? ""}`.trim());
      const detail = `${scores.map(([name, score]) => `${name} ${score}`).join(", ")}; FCP, LCP, TBT ${times.join(", ")}`;
      ensure(scores.every(([, score]) => score >= LEAST), `${detail}; low: ${low.slice(0, 8).join(", ")}`);
      return low.length ? `${detail}; could be better: ${low.slice(0, 4).join(", ")}` : detail;
    });
  }
  await context.close();
}
