// Every page: no violation by axe-core in dark and light, no sideways scrolling, and a picture to look at.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join as path } from "node:path";
import { DESKTOP, PHONE, phone } from "../lib/browser.mjs";
import { check, ensure, eventually } from "../lib/check.mjs";
import { editQueue, join } from "../lib/remote.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Text keeps 7:1 (large text 4.5:1): it is read at arm's length, in the sun.
const CONTRAST = "color-contrast-enhanced";
const NARROW = { width: 320, height: 640 };

const PAGES = {
  playing: "/",
  queue: "/queue",
  music: "/music",
  albums: "/music/albums",
  songs: "/music/songs",
  search: "/search?q=road",
  sound: "/sound",
  settings: "/settings",
};

export async function pages({ plan, browser, unit }) {
  const stereo = await unit("pages");
  const { context, page } = await phone(browser);
  await join(page, stereo);
  await stereo.enrol();
  await eventually(
    "the library",
    () => stereo.ask({ ask: "search", text: "road number", limit: 10 }),
    ({ found }) => found.length > 0,
    60_000,
  );
  // A track with a cover plays, and the queue is long.
  const { found } = await stereo.ask({ ask: "search", text: "coast road", limit: 10 });
  await stereo.command({ do: "play_path", path: found.find(({ kind }) => kind === "track").path });
  await stereo.until("the track", ({ now }) => now.title.startsWith("Coast Road"));
  await stereo.command({ do: "enqueue_view", view: { view: "tracks" } });
  await stereo.until("the queue", ({ queue }) => queue.len > 300);
  await stereo.command({ do: "dismiss_message" });
  for (const [name, address] of Object.entries(PAGES)) {
    await look(plan, page, name, stereo.url + address);
  }
  await look(plan, page, "editing", `${stereo.url}/queue`, editQueue);
  await context.close();
  const stranger = await phone(browser);
  await look(plan, stranger.page, "enrol", `${stereo.url}/enrol`);
  await stranger.context.close();
}

/** One page in every look and width. */
async function look(plan, page, name, address, first = async () => {}) {
  await check(`page ${name}: nothing for axe-core to complain of, no sideways scrolling`, async () => {
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await first(page);
    await page.waitForTimeout(600);
    const wrong = [];
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP, narrow: NARROW })) {
        await page.setViewportSize(viewport);
        await page.waitForTimeout(250);
        await page.screenshot({ path: path(plan.shots, `${name}-${size}-${colorScheme}.png`) });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) wrong.push(`${size}: ${wide} px too wide`);
        if (size !== "narrow") wrong.push(...(await axe(page)).map((text) => `${size} ${colorScheme}: ${text}`));
      }
    }
    await page.setViewportSize(PHONE);
    ensure(wrong.length === 0, [...new Set(wrong)].slice(0, 5).join(" ; "));
  });
}

/** axe-core runs beside the page: the page's own policy forbids foreign scripts. */
export async function axe(page) {
  const devtools = await page.context().newCDPSession(page);
  const { frameTree } = await devtools.send("Page.getFrameTree");
  const { executionContextId: contextId } = await devtools.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
    worldName: "axe",
  });
  const run = (expression) =>
    devtools.send("Runtime.evaluate", { expression, contextId, awaitPromise: true, returnByValue: true });
  await run(AXE);
  const { result, exceptionDetails } = await run(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, rules: { "${CONTRAST}": { enabled: true } }, resultTypes: ["violations"] })
       .then(({ violations }) => violations.map(({ id, nodes }) =>
         id + ": " + nodes.slice(0, 2).map(({ html }) => html.slice(0, 120)).join(" and ")))`,
  );
  await devtools.detach();
  ensure(!exceptionDetails, `axe-core did not run: ${exceptionDetails?.exception?.description}`);
  return result.value;
}
