// One line of JSON on standard output for every check; `cargo xtask test` counts them.

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** The first lines of an error, which for a browser's are the useful ones. */
function reason(error) {
  const text = String(error?.message ?? error).replace(/\u001b\[[0-9;]*m/g, "");
  return text.split("\n").slice(0, 6).join(" | ");
}

/** Runs one check; what it returns is the detail. A failure does not stop the ones after it. */
export async function check(name, run) {
  const began = Date.now();
  try {
    const detail = await run();
    say({ check: name, ok: true, detail: detail ?? `${Date.now() - began} ms` });
    return true;
  } catch (error) {
    say({ check: name, ok: false, detail: reason(error) });
    return false;
  }
}

export const skip = (name, why) => say({ check: name, skipped: why });
export const end = () => say({ end: true });

export function ensure(condition, message) {
  if (!condition) throw new Error(message);
}

export function same(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  ensure(a === b, `${what}: ${a} instead of ${b}`);
}

/** Waits until `read` gives something that `holds`; returns it. */
export async function eventually(what, read, holds, patience = 5000) {
  const until = Date.now() + patience;
  let last;
  for (;;) {
    try {
      last = await read();
      if (holds(last)) return last;
    } catch (error) {
      last = reason(error);
    }
    ensure(Date.now() < until, `${what} did not come within ${patience} ms; last: ${JSON.stringify(last)?.slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
