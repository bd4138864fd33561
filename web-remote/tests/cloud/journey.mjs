// From nothing to two stereos in one account, and out of it again; every step seen at the other end.

import { phone } from "../lib/browser.mjs";
import { check, ensure, eventually, same } from "../lib/check.mjs";
import { go, noComplaints, slider, transport, valueOf } from "../lib/remote.mjs";
import { look, open, signIn } from "./account.mjs";

export async function journey({ plan, cloud, browser, unit }) {
  const [golf, polo] = [unit("Golf"), unit("Polo")];
  const { context, page, complaints } = await phone(browser);
  const at = { plan, cloud, page, golf, polo, context };
  page.setDefaultTimeout(15_000);
  await arrive(at);
  // Nothing of what follows can be without a stereo.
  ensure(await pair(at), "the stereo was not paired");
  await control(at);
  await second(at);
  await sounds(at);
  await account(at);
  await away(at);
  await part(at);
  await leave(at);
  // Asking who is signed in is answered by 401 while nobody is; the provider's own pages want a font of the network's.
  await check("cloud: no complaint on the console", async () => noComplaints(complaints, [/401|404|409|503|fonts\.googleapis/]));
  await context.close();
}

const stereos = (page) => page.getByRole("list", { name: "Your stereos" }).getByRole("listitem");
const heading = (page, name) => page.getByRole("heading", { name }).first().waitFor();

async function arrive({ plan, cloud, page, golf }) {
  await check("cloud: whoever is not signed in is asked to, and the page says with whom", async () => {
    await page.goto(`${cloud.base}/pair`);
    await heading(page, "Sign in");
    await page.getByRole("link", { name: "Sign in with Home" }).waitFor();
    await look(plan, page, "sign-in");
  });
  await check("cloud: the first view of these pages keeps to its files", async () => {
    const files = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    ensure(!files.some((file) => file.includes("web_remote")), "the remote's module was loaded too");
    return `${files.length} files`;
  });
  await check("cloud: sign in at the provider, and come back to where one wanted to go", async () => {
    await signIn(page, "anna");
    await page.waitForURL(`${cloud.base}/pair`);
    await heading(page, "Add a stereo");
    await look(plan, page, "pair");
  });
  await check("cloud: a list without stereos says what to do", async () => {
    await open(page, cloud, "/", "Your stereos");
    await page.getByText("No stereo yet").waitFor();
    await look(plan, page, "stereos-none");
  });
  await check("cloud: the stereo shows a code", async () => {
    await golf.drive(["wait 1s", "cloud pair", "cloud confirm 3min"]);
    return golf.code();
  });
}

async function pair({ plan, page, golf }) {
  const code = page.getByLabel("Code on the stereo's screen");
  await check("cloud: a wrong code is said to be wrong", async () => {
    await page.getByRole("link", { name: "Add a stereo" }).click();
    await code.pressSequentially("bcdf");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "eight letters" }).waitFor();
    const shown = await golf.code();
    const wrong = [...shown].reverse().join("");
    ensure(wrong !== shown, "the code reads the same backwards");
    await code.fill(wrong);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "No stereo shows this code" }).waitFor();
  });
  await check("cloud: the right code shows which stereo it is", async () => {
    await code.fill((await golf.code()).toLowerCase());
    await page.keyboard.press("Enter");
    await heading(page, "Is this the stereo?");
    await page.getByText("Golf", { exact: true }).waitFor();
    await look(plan, page, "pair-found");
  });
  return check("cloud: approved on the page, confirmed by the knob; the page goes on by itself", async () => {
    await page.getByRole("button", { name: "Yes, pair it" }).click();
    await heading(page, "Press the knob on the stereo");
    await page.screenshot({ path: `${plan.shots}/cloud-pair-press-phone.png`, animations: "disabled" });
    await page.getByRole("heading", { name: "It is yours" }).waitFor({ timeout: 30_000 });
    await look(plan, page, "pair-done");
    const [said] = await golf.said_line("the new owner", /^CLOUD PAIRED .*/m);
    ensure(/anna/i.test(said), `the unit says: ${said}`);
    return said;
  });
}

