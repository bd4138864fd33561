// The unit goes and comes back; the page says so and needs no help.

import { phone } from "../lib/browser.mjs";
import { check, ensure, eventually } from "../lib/check.mjs";
import { join, noComplaints, shows, slider, transport } from "../lib/remote.mjs";

const AWAY = /reconnect|not reachable|offline|no connection/i;

export async function away({ browser, unit }) {
  const stereo = await unit("away");
  const { context, page, complaints } = await phone(browser);
  await join(page, stereo);
  const notice = page.getByRole("status").filter({ hasText: AWAY }).first();
  await check("the service worker has the whole shell", async () => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await eventually("the worker's control", () => page.evaluate(() => Boolean(navigator.serviceWorker.controller) || "no"), Boolean);
  });
  await check("an unit that is cut off is noticed and said", async () => {
    await stereo.stop();
    await notice.waitFor({ timeout: 10_000 });
  });
  await check("the shell opens without the unit", async () => {
    await page.reload();
    await page.getByRole("main").waitFor();
    await notice.waitFor({ timeout: 10_000 });
    const other = await context.newPage();
    await other.goto(`${stereo.url}/queue`);
    await other.getByRole("main").waitFor();
    await other.close();
  });
  await check("nothing of the API is kept", async () => {
    const kept = await page.evaluate(async () => {
      const urls = [];
      for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) urls.push(request.url);
      }
      return urls;
    });
    ensure(kept.length > 3, `only ${kept.length} files are kept`);
    const api = kept.filter((url) => new URL(url).pathname.startsWith("/api/"));
    ensure(api.length === 0, `kept: ${api.join(", ")}`);
    return `${kept.length} files, none of the API`;
  });
  await check("back by itself when the unit is back, with the phone still known", async () => {
    await stereo.start();
    const began = Date.now();
    await transport(page).waitFor({ timeout: 20_000 });
    await notice.waitFor({ state: "hidden", timeout: 20_000 });
    await shows("a volume", slider(page, /volume/i), (value) => value > 0, 5_000);
    return `${Date.now() - began} ms after the unit's start`;
  });
  await check("the page works after that", async () => {
    await stereo.enrol();
    const before = (await stereo.snapshot()).transport.state;
    await transport(page).click();
    await stereo.until("the other state", ({ transport }) => transport.state !== before);
  });
  await check("a deep link is the page it names", async () => {
    await page.goto(`${stereo.url}/search?q=road`);
    const box = page.getByRole("searchbox");
    await box.waitFor();
    await eventually("the words of the link", () => box.inputValue(), (text) => text === "road");
  });
  await check("no complaint but that requests fail", async () => noComplaintsBut(complaints));
  await context.close();
}

/** A browser itself complains of every request that a unit which is away does not answer. */
function noComplaintsBut(complaints) {
  noComplaints(complaints, [/ERR_|Failed to load|WebSocket|fetch|401/i]);
}
