// The whole remote without a pointer.

import { phone } from "../lib/browser.mjs";
import { check, ensure, eventually } from "../lib/check.mjs";
import { join, transport } from "../lib/remote.mjs";

export async function keyboard({ browser, unit }) {
  const stereo = await unit("keyboard");
  const { context, page } = await phone(browser, { viewport: { width: 1280, height: 800 } });
  await join(page, stereo);
  await stereo.enrol();
  await transport(page).waitFor();

  await check("by keys alone: pause, seek, volume", async () => {
    await focus(page, "button", /^pause$/i);
    await page.keyboard.press("Enter");
    await stereo.until("a pause", ({ transport }) => transport.state === "paused");
    await focus(page, "slider", /position|seek/i);
    const before = (await stereo.snapshot()).transport.position_s;
    await page.keyboard.press("ArrowRight");
    await stereo.until("a later moment", ({ transport }) => transport.position_s > before + 1);
    await focus(page, "slider", /volume/i);
    const { step } = (await stereo.snapshot()).volume;
    await page.keyboard.press("ArrowDown");
    await stereo.until("a softer sound", ({ volume }) => volume.step < step);
  });
  await check("by keys alone: search and play", async () => {
    await eventually(
      "the library",
      () => stereo.ask({ ask: "search", text: "road number", limit: 10 }),
      ({ found }) => found.length > 0,
      60_000,
    );
    await focus(page, "link", /search/i);
    await page.keyboard.press("Enter");
    await page.getByRole("searchbox").waitFor();
    if (!(await page.getByRole("searchbox").evaluate((box) => box === document.activeElement))) {
      await focus(page, "searchbox", /./);
    }
    await page.keyboard.type("road number");
    await page.getByRole("button", { name: /Röad Number 3/ }).first().waitFor();
    await focus(page, "button", /Röad Number 3/);
    await page.keyboard.press("Enter");
    await stereo.until("the track that was found", ({ now }) => now.title === "Röad Number 3");
  });
  await check("by keys alone: reorder the queue, the focus stays with the track", async () => {
    await stereo.command({ do: "play_view", view: { view: "tracks" }, start: null });
    await focus(page, "link", /queue/i);
    await page.keyboard.press("Enter");
    await eventually("the queue", () => stereo.queue(), (rows) => rows.length > 4);
    // A wide page shows the buttons always.
    if (await page.getByRole("button", { name: /^edit queue/i }).isVisible()) {
      await focus(page, "button", /^edit queue/i);
      await page.keyboard.press("Enter");
    }
    const before = await stereo.queue();
    const down = page.getByRole("listitem").nth(1).getByRole("button", { name: /^move .*down/i });
    await down.waitFor();
    await focus(page, "button", /^move .*down/i, 2);
    await page.keyboard.press("Enter");
    await eventually("another order", () => stereo.queue(), (rows) => rows.join() !== before.join());
    const focused = await page.evaluate(() => document.activeElement?.tagName);
    ensure(focused !== "BODY", "the focus is lost after a move");
  });
  await context.close();
}

/** Presses Tab until the focus is on what is wanted, and is seen to be there. */
async function focus(page, role, name, times = 1) {
  const wanted = page.getByRole(role, { name });
  let met = 0;
  for (let step = 0; step < 150; step += 1) {
    await page.keyboard.press("Tab");
    const here = page.locator(":focus");
    if ((await here.count()) === 0) continue;
    const hit = await wanted.and(here).count();
    if (hit > 0) {
      met += 1;
      if (met < times) continue;
      const seen = await here.evaluate((element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
      });
      ensure(seen, `the focus on ${role} ${name} cannot be seen`);
      return;
    }
  }
  throw new Error(`Tab does not reach ${role} ${name}`);
}
