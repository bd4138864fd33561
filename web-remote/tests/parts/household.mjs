// What a household does with the remote: a guest looks, the timer is set, sounds and playlists are made and
// thrown away, the alphabet is jumped through, the queue is sorted by finger. Each step is seen on the unit.

import { writeFile } from "node:fs/promises";
import { join as path } from "node:path";
import { phone } from "../lib/browser.mjs";
import { check, ensure, eventually, same } from "../lib/check.mjs";
import { go, join, noComplaints, queueRows, slider, transport } from "../lib/remote.mjs";
import { axe } from "./pages.mjs";

export async function household({ plan, browser, unit }) {
  const stereo = await unit("household");
  await stereo.enrol();
  const { context, page, complaints } = await phone(browser, { hasTouch: true });
  await join(page, stereo);
  await eventually(
    "the library",
    () => stereo.ask({ ask: "search", text: "road number", limit: 10 }),
    ({ found }) => found.length > 0,
    60_000,
  );
  await timer({ plan, page }, stereo);
  await sounds({ plan, page }, stereo);
  await playlists({ plan, page }, stereo);
  await letters(page, stereo);
  await finger(page, stereo);
  await check("no complaint on the console of the owner's phone", async () => noComplaints(complaints, [/401/]));
  await context.close();
  await lockScreen(browser, stereo);
  await guest({ plan, browser }, stereo);
}

/** What the browser would show on the lock screen, and what its keys would do. */
async function lockScreen(browser, stereo) {
  const { context, page, complaints } = await phone(browser);
  await page.addInitScript(() => {
    globalThis.mediaKeys = {};
    const real = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
    navigator.mediaSession.setActionHandler = (action, handler) => {
      globalThis.mediaKeys[action] = handler;
      real(action, handler);
    };
  });
  await join(page, stereo);
  // A long track, with others after it.
  const { found } = await stereo.ask({ ask: "search", text: "road number 1", limit: 10 });
  await stereo.command({ do: "play_path", path: found.find(({ kind }) => kind === "track").path });
  await stereo.until("the track", ({ now }) => now.title === "Röad Number 1");
  await check("the lock screen knows nothing until the person wants it", async () => {
    same(await page.evaluate(() => navigator.mediaSession.metadata?.title ?? null), null, "the title");
    same(await page.evaluate(() => Object.keys(globalThis.mediaKeys)), [], "the keys");
  });
  await check("the lock screen shows what plays, its keys reach the unit, and it can be turned off", async () => {
    await go(page, /settings/i);
    const wanted = page.getByRole("switch", { name: /lock screen/i });
    await wanted.click();
    const title = () => page.evaluate(() => navigator.mediaSession.metadata?.title ?? null);
    const { now, queue } = await stereo.snapshot();
    await eventually("the title", title, (shown) => shown === now.title);
    const press = (key) => page.evaluate((key) => globalThis.mediaKeys[key]({}), key);
    await press("nexttrack");
    const after = await stereo.until("the next track", (snapshot) => snapshot.queue.index === queue.index + 1);
    await eventually("the next title", title, (shown) => shown === after.now.title);
    await press("pause");
    await stereo.until("a pause", ({ transport }) => transport.state === "paused");
    await eventually("paused", () => page.evaluate(() => navigator.mediaSession.playbackState), (now) => now === "paused");
    await press("play");
    await stereo.until("music", ({ transport }) => transport.state === "playing");
    await wanted.click();
    await eventually("nothing", title, (shown) => shown === null);
  });
  noComplaints(complaints, [/401/]);
  await context.close();
}

const dialog = (page) => page.getByRole("dialog");

/** The open sheet in both looks: nothing for axe-core to complain of, and a picture. */
async function lookAtSheet({ plan, page }, name) {
  await check(`sheet ${name}: nothing for axe-core to complain of`, async () => {
    const wrong = [];
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.waitForTimeout(150);
      await page.screenshot({ path: path(plan.shots, `sheet-${name}-${colorScheme}.png`) });
      wrong.push(...(await axe(page)).map((text) => `${colorScheme}: ${text}`));
    }
    ensure(wrong.length === 0, wrong.slice(0, 4).join(" ; "));
  });
}

async function timer({ plan, page }, stereo) {
  const open = () => page.getByRole("button", { name: /sleep/i }).first().click();
  await open();
  await dialog(page).waitFor();
  await lookAtSheet({ plan, page }, "sleep");
  await check("the sleep timer is set, shown and turned off", async () => {
    await dialog(page).getByRole("button", { name: /^30/ }).click();
    const near = (left) => left > 1700 && left <= 1800;
    await stereo.until("a timer of half an hour", ({ sleep_s }) => near(sleep_s));
    await page.getByRole("button", { name: /30 min|sleep.*(29|30)/i }).first().waitFor();
    await open();
    await dialog(page).getByRole("button", { name: /turn the timer off/i }).click();
    await stereo.until("no timer", ({ sleep_s }) => sleep_s == null);
  });
}

