// Two phones and the unit: one truth.

import { phone } from "../lib/browser.mjs";
import { check, ensure, same } from "../lib/check.mjs";
import { join, shows, slider, transport, valueOf } from "../lib/remote.mjs";

const ROUNDS = 9;
/** From a key on one phone to the other's page. */
const WITHIN_MS = 100;

export async function together({ browser, unit }) {
  const stereo = await unit("together");
  const phones = [];
  for (let number = 0; number < 2; number += 1) {
    const next = await phone(browser);
    await join(next.page, stereo);
    phones.push(next);
  }
  await stereo.enrol();
  const [a, b] = phones.map(({ page }) => page);
  for (const page of [a, b]) {
    await transport(page).waitFor();
    await shows("the unit's volume", slider(page, /volume/i), (value) => value > 0, 15_000);
  }
  await check(`two browsers in step within ${WITHIN_MS} ms`, () => inStep(a, b));
  await check("both end on what the unit says when both turn at once", async () => {
    const turn = async (page, key) => {
      await slider(page, /volume/i).focus();
      for (let step = 0; step < 15; step += 1) await page.keyboard.press(key);
    };
    await Promise.all([turn(a, "ArrowUp"), turn(b, "ArrowDown")]);
    await a.waitForTimeout(700);
    const { volume } = await stereo.snapshot();
    same([await valueOf(slider(a, /volume/i)), await valueOf(slider(b, /volume/i))], [volume.step, volume.step], "volumes");
  });
  await Promise.all(phones.map(({ context }) => context.close()));
}

/** The moment a page's volume is another one, on the machine's clock. */
function moves(page) {
  return slider(page, /volume/i).evaluate((element) => {
    const read = () => element.getAttribute("aria-valuenow") ?? element.value;
    const before = read();
    return new Promise((resolve) => {
      const look = () => {
        if (read() !== before) resolve(performance.timeOrigin + performance.now());
        else setTimeout(look, 1);
      };
      look();
    });
  });
}

async function inStep(a, b) {
  const knob = slider(a, /volume/i);
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const moved = moves(b);
    await a.waitForTimeout(150);
    await knob.focus();
    // Heard from before the key goes down.
    await knob.evaluate((element) => {
      const hear = () => (element.dataset.pressed = performance.timeOrigin + performance.now());
      element.addEventListener("keydown", hear, { once: true, capture: true });
    });
    await a.keyboard.press(round % 2 ? "ArrowUp" : "ArrowDown");
    times.push((await moved) - Number(await knob.getAttribute("data-pressed")));
  }
  times.sort((x, y) => x - y);
  const [middle, worst] = [times[Math.floor(ROUNDS / 2)], times[ROUNDS - 1]];
  const detail = `middle ${middle.toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${ROUNDS}`;
  ensure(middle <= WITHIN_MS, detail);
  return detail;
}
