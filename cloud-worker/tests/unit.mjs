// A scripted unit and a scripted remote, for tests: they speak the protocol with nothing of ours but its words.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import WebSocket from "ws";
import { base, Client, fresh } from "./client.mjs";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const sha256 = (data) => createHash("sha256").update(data).digest("base64url");
const socketBase = base?.replace(/^http/, "ws");

/** A unit with a key of its own. */
export class Unit {
  constructor({ name = "Car", model = "Bench", version = "1.0.0" } = {}) {
    this.about = { name, model, version };
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    this.privateKey = privateKey;
    const { kty, crv, x } = publicKey.export({ format: "jwk" });
    this.jwk = { kty, crv, x };
    this.nonce = "";
    this.client = new Client();
  }

  /** A proof for a request (RFC 9449); `header` and `claims` twist it, `key` signs it instead of the unit's. */
  proof(method, path, body = "", { header = {}, claims = {}, key = this.privateKey } = {}) {
    const all = {
      jti: randomBytes(16).toString("base64url"), htm: method, htu: `${base}${path.split("?")[0]}`,
      iat: Math.floor(Date.now() / 1000), nonce: this.nonce, bh: sha256(body), ...claims,
    };
    const message = `${encode({ typ: "dpop+jwt", alg: "EdDSA", jwk: this.jwk, ...header })}.${encode(all)}`;
    return `${message}.${sign(null, Buffer.from(message), key).toString("base64url")}`;
  }

  /** One signed request, as it is: no second try. */
  async once(method, path, body, { proof, headers = {}, ...twists } = {}) {
    const text = body === undefined ? "" : JSON.stringify(body);
    const answer = await this.client.send(method, path, {
      body: body === undefined ? undefined : text, origin: null,
      headers: { ...fresh(), dpop: proof ?? this.proof(method, path, text, twists), ...headers },
    });
    this.nonce = answer.headers.get("dpop-nonce") ?? this.nonce;
    return answer;
  }

  /** One signed request; asked again when the nonce was stale. */
  async send(method, path, body) {
    const answer = await this.once(method, path, body);
    return answer.status === 401 && answer.json?.code === "use_dpop_nonce" ? this.once(method, path, body) : answer;
  }

  /** Asks for codes. */
  async start() {
    const answer = await this.send("POST", "/api/pair/start", this.about);
    assert.equal(answer.status, 200, answer.text);
    this.codes = answer.json;
    return this.codes;
  }

  poll() { return this.send("POST", "/api/pair/poll", { device_code: this.codes.device_code }); }

  confirm(accept = true) {
    return this.send("POST", "/api/pair/confirm", { device_code: this.codes.device_code, accept });
  }

  /** The whole pairing with the account that `client` is signed in to. Returns the unit's number. */
  async pair(client) {
    await this.start();
    const approved = await client.post("/api/pair/approve", { user_code: this.codes.user_code });
    assert.equal(approved.status, 200, approved.text);
    const done = await this.confirm();
    assert.equal(done.json?.state, "paired", done.text);
    this.id = done.json.device_id;
    return this.id;
  }

  /** Opens the link. The first message, `welcome`, has come when it resolves. */
  async link() {
    for (let tries = 0; tries < 2; tries += 1) {
      const line = new Line(`${socketBase}/api/devices/link`, { dpop: this.proof("GET", "/api/devices/link"), ...fresh() });
      const answer = await line.opened;
      this.nonce = line.headers?.["dpop-nonce"] ?? this.nonce;
      if (answer.code === "use_dpop_nonce") continue;
      assert.equal(answer.status, 101, JSON.stringify(answer));
      this.line = line;
      this.welcome = await line.next();
      assert.equal(this.welcome.head.type, "welcome");
      return line;
    }
    throw new Error("no link");
  }

  /** Answers a remote's frame. */
  reply(phone, frame) { this.line.send({ type: "frame", phone }, frame); }
}

const lines = new Set();
/** Ends every connection that is open: for the end of a file of tests. */
export function closeAll() {
  for (const line of lines) line.socket.terminate();
}

