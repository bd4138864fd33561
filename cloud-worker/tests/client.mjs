// What test files share: where the worker is, a browser-like client with cookies, and a look into its database.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export const base = process.env.WORKER;

/** The API's description, and every route in it. */
export const description = await (await fetch(`${base}/api/openapi.json`)).json();
export const routes = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })));

/** Everything the worker has logged so far. */
export const logged = () => readFileSync(process.env.WORKER_LOG, "utf8");

/** The worker's database, as workerd keeps it. */
export function database() {
  const folder = join(process.env.WORKER_STATE, "v3/d1/miniflare-D1DatabaseObject");
  const name = readdirSync(folder).find((file) => file.endsWith(".sqlite") && file !== "metadata.sqlite");
  const opened = new DatabaseSync(join(folder, name));
  opened.exec("PRAGMA busy_timeout = 5000");
  return opened;
}

/** A client that keeps cookies as a browser would and follows nothing by itself. */
export class Client {
  constructor(cookies = {}) {
    this.cookies = { ...cookies };
  }

  /** One request. A body that is not text is sent as JSON. `origin: null` leaves the header out. */
  async send(method, path, { body, headers = {}, origin = base, cookies = this.cookies } = {}) {
    const all = { ...headers };
    if (origin !== null && method !== "GET") all.origin = origin;
    if (body !== undefined && all["content-type"] === undefined) all["content-type"] = "application/json";
    const line = Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join("; ");
    if (line && all.cookie === undefined) all.cookie = line;
    const answer = await fetch(path.startsWith("http") ? path : base + path, {
      method, headers: all, redirect: "manual",
      body: body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (value === "" || /max-age=0/i.test(cookie)) delete this.cookies[name];
      else this.cookies[name] = value;
    }
    const text = await answer.text();
    let json;
    try { json = JSON.parse(text); } catch { /* not JSON */ }
    return { status: answer.status, headers: answer.headers, text, json, location: answer.headers.get("location") };
  }

  get(path, options) { return this.send("GET", path, options); }
  post(path, body, options = {}) { return this.send("POST", path, { body, ...options }); }
}

/** What a person does at the provider: signs in as `login` and agrees. Returns the address they come back to. */
export async function agree(address, login, browser = new Client()) {
  let at = address;
  for (let step = 0; step < 12; step += 1) {
    const answer = await browser.get(at);
    if (answer.location) {
      const next = new URL(answer.location, at).href;
      if (next.startsWith(`${base}/`)) return next;
      at = next;
      continue;
    }
    // A form: to sign in or to agree.
    const prompt = /name="prompt" value="(\w+)"/.exec(answer.text)?.[1];
    const action = /action="([^"]+)"/.exec(answer.text)?.[1];
    if (!prompt || !action) throw new Error(`not a form: ${answer.status} ${answer.text.slice(0, 500)}`);
    const form = new URLSearchParams({ prompt, ...(prompt === "login" ? { login, password: "-" } : {}) });
    const sent = await browser.send("POST", new URL(action, at).href, {
      body: form.toString(), headers: { "content-type": "application/x-www-form-urlencoded" }, origin: new URL(at).origin,
    });
    at = new URL(sent.location, at).href;
    if (at.startsWith(`${base}/`)) return at;
  }
  throw new Error("the provider goes round in circles");
}

/** A client that is signed in as `login` at Home. */
export async function signIn(login = "alice", client = new Client(), back = "/") {
  const begun = await client.get(`/api/auth/login/home?return=${encodeURIComponent(back)}`, { headers: fresh() });
  if (begun.status !== 303) throw new Error(`no sign-in: ${begun.status} ${begun.text}`);
  const answer = await client.get(await agree(begun.location, login), { headers: fresh() });
  if (answer.status !== 303) throw new Error(`not signed in: ${answer.status} ${answer.text}`);
  client.answer = answer;
  return client;
}

let address = 0;
/** A header that makes a request come from an address of its own, as the cloud's edge would say it. */
export function fresh() {
  address += 1;
  return { "cf-connecting-ip": `10.${(process.pid >> 8) % 256}.${process.pid % 256}.${address % 250}` };
}
