// Everything the remote is for, each step seen on the unit.

import { phone } from "../lib/browser.mjs";
import { check, ensure, eventually, same } from "../lib/check.mjs";
import { editQueue, go, join, noComplaints, queueRows, shows, slider, transport, valueOf } from "../lib/remote.mjs";

export async function control({ browser, unit }) {
  const stereo = await unit("control");
  await stereo.enrol();
  const { context, page, complaints } = await phone(browser);
  await join(page, stereo);
  await transportAndTime(page, stereo);
  await volume(page, stereo);
  await search(page, stereo);
  await queue(page, stereo);
  await sound(page, stereo);
  await check("a page that is loaded again is where it was", async () => {
    await go(page, /queue/i);
    const address = page.url();
    await page.reload();
    await queueRows(page).first().waitFor();
    same(page.url(), address, "the address");
  });
  await check("no complaint on the console", async () => noComplaints(complaints, [/401/]));
  await context.close();
}

async function transportAndTime(page, stereo) {
  await check("pause and play", async () => {
    await page.getByRole("button", { name: /^pause$/i }).first().click();
    await stereo.until("a pause", ({ transport }) => transport.state === "paused");
    await page.getByRole("button", { name: /^play$/i }).first().click();
    await stereo.until("music", ({ transport }) => transport.state === "playing");
  });
  await check("next and previous", async () => {
    const before = (await stereo.snapshot()).queue.index;
    await page.getByRole("button", { name: /^next/i }).first().click();
    const { now } = await stereo.until("the next track", ({ queue }) => queue.index === before + 1);
    await page.getByRole("heading", { level: 1, name: now.title }).waitFor();
    await page.getByRole("button", { name: /^previous/i }).first().click();
    await stereo.until("the track before", ({ queue }) => queue.index === before);
  });
  await check("seek", async () => {
    const position = slider(page, /position|seek/i);
    await position.waitFor();
    const box = await position.boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const { now } = await stereo.snapshot();
    const half = now.duration_s / 2;
    const near = ({ transport }) => Math.abs(transport.position_s - half) < 0.08 * now.duration_s;
    await stereo.until("half of the track", near);
  });
}

async function volume(page, stereo) {
  await check("volume by drag; the page and the unit agree afterwards", async () => {
    const knob = slider(page, /volume/i);
    // Into view, and under no other element.
    await knob.hover();
    const box = await knob.boundingBox();
    const [x, y] = [box.x + box.width * 0.5, box.y + box.height * 0.5];
    const before = (await stereo.snapshot()).volume.step;
    await page.mouse.move(x, y);
    await page.mouse.down();
    const upright = box.height > box.width;
    for (let step = 1; step <= 12; step += 1) {
      await page.mouse.move(upright ? x : x - step * 6, upright ? y + step * 6 : y);
      await new Promise((resolve) => setTimeout(resolve, 16));
    }
    await page.mouse.up();
    const { volume } = await stereo.until("another volume", ({ volume }) => volume.step !== before);
    await page.waitForTimeout(400);
    const settled = (await stereo.snapshot()).volume.step;
    same(await valueOf(knob), settled, "the page's volume");
    return `from step ${before} to ${settled} (${volume.step} on the way)`;
  });
  await check("mute and back", async () => {
    await page.getByRole("button", { name: /^mute/i }).first().click();
    await stereo.until("silence", ({ volume }) => volume.muted);
    await page.getByRole("button", { name: /mute/i }).first().click();
    await stereo.until("sound", ({ volume }) => !volume.muted);
  });
}

async function search(page, stereo) {
  await check("search as one types, and play what is found", async () => {
    await go(page, /search/i);
    // The library may still be at its first scan.
    await eventually(
      "the real album in the library",
      () => stereo.ask({ ask: "search", text: "road number", limit: 10 }),
      ({ found }) => found.length > 0,
      60_000,
    );
    await page.getByRole("searchbox").fill("road number");
    const hit = page.getByRole("main").getByRole("button", { name: /Röad Number 2/ }).first();
    await hit.click();
    await stereo.until("the track that was found", ({ now }) => now.title === "Röad Number 2");
  });
}

async function queue(page, stereo) {
  await check("the queue on the page is the queue of the unit", async () => {
    await stereo.command({ do: "play_view", view: { view: "tracks" }, start: null });
    await stereo.until("a long queue", ({ queue }) => queue.len > 300);
    await go(page, /queue/i);
    const titles = await stereo.queue();
    await queueRows(page).nth(1).getByText(titles[1]).first().waitFor();
  });
  await check("reorder", async () => {
    await editQueue(page);
    const before = await stereo.queue();
    await queueRows(page).nth(2).getByRole("button", { name: /^move .*up/i }).first().click();
    const after = await eventually("the new order", () => stereo.queue(), (rows) => rows[1] === before[2]);
    same(after.slice(0, 4), [before[0], before[2], before[1], before[3]], "the order");
    await queueRows(page).nth(1).getByText(before[2]).first().waitFor();
  });
  await check("remove", async () => {
    const before = await stereo.snapshot();
    await queueRows(page).nth(3).getByRole("button", { name: /^remove/i }).first().click();
    await stereo.until("one less", ({ queue }) => queue.len === before.queue.len - 1);
  });
}

async function sound(page, stereo) {
  await check("an equaliser band", async () => {
    await go(page, /sound/i);
    const band = slider(page, /hz/i);
    await band.waitFor();
    const before = (await stereo.snapshot()).sound.preset.bands.map(({ gain }) => gain);
    await band.focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    const { sound } = await stereo.until(
      "another gain",
      ({ sound }) => JSON.stringify(sound.preset.bands.map(({ gain }) => gain)) !== JSON.stringify(before),
    );
    ensure(sound.edited, "the sound is not marked as changed");
    await shows("the unit's gain", band, (value) => value > before[0] - 0.01);
  });
}
