// The account's pages as a person meets them: by roles and names.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { DESKTOP, PHONE } from "../lib/browser.mjs";
import { ensure } from "../lib/check.mjs";

const require = createRequire(import.meta.url);

/** Signs in at the provider as `login`, from whatever page asks for it. */
export async function signIn(page, login) {
  await page.getByRole("link", { name: /sign in with home/i }).click();
  await page.locator('input[name="login"]').fill(login);
  await page.locator('input[name="password"]').fill("-");
  await page.locator('button[type="submit"]').click();
  // The provider asks whether we may know the name.
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
      for (const violation of await violations(page)) found.push(`${width} ${look}: ${violation}`);
    }
  }
  await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
  await page.setViewportSize(PHONE);
  ensure(found.length === 0, `${name}: ${[...new Set(found)].slice(0, 4).join(" ; ")}`);
}

let axe;
/** What axe-core finds; it is run past the Content-Security-Policy, which forbids it to the page itself. */
async function violations(page) {
  axe ??= await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
  const devtools = await page.context().newCDPSession(page);
  const run = (expression) => devtools.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  await run(`${axe}; 0`);
  const { result, exceptionDetails } = await run(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "cat.color"],
       rules: { "color-contrast-enhanced": { enabled: true } } })
       .then(({ violations }) => violations.map(({ id, nodes }) =>
         id + ": " + nodes.slice(0, 2).map(({ html }) => html.slice(0, 120)).join(" and ")))`,
  );
  await devtools.detach();
  ensure(!exceptionDetails, `axe-core did not run: ${exceptionDetails?.exception?.description}`);
  return result.value;
}