async function sounds({ plan, page }, stereo) {
  await go(page, /sound/i);
  const band = slider(page, /hz/i);
  await band.focus();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowUp");
  await stereo.until("a changed sound", ({ sound }) => sound.edited);
  await page.getByRole("button", { name: /^save sound$/i }).click();
  await dialog(page).waitFor();
  await lookAtSheet({ plan, page }, "save-sound");
  const own = page.getByRole("list", { name: /own sounds/i });
  await check("a sound is stored under a name and is one of the unit's own", async () => {
    await dialog(page).getByRole("textbox").fill("Anna's <b>bass</b>");
    await dialog(page).getByRole("button", { name: /^save$/i }).click();
    await own.getByRole("button", { name: "Anna's <b>bass</b>", exact: true }).waitFor();
    const { sound } = await stereo.until("the stored sound", ({ sound }) => !sound.edited);
    same(sound.preset.name, "Anna's <b>bass</b>", "the sound's name");
  });
  await check("another sound is chosen, and the own one again", async () => {
    await page.getByRole("list", { name: /sounds of the unit/i }).getByRole("button").first().click();
    await stereo.until("the other sound", ({ sound }) => sound.preset.name !== "Anna's <b>bass</b>");
    await own.getByRole("button", { name: "Anna's <b>bass</b>", exact: true }).click();
    await stereo.until("the own sound", ({ sound }) => sound.preset.name === "Anna's <b>bass</b>");
  });
  await check("an own sound is deleted after a question", async () => {
    const gone = own.getByRole("button", { name: /^delete sound: anna/i });
    await gone.click();
    await dialog(page).getByRole("button", { name: /^cancel$/i }).click();
    await dialog(page).waitFor({ state: "detached" });
    await gone.click();
    await dialog(page).getByRole("button", { name: /^delete$/i }).click();
    await own.getByRole("button", { name: "Anna's <b>bass</b>", exact: true }).waitFor({ state: "detached" });
    const { presets } = await stereo.ask({ ask: "presets" });
    ensure(!presets.some(({ own }) => own), "the unit still has the sound");
  });
}

async function playlists({ plan, page }, stereo) {
  const rows = (name) => page.getByRole("list", { name }).getByRole("listitem");
  await page.goto(`${stereo.url}/search?q=road`);
  const more = page.getByRole("main").getByRole("button", { name: /^more.*röad number 2/i }).first();
  await more.click();
  await lookAtSheet({ plan, page }, "actions");
  await check("a playlist is made of a song that was found", async () => {
    await dialog(page).getByRole("button", { name: /add to playlist/i }).click();
    await page.getByRole("button", { name: /^new playlist$/i }).click();
    await dialog(page).getByRole("textbox").fill("Drive");
    await dialog(page).getByRole("button", { name: /^create$/i }).click();
    const lists = () => stereo.ask({ ask: "rows", view: { view: "playlists" }, anchor: { at: "start" }, limit: 10 });
    await eventually("the playlist", lists, ({ rows }) => rows.rows.some(({ name }) => name === "Drive"));
  });
  await check("another song is added, moved up and taken off again", async () => {
    await page.getByRole("main").getByRole("button", { name: /^more.*röad number 3/i }).first().click();
    await dialog(page).getByRole("button", { name: /add to playlist/i }).click();
    await dialog(page).getByRole("button", { name: "Drive", exact: true }).click();
    await page.goto(`${stereo.url}/music/playlists`);
    await rows(/playlists/i).getByRole("link", { name: /^drive/i }).click();
    const titles = () => rows(/drive/i).locator(".name").allTextContents();
    await eventually("both songs", titles, (names) => names.length === 2);
    const before = await titles();
    await rows(/drive/i).nth(1).getByRole("button", { name: /^more/i }).click();
    await dialog(page).getByRole("button", { name: /one place up/i }).click();
    await eventually("the other order", titles, (names) => names[0] === before[1] && names[1] === before[0]);
    await rows(/drive/i).nth(1).getByRole("button", { name: /^more/i }).click();
    await dialog(page).getByRole("button", { name: /remove from this playlist/i }).click();
    await eventually("one song", titles, (names) => names.length === 1 && names[0] === before[1]);
  });
  await check("a playlist gets another name, and goes", async () => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.goto(`${stereo.url}/music/playlists`);
    const lists = rows(/playlists/i);
    await lists.getByRole("button", { name: /^more.*drive/i }).click();
    await dialog(page).getByRole("button", { name: /^rename$/i }).click();
    await dialog(page).getByRole("textbox").fill("Night drive");
    await dialog(page).getByRole("button", { name: /^save$/i }).click();
    await lists.getByRole("link", { name: /^night drive/i }).waitFor();
    await lists.getByRole("button", { name: /^more.*night drive/i }).click();
    await dialog(page).getByRole("button", { name: /^delete playlist$/i }).click();
    await dialog(page).getByRole("button", { name: /^delete$/i }).click();
    await lists.getByRole("link", { name: /^night drive/i }).waitFor({ state: "detached" });
  });
}

