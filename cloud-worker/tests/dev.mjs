// `node dev.mjs STATE PORT`: the worker and a provider to sign in at, for `cargo xtask cloud`. Says one line of JSON
// when they are ready, and ends when its standard input does.
import { stage } from "./stage.mjs";

const [state, port] = process.argv.slice(2);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(0));
process.stdin.on("close", () => process.exit(0)).resume();
try {
  const { base, log } = await stage({ state, port: Number(port) || undefined });
  process.stdout.write(`${JSON.stringify({ base, log })}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
