// Chromium, and phones in it.

import { join } from "node:path";
import { chromium } from "playwright-core";

export const PHONE = { width: 360, height: 780 };
export const DESKTOP = { width: 1280, height: 800 };

const ARGS = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  // A foreign name that leads to this machine, as in DNS rebinding.
  "--host-resolver-rules=MAP evil.test 127.0.0.1",
  // Music plays in the unit; the page itself may only ask for the lock screen.
  "--autoplay-policy=user-gesture-required",
];

export function launch(plan) {
  return chromium.launch({ executablePath: plan.browser, args: ARGS });
}

/** A browser with a profile of its own on disk, as a phone's is. */
export function launchProfile(plan, name, extra = []) {
  return chromium.launchPersistentContext(join(plan.scratch, name), {
    executablePath: plan.browser,
    args: [...ARGS, ...extra],
    viewport: PHONE,
  });
}

/** One phone: a page with storage of its own, whose complaints are kept. */
export async function phone(browser, options = {}) {
  const context = await browser.newContext({ viewport: PHONE, locale: "en-GB", ...options });
  const page = await context.newPage();
  return { context, page, complaints: listen(page) };
}

/** Collects what the page says on its console as an error, and what it throws. */
export function listen(page) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`threw: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  return complaints;
}
