// Into the remote: by link, by PIN, not by guessing.

import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join as path } from "node:path";
import { phone } from "../lib/browser.mjs";
import { check, ensure, eventually } from "../lib/check.mjs";
import { join, noComplaints, transport } from "../lib/remote.mjs";

export async function enrol({ plan, browser, unit }) {
  const stereo = await unit("enrol");
  await check("a phone that nobody let in sees no music", async () => {
    const { context, page } = await phone(browser);
    await page.goto(stereo.url);
    await page.getByRole("textbox", { name: /code/i }).waitFor();
    ensure(!(await transport(page).isVisible()), "the transport is shown to a stranger");
    await context.close();
  });
  const link = await stereo.invite();
  await check("enrolled by the link of the screen's QR code", async () => {
    const { context, page, complaints } = await phone(browser);
    await join(page, stereo, link);
    const cookie = (await context.cookies()).find(({ name }) => name === "rusty_audio");
    ensure(cookie?.httpOnly && cookie.sameSite === "Strict", `the cookie is ${JSON.stringify(cookie)}`);
    ensure(!page.url().includes("#"), `the code stays in the address: ${page.url()}`);
    noComplaints(complaints, [/401/]);
    await context.close();
  });
  await check("a link lets in one phone only", async () => {
    const { context, page } = await phone(browser);
    await page.goto(link);
    const connect = page.getByRole("button", { name: /^connect/i });
    if (await connect.isVisible()) await connect.click();
    await page.getByRole("alert").filter({ hasText: /./ }).first().waitFor();
    ensure(!(await transport(page).isVisible()), "the second phone is in");
    await context.close();
  });
  await byPin({ plan, browser }, stereo);
}

/** What somebody at the unit does to let a phone in: menu, Phones, Add a phone. */
const OPEN = `
wait 2s
press menu
wait 300ms
turn select +7
wait 300ms
press select
wait 1s
press select
wait 1s
screenshot SHOT
wait 2min
`;

async function byPin({ plan, browser }, stereo) {
  await stereo.stop();
  const script = path(plan.scratch, "add-a-phone.txt");
  const shot = path(plan.shots, "unit-pin.png");
  await rm(shot, { force: true });
  await writeFile(script, OPEN.replace("SHOT", shot));
  await stereo.start(["--script", script]);
  const read = async () => /Add a phone: (\d{6})/.exec(stereo.said)?.[1];
  const pin = await eventually("the PIN on the unit's screen", read, Boolean, 20_000);
  await eventually("the picture of the unit's screen", async () => existsSync(shot), Boolean, 10_000);
  const { context, page } = await phone(browser);
  await page.goto(`${stereo.url}/enrol`);
  const code = page.getByRole("textbox", { name: /code/i });
  const connect = page.getByRole("button", { name: /^connect/i });
  await check("a wrong PIN is refused, and the page says so", async () => {
    await code.fill(pin === "123456" ? "654321" : "123456");
    await connect.click();
    await page.getByRole("alert").filter({ hasText: /./ }).first().waitFor();
    ensure(!(await transport(page).isVisible()), "a wrong PIN let the phone in");
  });
  await check("enrolled by the PIN on the screen", async () => {
    await code.fill(pin);
    const name = page.getByRole("textbox", { name: /name/i });
    if (await name.isVisible()) await name.fill("Anna's phone");
    await connect.click();
    await transport(page).waitFor();
  });
  await context.close();
}
