// The remote as a person meets it: by roles and names, never by its markup.

import { ensure, eventually } from "./check.mjs";

/** Opens the unit's link, which lets the phone in by itself, and waits until the remote shows what plays. */
export async function join(page, unit, link = unit.invite()) {
  await page.goto(await link);
  await transport(page).waitFor();
}

/** The button that plays or pauses. */
export const transport = (page) => page.getByRole("button", { name: /^(play|pause)$/i }).first();

export const slider = (page, name) => page.getByRole("slider", { name }).first();

/** What a slider says its value is. */
export async function valueOf(locator) {
  const value = await locator.evaluate((element) => element.getAttribute("aria-valuenow") ?? element.value);
  return Number(value);
}

/** Goes to a page by the navigation, as a person does. */
export async function go(page, name) {
  await page.getByRole("navigation").getByRole("link", { name }).first().click();
  await page.getByRole("heading", { level: 1 }).first().waitFor();
}

/** The queue as the page shows it. */
export const queueRows = (page) => page.getByRole("list", { name: /queue/i }).getByRole("listitem");

/** Shows the buttons that change the queue, where they are not shown always. */
export async function editQueue(page) {
  await queueRows(page).first().waitFor();
  const edit = page.getByRole("button", { name: /^edit queue/i });
  if (await edit.isVisible()) await edit.click();
}

/** Waits until the page's own values are those of the unit. */
export function shows(what, locator, holds, patience) {
  return eventually(what, () => valueOf(locator), holds, patience);
}

/** Fails with everything the page complained of. */
export function noComplaints(complaints, allowed = []) {
  const bad = complaints.filter((text) => !allowed.some((pattern) => pattern.test(text)));
  ensure(bad.length === 0, `the page complained: ${bad.slice(0, 3).join(" ; ")}`);
}
