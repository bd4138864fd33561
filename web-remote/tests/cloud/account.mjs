// The account's pages as a person meets them: by roles and names.

import { join } from "node:path";
import { DESKTOP, PHONE } from "../lib/browser.mjs";
import { ensure } from "../lib/check.mjs";
import { axe } from "../parts/pages.mjs";

/** Signs in at the provider as `login`, from whatever page asks for it. */
export async function signIn(page, login) {
  await page.getByRole("link", { name: /sign in with home/i }).click();
  await page.locator('input[name="login"]').fill(login);
  await page.locator('input[name="password"]').fill("-");
  await page.locator('button[type="submit"]').click();
  // The provider asks whether we may know the name.
  await page.locator('input[name="login"]').waitFor({ state: "detached" });
  await page.locator('form button[type="submit"]').click();
}

/** Opens a page of the account. */
export async function open(page, cloud, path, heading) {
  await page.goto(cloud.base + path);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

/** Pictures of the page as it is, at both sizes and in both themes; axe-core finds nothing against any. */
export async function look(plan, page, name, { narrow = true } = {}) {
  const theme = await page.evaluate(() => document.documentElement.dataset.theme);
  const found = [];
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const [width, size] of [["phone", PHONE], ["narrow", { width: 320, height: 640 }], ["desktop", DESKTOP]]) {
    if (width === "narrow" && !narrow) continue;
    await page.setViewportSize(size);
    for (const look of ["night", "day"]) {
      await page.evaluate((look) => (document.documentElement.dataset.theme = look), look);
      await page.waitForTimeout(60);
      if (width !== "narrow") {
        await page.screenshot({ path: join(plan.shots, `cloud-${name}-${width}-${look}.png`), animations: "disabled" });
      }
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      ensure(over <= 0, `${name} at ${size.width} px is ${over} px too wide`);
      for (const violation of await axe(page)) found.push(`${width} ${look}: ${violation}`);
    }
  }
  await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
  await page.emulateMedia({ reducedMotion: null });
  await page.setViewportSize(PHONE);
  ensure(found.length === 0, `${name}: ${[...new Set(found)].slice(0, 4).join(" ; ")}`);
}
