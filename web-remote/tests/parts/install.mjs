// What a browser asks before it offers to install, by its own words.

import { appendFile, cp, rm } from "node:fs/promises";
import { join as path } from "node:path";
import { fileURLToPath } from "node:url";
import { launchProfile } from "../lib/browser.mjs";
import { check, ensure, same } from "../lib/check.mjs";
import { join, transport } from "../lib/remote.mjs";

export async function install({ plan, unit }) {
  const stereo = await unit("install");
  const context = await launchProfile(plan, "install-profile");
  const page = context.pages()[0] ?? (await context.newPage());
  await join(page, stereo);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  const devtools = await context.newCDPSession(page);
  await check("the browser finds nothing against installing", async () => {
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    same(installabilityErrors, [], "its errors");
  });
  await check("the manifest says all it should", async () => {
    const { data, errors, url } = await devtools.send("Page.getAppManifest");
    same(errors, [], "the browser's errors");
    const manifest = JSON.parse(data);
    for (const field of ["name", "short_name", "start_url", "scope", "id", "description", "theme_color", "background_color"]) {
      ensure(manifest[field], `${field} is missing`);
    }
    same(manifest.display, "standalone", "display");
    await icons(page, manifest.icons ?? [], url);
    return `${manifest.name}, ${manifest.icons.length} icons`;
  });
  await check("the service worker takes requests", async () => {
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
    same(new URL(worker.url()).pathname, "/sw.js", "its address");
    await page.reload();
    const served = await page.evaluate(
      () => performance.getEntriesByType("navigation")[0].workerStart > 0 && Boolean(navigator.serviceWorker.controller),
    );
    ensure(served, "a page that is loaded again does not go through it");
  });
  await update(plan, page, stereo);
  await context.close();
}

/** The unit comes back with another version of the remote. */
async function update(plan, page, stereo) {
  await stereo.stop();
  const files = path(plan.scratch, "another-version");
  await cp(fileURLToPath(new URL("../../dist", import.meta.url)), files, { recursive: true });
  await Promise.all(["br", "gz"].map((packed) => rm(path(files, `sw.js.${packed}`), { force: true })));
  await appendFile(path(files, "sw.js"), "\n// Another version.\n");
  await stereo.start(["--remote-files", files]);
  await check("a new version is offered, and comes when it is wanted", async () => {
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    const offer = page.getByText(/new version of this remote is ready/i);
    await offer.waitFor();
    ensure(await transport(page).isVisible(), "the page was taken away");
    await page.screenshot({ path: path(plan.shots, "update-phone.png") });
    const loaded = page.waitForEvent("load");
    await page.getByRole("button", { name: /^reload$/i }).click();
    await loaded;
    await transport(page).waitFor();
    ensure(!(await offer.isVisible()), "it is still offered");
    const waiting = await page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting));
    ensure(!waiting, "the new version still waits");
  });
}

/** Every icon is there, of the size it claims; 192, 512 and a maskable one are among them. */
async function icons(page, list, base) {
  const has = (size, purpose) =>
    list.some((icon) => icon.sizes?.split(" ").includes(size) && (icon.purpose ?? "any").split(" ").includes(purpose));
  ensure(has("192x192", "any"), "no icon of 192x192");
  ensure(has("512x512", "any"), "no icon of 512x512");
  ensure(has("512x512", "maskable") || has("192x192", "maskable"), "no maskable icon");
  for (const icon of list) {
    const size = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const image = new Image();
          image.onload = () => resolve(`${image.naturalWidth}x${image.naturalHeight}`);
          image.onerror = () => resolve("nothing");
          image.src = url;
        }),
      new URL(icon.src, base).href,
    );
    if (!icon.src.endsWith(".svg")) same(size, icon.sizes, icon.src);
    ensure(size !== "nothing", `${icon.src} cannot be shown`);
  }
}
