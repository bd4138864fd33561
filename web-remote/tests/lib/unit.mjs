// A simulated unit as a process of its own: started, asked through its API, killed.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { ensure, eventually } from "./check.mjs";

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Unit {
  #child = null;
  #said = "";
  #token = null;
  #used = new Set();

  constructor(plan, name, port) {
    this.plan = plan;
    this.data = join(plan.scratch, name);
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts it; it prints a link that lets one phone in. */
  async start(extra = []) {
    ensure(!this.#child, "the unit runs already");
    const music = this.plan.music.flatMap((folder) => ["--music", folder]);
    const args = ["--headless", "--sink", "null", "--data", this.data, "--remote", `127.0.0.1:${this.port}`];
    // For whoever writes the remote: its files from a folder, without building the stereo again.
    const files = process.env.REMOTE_FILES;
    if (files) args.push("--remote-files", files);
    this.#said = "";
    const child = spawn(this.plan.simulator, [...args, ...music, ...extra], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes) => (this.#said += bytes));
    }
    // A journey that is broken off leaves no unit behind.
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    const gone = new Promise((_, reject) => {
      child.on("exit", (code, signal) => {
        process.off("exit", end);
        if (this.#child === child) this.#child = null;
        reject(new Error(`the unit ended with ${code ?? signal}: ${this.#said.trim().split("\n").slice(-3).join(" | ")}`));
      });
    });
    const healthy = eventually("the unit's health", () => this.health(), ({ status }) => status === "ok", 30_000);
    for (const promise of [healthy, gone]) promise.catch(() => {});
    await Promise.race([healthy, gone]);
  }

  /** Everything it said since its start. */
  get said() {
    return this.#said;
  }

  /** A link that lets one phone in; the unit says a new one whenever one is used up. */
  async invite() {
    const fresh = async () => [...this.#said.matchAll(/^Web remote: (\S+#\S+)/gm)].map(([, link]) => link).pop();
    const link = await eventually("a new invite link", fresh, (link) => link && !this.#used.has(link), 10_000);
    this.#used.add(link);
    return link;
  }

  /** Ends it as a power cut does, or as Ctrl-C does. */
  async stop(signal = "SIGKILL") {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
    this.#child = null;
  }

  async health() {
    const answer = await fetch(`${this.url}/api/health`);
    return answer.json();
  }

  /** Enrols this script itself, by the link of this start. */
  async enrol() {
    const code = new URL(await this.invite()).hash.slice(1);
    const answer = await this.fetch("/api/enrol", {
      method: "POST",
      body: { code, name: "the checks", client: "api" },
      token: null,
    });
    const text = await answer.text();
    ensure(answer.status === 200, `enrolment answered ${answer.status}: ${text}`);
    this.#token = JSON.parse(text).token;
    ensure(this.#token, "enrolment as an API client gave no token");
  }

  fetch(path, { method = "GET", body, token = this.#token } = {}) {
    const headers = {};
    if (token) headers.authorization = `Bearer ${token}`;
    if (body) headers["content-type"] = "application/json";
    return fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
  }

  async #json(path, options) {
    const answer = await this.fetch(path, options);
    const text = await answer.text();
    ensure(answer.ok, `${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  }

  snapshot() {
    return this.#json("/api/snapshot");
  }

  command(command) {
    return this.#json("/api/command", { method: "POST", body: command });
  }

  ask(question) {
    return this.#json("/api/ask", { method: "POST", body: question });
  }

  /** The titles of the queue. */
  async queue() {
    const { queue } = await this.ask({ ask: "queue", from: 0, limit: 100 });
    return queue.rows.map((row) => row.name);
  }

  /** Waits for a snapshot that holds. */
  until(what, holds, patience) {
    return eventually(what, () => this.snapshot(), holds, patience);
  }
}