/** A WebSocket that keeps what it is told: `{head, frame, text}` of each message, and how it was closed. */
export class Line {
  constructor(address, headers = {}) {
    lines.add(this);
    this.messages = [];
    this.waiting = [];
    this.socket = new WebSocket(address, { headers, perMessageDeflate: false });
    this.closed = new Promise((resolve) => this.socket.on("close", (code, reason) => resolve({ code, reason: String(reason) })));
    this.opened = new Promise((resolve, reject) => {
      this.socket.on("upgrade", (response) => { this.headers = response.headers; });
      this.socket.on("open", () => resolve({ status: 101 }));
      this.socket.on("unexpected-response", (_, response) => {
        this.headers = response.headers;
        let text = "";
        response.on("data", (data) => { text += data; });
        response.on("end", () => {
          let json = {};
          try { json = JSON.parse(text); } catch { /* not JSON */ }
          resolve({ status: response.statusCode, ...json });
        });
      });
      this.socket.on("error", (error) => { if (this.socket.readyState !== WebSocket.OPEN) reject(error); });
    });
    this.opened.catch(() => {});
    this.socket.on("message", (data) => {
      const text = data.toString();
      const at = text.indexOf("\n");
      const message = { text, frame: at < 0 ? "" : text.slice(at + 1) };
      try { message.head = JSON.parse(at < 0 ? text : text.slice(0, at)); } catch { /* pong */ }
      const waiter = this.waiting.shift();
      if (waiter) waiter(message);
      else this.messages.push(message);
    });
  }

  /** The next message; fails when none comes in time. */
  next(ms = 15_000) {
    const kept = this.messages.shift();
    if (kept) return Promise.resolve(kept);
    return new Promise((resolve, reject) => {
      const waiter = (message) => { clearTimeout(timer); resolve(message); };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(new Error(`nothing came in ${ms} ms`));
      }, ms);
      this.waiting.push(waiter);
    });
  }

  /** The next message of that type; others before it are dropped. */
  async until(type) {
    for (;;) {
      const message = await this.next();
      if (message.head?.type === type) return message;
    }
  }

  send(head, frame) {
    const text = typeof head === "string" ? head : JSON.stringify(head);
    this.socket.send(frame === undefined ? text : `${text}\n${typeof frame === "string" ? frame : JSON.stringify(frame)}`);
  }

  /**
   * How it was closed, or the code "open" if it was not within `ms`. The other side's word counts, which may come
   * well before the end of the connection below it.
   */
  async ended(ms = 5000) {
    for (const end = Date.now() + ms; this.socket.readyState <= WebSocket.OPEN;) {
      if (Date.now() > end) return { code: "open" };
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.socket.terminate();
    return this.closed;
  }

  close() { this.socket.close(1000); }
}

/** A remote: one connection of a signed-in person to a unit. */
export class Remote extends Line {
  seq = 0;

  /** Opens one with a fresh ticket; its first message (`relay`) has come when it resolves. */
  static async open(client, id) {
    const answer = await client.post(`/api/devices/${id}/ticket`);
    assert.equal(answer.status, 200, answer.text);
    const remote = Remote.with(id, answer.json.ticket);
    const opened = await remote.opened;
    assert.equal(opened.status, 101, JSON.stringify(opened));
    remote.first = (await remote.next()).head;
    assert.equal(remote.first.type, "relay");
    remote.ahead = remote.first.now_ms - Date.now();
    return remote;
  }

  /** One with that ticket, of a page of that origin. */
  static with(id, ticket, origin = base) {
    return new Remote(`${socketBase}/api/devices/${id}/remote?ticket=${ticket}`, { ...(origin ? { origin } : {}), ...fresh() });
  }

  /** Sends a frame for the unit. */
  frame(frame, { seq = this.seq + 1, until_ms = Date.now() + (this.ahead ?? 0) + 5000 } = {}) {
    this.seq = Math.max(this.seq, seq);
    this.send({ seq, until_ms }, frame);
  }
}