async function letters(page, stereo) {
  await check("the songs jump to a letter", async () => {
    await page.goto(`${stereo.url}/music/songs`);
    const rows = page.getByRole("list", { name: /songs/i }).getByRole("listitem");
    await rows.first().waitFor();
    await page.getByRole("button", { name: /jump to a letter/i }).click();
    await dialog(page).getByRole("button", { name: "R", exact: true }).click();
    const first = async () => {
      const seen = await rows.evaluateAll((all) => {
        const head = document.querySelector(".page-head").getBoundingClientRect().bottom;
        const row = all.find((row) => row.getBoundingClientRect().bottom > Math.max(head, 0) + 8);
        return row?.querySelector(".name")?.textContent;
      });
      return seen;
    };
    return eventually("a song at R", first, (name) => /^[r]/i.test(name ?? ""));
  });
}

async function finger(page, stereo) {
  await check("the queue is sorted by finger", async () => {
    await stereo.command({ do: "play_view", view: { view: "tracks" }, start: null });
    await stereo.until("a long queue", ({ queue }) => queue.len > 300);
    await go(page, /queue/i);
    await queueRows(page).nth(4).waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    const before = await stereo.queue();
    const handle = queueRows(page).nth(1).locator(".grip");
    const row = await queueRows(page).nth(1).boundingBox();
    const box = await handle.boundingBox();
    const touch = await page.context().newCDPSession(page);
    const at = (y) => [{ x: box.x + box.width / 2, y }];
    const from = box.y + box.height / 2;
    const send = (type, touchPoints) => touch.send("Input.dispatchTouchEvent", { type, touchPoints });
    await send("touchStart", at(from));
    for (let part = 1; part <= 10; part += 1) {
      await send("touchMove", at(from + (part / 10) * row.height * 2));
      await page.waitForTimeout(20);
    }
    await send("touchEnd", []);
    await touch.detach();
    const after = await eventually("the new order", () => stereo.queue(), (rows) => rows[3] === before[1]);
    same(after.slice(0, 5), [before[0], before[2], before[3], before[1], before[4]], "the order");
  });
}

/** What somebody at the unit does to let a guest in: menu, Phones, Add a guest. */
const OPEN = `
wait 2s
press menu
wait 300ms
turn select +7
wait 300ms
press select
wait 1s
turn select +1
wait 300ms
press select
wait 3min
`;

async function guest({ plan, browser }, stereo) {
  await stereo.stop();
  const script = path(plan.scratch, "add-a-guest.txt");
  await writeFile(script, OPEN);
  await stereo.start(["--script", script]);
  await stereo.enrol();
  const read = async () => /Add a phone: \d{6} or (\S+)/.exec(stereo.said)?.[1];
  const link = new URL(await eventually("the guest's link", read, Boolean, 20_000));
  const { context, page, complaints } = await phone(browser);
  await join(page, stereo, stereo.url + link.pathname + link.hash);
  await check("a guest sees what plays, and can press nothing", async () => {
    const { now } = await stereo.snapshot();
    await page.getByRole("heading", { level: 1, name: now.title }).waitFor();
    await page.getByText(/you are a guest here/i).waitFor();
    ensure(await transport(page).isDisabled(), "a guest can press play");
    await page.screenshot({ path: path(plan.shots, "guest-phone.png") });
    await go(page, /queue/i);
    await queueRows(page).first().waitFor();
    same(await page.getByRole("main").getByRole("button", { disabled: false }).count(), 0, "buttons a guest can press");
    await go(page, /sound/i);
    const band = slider(page, /hz/i);
    await band.waitFor();
    same(await band.getAttribute("aria-disabled"), "true", "the band's aria-disabled");
    await band.focus();
    await page.keyboard.press("ArrowUp");
    await page.waitForTimeout(400);
    ensure(!(await stereo.snapshot()).sound.edited, "a guest bent the sound");
  });
  await check("the unit refuses a guest who asks all the same", async () => {
    const answer = await page.evaluate(async () => {
      const answer = await fetch("/api/command", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ do: "pause" }),
      });
      return answer.status;
    });
    same(answer, 403, "the answer to a guest's command");
    same((await stereo.snapshot()).transport.state, "playing", "the transport");
  });
  noComplaints(complaints, [/401/, /403/]);
  await context.close();
}