async function control({ plan, cloud, page, golf, context }) {
  await check("cloud: the remote opens through the relay and shows what plays", async () => {
    await page.getByRole("link", { name: "Open its remote" }).click();
    await transport(page).waitFor({ timeout: 20_000 });
    same(new URL(page.url()).pathname.split("/")[1], "stereo", "the address");
    await golf.enrol();
    const { now } = await golf.snapshot();
    await page.getByText(now.title).first().waitFor();
    await look(plan, page, "remote");
    return now.title;
  });
  await check("cloud: the volume, in the unit's snapshot", async () => {
    const knob = slider(page, /volume/i);
    const before = (await golf.snapshot()).volume.step;
    await knob.focus();
    for (let turn = 0; turn < 3; turn += 1) await page.keyboard.press("ArrowDown");
    const { volume } = await golf.until("a softer volume", ({ volume }) => volume.step === before - 3, 10_000);
    await eventually("the page's volume", () => valueOf(knob), (value) => value === volume.step);
    return `from step ${before} to ${volume.step}`;
  });
  await check("cloud: play and pause", async () => {
    const before = (await golf.snapshot()).transport.state;
    await transport(page).click();
    await golf.until("the other state", ({ transport }) => transport.state !== before);
  });
  await check("cloud: an equaliser band, in the unit's snapshot", async () => {
    await go(page, /sound/i);
    const band = slider(page, /hz/i);
    await band.waitFor();
    await band.focus();
    for (let turn = 0; turn < 4; turn += 1) await page.keyboard.press("ArrowUp");
    const { sound } = await golf.until("another sound", ({ sound }) => sound.edited && sound.preset.bands[0].gain > 0);
    return `${sound.preset.bands[0].gain} dB`;
  });
  await check("cloud: what changes at the unit is seen here", async () => {
    await golf.command({ do: "set_volume", level: -40 });
    const { volume } = await golf.snapshot();
    await go(page, /playing/i);
    await eventually("the unit's volume", () => valueOf(slider(page, /volume/i)), (value) => value === volume.step);
  });
  await check("cloud: each way to the unit leads to the other", async () => {
    await go(page, /settings/i);
    const here = await page.getByRole("link", { name: "Open it on its own network" }).getAttribute("href");
    same(here, golf.url, "its own address");
    const passenger = await context.newPage();
    await passenger.goto(await golf.invite());
    await transport(passenger).waitFor();
    await go(passenger, /settings/i);
    const there = await passenger.getByRole("link", { name: "Open it through the cloud" }).getAttribute("href");
    same(there, new URL(page.url()).href.replace(/settings$/, ""), "its address at the cloud");
    await passenger.close();
  });
  await check("cloud: a page of the remote has an address of its own", async () => {
    await go(page, /queue/i);
    const address = page.url();
    await page.reload();
    await heading(page, "Queue");
    same(page.url(), address, "the address");
    const other = await context.newPage();
    await other.goto(`${cloud.base}/stereo/AAAAAAAAAAAAAAAAAAAAAA/`);
    await other.getByRole("heading", { name: /not in your account/ }).waitFor();
    await look(plan, other, "gone");
    await other.close();
  });
}

async function second({ plan, cloud, page, golf, polo }) {
  await check("cloud: a sound saved through the cloud", async () => {
    await go(page, /sound/i);
    await page.getByRole("button", { name: "Save sound" }).click();
    await page.getByLabel("Name of the sound").fill("Long roads");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await golf.until("the saved sound", ({ sound }) => sound.preset.name === "Long roads" && !sound.edited);
    await open(page, cloud, "/presets", "Sounds");
    // The unit tells the account by itself.
    const there = page.getByRole("heading", { name: "Long roads" });
    await eventually("the sound in the account", async () => {
      const came = await there.waitFor({ timeout: 2_000 }).then(() => true, () => false);
      if (!came) await page.reload();
      return came;
    }, Boolean, 30_000);
  });
  await check("cloud: a second stereo, by the link of its QR code", async () => {
    await polo.drive(["wait 1s", "cloud pair", "cloud confirm 3min"]);
    const [, link] = await polo.said_line("the link", /^CLOUD CODE \S+ (\S+)/m);
    await page.goto(link);
    await page.getByRole("button", { name: "Yes, pair it" }).click();
    await page.getByRole("heading", { name: "It is yours" }).waitFor({ timeout: 60_000 }).catch((error) => {
      throw new Error(`${error.message.split("\n")[0]}; the stereo said ${polo.said.match(/^CLOUD.*/gm)?.join(" | ")}`);
    });
    return link.replace(/=.*/, "=…");
  });
  await check("cloud: the sound is on the second stereo", async () => {
    await polo.enrol();
    const { presets } = await eventually(
      "the sound",
      () => polo.ask({ ask: "presets" }),
      ({ presets }) => presets.some(({ own, preset }) => own && preset.name === "Long roads"),
      30_000,
    );
    const gain = presets.find(({ preset }) => preset.name === "Long roads").preset.bands[0].gain;
    const { sound } = await golf.snapshot();
    same(gain, sound.preset.bands[0].gain, "its first band");
  });
  await check("cloud: both are online, one gets another name", async () => {
    await open(page, cloud, "/", "Your stereos");
    await eventually("two stereos online", () => stereos(page).getByText("Online", { exact: true }).count(), (n) => n === 2, 20_000);
    await page.getByRole("button", { name: "More actions: Polo" }).click();
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Anna's Polo");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("link", { name: /Anna's Polo/ }).waitFor();
    await look(plan, page, "stereos");
  });
}

