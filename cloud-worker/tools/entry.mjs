// What the runtime calls, and the only script of our own that is shipped: it hands every event to the Rust
// module and keeps a panic in one of them from the others.
//
// A panic ends in a trap, after which the instance must not begin anything new: the stack of the panicked call
// is lost, and locks it held stay held. So the instance is retired. What it had begun for others goes on in it;
// whatever comes next begins in a fresh one. The event that panicked is answered at once.
import { DurableObject } from "cloudflare:workers";
import { make } from "glue";
import module from "./cloud_worker.wasm";

let current;
let number = 0;

/** The instance that begins new events. */
function instance() {
  if (current === undefined) {
    const begun = new Map();
    const glue = make({ "cloudflare:workers": { DurableObject } });
    glue.initSync({ module });
    const made = { glue, begun };
    // Called by the panic hook, just before the trap, with the number of the event that panicked (0: unknown).
    glue.begin((failed, place) => {
      if (current === made) current = undefined;
      begun.get(failed)?.(Object.assign(new Error("panicked"), { place }));
      // Others that were due in the same turn would wait for the next one.
      queueMicrotask(() => glue.nudge());
    });
    current = made;
  }
  return current;
}

/** Hands one event to the module; rejects when it panics, which a fresh instance reports. */
function handle(env, ctx, call) {
  return run(call).catch((error) => {
    if (error?.place !== undefined) {
      ctx.waitUntil(run((glue, mine) => glue.report_panic(env, error.place, mine)).catch(() => {}));
    }
    throw error;
  });
}

/** The same, without a report. */
function run(call) {
  const { glue, begun } = instance();
  number = (number % 0xffffffff) + 1;
  const mine = number;
  return new Promise((resolve, reject) => {
    begun.set(mine, reject);
    call(glue, mine).then(resolve, reject);
  }).finally(() => begun.delete(mine));
}

function failure() {
  return Response.json({ error: "The server failed.", code: "internal" }, {
    status: 500,
    headers: { "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}

export default {
  fetch(request, env, ctx) {
    return handle(env, ctx, (glue, mine) => glue.fetch(request, env, ctx, mine)).catch((error) => {
      if (error?.message !== "panicked") console.error(JSON.stringify({ level: "error", event: "glue", error: String(error) }));
      return failure();
    });
  },
  queue(batch, env, ctx) {
    return handle(env, ctx, (glue, mine) => glue.queue(batch, env, ctx, mine));
  },
  scheduled(event, env, ctx) {
    return handle(env, ctx, (glue, mine) => glue.scheduled(event, env, ctx, mine));
  },
};

/** A Durable Object whose state is all in its storage, so that any instance can serve it. */
function object(kind) {
  return class extends DurableObject {
    fetch(request) {
      return run((glue, mine) => glue.object_fetch(kind, this.ctx, this.env, request, mine)).catch(failure);
    }
    alarm() {
      return run((glue, mine) => glue.object_alarm(kind, this.ctx, this.env, mine));
    }
    webSocketMessage(socket, message) {
      return run((glue, mine) => glue.object_message(kind, this.ctx, this.env, socket, message, mine));
    }
    webSocketClose(socket) {
      return run((glue, mine) => glue.object_close(kind, this.ctx, socket, mine));
    }
    webSocketError(socket) {
      return run((glue, mine) => glue.object_close(kind, this.ctx, socket, mine));
    }
  };
}

export const Attempts = object("Attempts");
export const DeviceRelay = object("DeviceRelay");
export const Proofs = object("Proofs");
