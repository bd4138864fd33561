// `node tools/keys.mjs`: a fresh Ed25519 key as the secret ACCESS_KEYS wants it. With a set of keys on standard input,
// the same set with the fresh one behind them.
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";

const given = process.stdin.isTTY ? "" : readFileSync(0, "utf8").trim();
const { keys } = given ? JSON.parse(given) : { keys: [] };
const kid = new Date().toISOString().replace(/[^0-9]/g, "").slice(0, 14);
const { kty, crv, x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
console.log(JSON.stringify({ keys: [...keys, { kty, crv, kid, x, d }] }));