async function sounds({ plan, cloud, page }) {
  await check("cloud: a sound is edited and shown to everybody", async () => {
    await open(page, cloud, "/presets", "Sounds");
    await page.getByRole("button", { name: "Edit: Long roads" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Category").selectOption("Car");
    await form.getByLabel(/^Tags/).fill("Bass, #motorway");
    await form.getByLabel("Everybody may see and use it").check();
    await look(plan, page, "sound-edit");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Car · Public").waitFor();
    await page.getByText("#motorway").waitFor();
    await look(plan, page, "sounds");
  });
  await check("cloud: everybody's sounds, by category and tag; a favourite", async () => {
    await page.getByRole("link", { name: "Everybody's" }).click();
    await page.getByRole("heading", { name: "Long roads" }).waitFor();
    await page.getByLabel("Tag").fill("nothing like it");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByText("No such sounds").waitFor();
    await page.getByLabel("Category").selectOption("Car");
    await page.getByLabel("Tag").fill("motorway");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    const heart = page.getByRole("button", { name: "Favourite: Long roads" });
    await heart.click();
    await look(plan, page, "sounds-public");
    await page.getByRole("link", { name: "Favourites" }).click();
    await page.getByRole("heading", { name: "Long roads" }).waitFor();
    same(await heart.getAttribute("aria-pressed"), "true", "the heart");
    await look(plan, page, "sounds-favourites");
  });
}

async function account({ plan, cloud, page }) {
  await check("cloud: the account page", async () => {
    await page.getByRole("link", { name: "Account" }).click();
    await heading(page, "anna of Home");
    await page.getByText("This browser", { exact: true }).waitFor();
    await page.getByText(/Nothing\. Stereos tell only/).waitFor();
    await look(plan, page, "account");
  });
  await check("cloud: everything as a file", async () => {
    const waits = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download everything" }).click();
    const file = await (await waits).createReadStream();
    let text = "";
    for await (const part of file) text += part;
    ensure(text.includes("anna") && text.includes("Long roads"), text.slice(0, 200));
    return `${text.length} bytes`;
  });
  await check("cloud: deleting the account wants its words", async () => {
    await page.getByRole("button", { name: "Delete the account" }).click();
    const go = page.getByRole("dialog").getByRole("button", { name: "Delete the account" });
    ensure(await go.isDisabled(), "one slip would do it");
    await look(plan, page, "account-delete", { narrow: false });
    await page.keyboard.press("Escape");
  });
}

async function away({ plan, cloud, page, golf }) {
  await check("cloud: a stereo that goes is offline here, and back by itself", async () => {
    await open(page, cloud, "/", "Your stereos");
    const address = await page.getByRole("link", { name: /^Golf/ }).getAttribute("href");
    await golf.stop();
    await page.getByRole("link", { name: /^Golf.*Offline/ }).waitFor({ timeout: 20_000 });
    await page.goto(cloud.base + address);
    await page.getByRole("heading", { name: "This stereo is offline" }).waitFor();
    await look(plan, page, "away");
    await golf.drive(["cloud online"]);
    const began = Date.now();
    await transport(page).waitFor({ timeout: 30_000 });
    return `${Date.now() - began} ms after its start`;
  });
}

async function part({ cloud, page, golf, polo }) {
  await check("cloud: unpaired on the page, the stereo knows at once", async () => {
    await open(page, cloud, "/", "Your stereos");
    await page.getByRole("button", { name: /More actions: Anna's Polo/ }).click();
    await page.getByRole("button", { name: "Unpair" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Unpair" }).click();
    await page.getByRole("link", { name: /Anna's Polo/ }).waitFor({ state: "detached" });
    await polo.said_line("its being nobody's", /^CLOUD UNPAIRED/m, 10_000);
    // It plays on.
    same((await polo.health()).status, "ok", "its health");
  });
  await check("cloud: unpaired at the stereo, the page knows", async () => {
    await golf.stop("SIGINT");
    await golf.drive(["cloud online", "cloud unlink", "cloud unpaired"]);
    await page.getByText("No stereo yet").waitFor({ timeout: 20_000 });
    const { presets } = await golf.enrol().then(() => golf.ask({ ask: "presets" }));
    ensure(presets.some(({ preset }) => preset.name === "Long roads"), "its sounds went with the account");
  });
}

async function leave({ cloud, page }) {
  await check("cloud: signed out, and nothing is left to see", async () => {
    await open(page, cloud, "/account", "Account");
    await page.getByRole("button", { name: "Sign out here" }).click();
    await heading(page, "Sign in");
    await page.goto(`${cloud.base}/presets`);
    await heading(page, "Sign in");
    // Everybody's sounds are for everybody.
    await open(page, cloud, "/presets/public", "Sounds");
    await page.getByRole("heading", { name: "Long roads" }).waitFor();
  });
}
