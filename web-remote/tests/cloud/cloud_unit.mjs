// A simulated stereo that knows a cloud. What a driver would do at it is a script: whatever is on its screen, pressed.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../lib/check.mjs";
import { Unit, freePort } from "../lib/unit.mjs";

export class CloudUnit extends Unit {
  constructor(plan, name, cloud) {
    super(plan, name, 0);
    this.name = name;
    this.cloud = cloud;
  }

  /** Starts it, with a driver who does these lines and then leaves it alone. */
  async drive(lines) {
    this.port = await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    const script = join(this.plan.scratch, `${this.name}.script`);
    await writeFile(script, `${[...lines, "wait 20min"].join("\n")}\n`);
    await this.start(["--cloud", this.cloud, "--remote-name", this.name, "--script", script]);
  }

  /** The code on its screen. */
  code() {
    return this.said_line("a code", /^CLOUD CODE (\S+)/m).then(([, code]) => code);
  }

  /** Waits until it says so. */
  said_line(what, pattern, patience = 30_000) {
    return eventually(what, async () => pattern.exec(this.said), Boolean, patience);
  }
}
