// Pages of other sites in the same browser, with the phone's cookie at hand, get nothing done.

import { createServer } from "node:http";
import { phone } from "../lib/browser.mjs";
import { check, ensure, same } from "../lib/check.mjs";
import { join } from "../lib/remote.mjs";

export async function foreign({ browser, unit }) {
  const stereo = await unit("foreign");
  const { context, page } = await phone(browser);
  await join(page, stereo);
  await stereo.enrol();
  // Another port of the same host: another origin, and yet the same site, so that the cookie is sent.
  const site = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<title>x</title>"));
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const stranger = await context.newPage();
  await stranger.goto(`http://127.0.0.1:${site.address().port}/`);

  await check("a WebSocket from another origin is refused", async () => {
    same(await socket(stranger, stereo.url), "refused", "the socket");
    // The same call from the remote's own page goes through, so the refusal is for the origin.
    same(await socket(page, stereo.url), "open", "the own socket");
  });
  await check("a command from another origin is refused", async () => {
    await stereo.command({ do: "play" });
    await stereo.until("music", ({ transport }) => transport.state === "playing");
    for (const type of ["text/plain", "application/json", "application/x-www-form-urlencoded"]) {
      await post(stranger, `${stereo.url}/api/command`, type, '{"do":"pause"}');
    }
    await form(stranger, `${stereo.url}/api/command`);
    await page.waitForTimeout(300);
    same((await stereo.snapshot()).transport.state, "playing", "the transport");
  });
  await check("another origin reads nothing", async () => {
    const read = await stranger.evaluate(
      (url) =>
        fetch(`${url}/api/snapshot`, { credentials: "include" }).then(
          (answer) => answer.status,
          () => "nothing",
        ),
      stereo.url,
    );
    ensure(read === "nothing" || read >= 400, `it read ${read}`);
  });
  await check("the remote does not let itself be framed", async () => {
    const framed = await stranger.evaluate(
      (url) =>
        new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.src = url;
          frame.onload = () => {
            try {
              // A refused frame holds the browser's own page, which is of no origin we could read either.
              resolve(frame.contentWindow.length);
            } catch {
              resolve("unreadable");
            }
          };
          document.body.append(frame);
          setTimeout(() => resolve("never"), 3000);
        }),
      stereo.url,
    );
    const urls = stranger.frames().map((frame) => frame.url());
    ensure(!urls.some((url) => url.startsWith(stereo.url)), `framed: ${urls.join(", ")} (${framed})`);
  });
  await check("a foreign name that leads here (DNS rebinding) is refused", async () => {
    const answer = await stranger.goto(`http://evil.test:${stereo.port}/`);
    ensure(answer.status() >= 400, `it answered ${answer.status()}`);
    const api = await stranger.goto(`http://evil.test:${stereo.port}/api/health`);
    ensure(api.status() >= 400, `the API answered ${api.status()}`);
    return `${answer.status()}`;
  });
  site.close();
  await context.close();
}

/** Opens a WebSocket from a page and says what came of it. */
function socket(page, url) {
  return page.evaluate(
    (address) =>
      new Promise((resolve) => {
        const socket = new WebSocket(address);
        socket.onopen = () => {
          socket.close();
          resolve("open");
        };
        socket.onerror = () => resolve("refused");
      }),
    `${url.replace("http", "ws")}/ws`,
  );
}

function post(page, url, type, body) {
  return page.evaluate(
    ([url, type, body]) =>
      fetch(url, {
        method: "POST",
        credentials: "include",
        mode: type === "application/json" ? "cors" : "no-cors",
        headers: { "content-type": type },
        body,
      }).then(
        () => "sent",
        () => "refused",
      ),
    [url, type, body],
  );
}

/** The oldest trick: a form whose body reads as JSON. */
async function form(page, action) {
  await page.evaluate((action) => {
    const frame = document.createElement("iframe");
    frame.name = "target";
    const form = document.createElement("form");
    Object.assign(form, { action, method: "post", enctype: "text/plain", target: "target" });
    const field = document.createElement("input");
    Object.assign(field, { name: '{"do":"pause","x":"', value: '"}' });
    form.append(field);
    document.body.append(frame, form);
    form.submit();
  }, action);
}
