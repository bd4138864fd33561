// `node tools/mutate.mjs [--apart] [NAME…]`: takes defences out of the worker and looks whether a test notices.
//
// All named ones (all, where none is named) are taken out at once, which needs one build: each has a test of its
// own. With --apart they are taken out one after the other. What was changed is put back in any case.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Where the tests below stand.
const FILES = ["pairing", "proof_attacks", "relay"].map((name) => join(root, `tests/${name}.test.mjs`));

// What is changed, from what to what, and the test that must then fail.
const MUTATIONS = {
  "a proof counts once": ["proof/seen.rs", "409 => Err(Problem::Unauthorized(\"proof_replayed\")),", "409 => Ok(()),", "no proof counts twice, however many come at once"],
  "a nonce is fresh": ["proof/jws.rs", "if !expected.nonces.is_fresh(&claims.nonce, expected.now) {", "if false {", "nonces: none, invented, another key's, old and of the future"],
  "a proof is for this request": ["proof/jws.rs", "if !fits || ", "if ", "a stolen proof is of no use for another request"],
  "a proof is signed by its key": ["proof/jws.rs", "    key(&header.jwk)?.verify_strict(message.as_bytes(), &signature).ok()?;", "    key(&header.jwk)?; let _ = (message, signature);", "altered proofs: another method, address, body, type, algorithm, key, form"],
  "a device code is its unit's": ["store/pairings.rs", "SELECT stage, interval, device_id, user_id FROM pairings \\\n        WHERE device_hash = ?1 AND key_hash = ?2 AND", "SELECT stage, interval, device_id, user_id FROM pairings \\\n        WHERE device_hash = ?1 AND ?2 = ?2 AND", "a unit's own code is of use to nobody else, and a new start ends the one before"],
  "codes end": ["store/pairings.rs", "WHERE user_code = ?1 AND expires_at > ?2 AND user_id = ?3", "WHERE user_code = ?1 AND ?2 = ?2 AND user_id = ?3", "codes end after 300 s"],
  "one of two approves": ["store/pairings.rs", "AND stage = 'waiting' RETURNING stage", "RETURNING stage", "of two people who approve one code one does; of 20 presses at once one counts"],
  "guesses of an account": ["pairing/guess.rs", "    limits::hit(env, &key(user), ACCOUNT).await?;", "    limits::hit(env, &key(user), Limit { tries: 9999, seconds: 900 }).await?;", "of 1,000 guesses at once by one account ten are looked at"],
  "guesses of everybody": ["pairing/guess.rs", "    limits::hit(env, EVERYBODY_KEY, EVERYBODY).await?;", "", "of 1,100 guesses at once by 110 accounts a thousand are looked at"],
  "units of an account": ["store/pairings.rs", "(SELECT count(*) FROM devices AS d WHERE d.user_id = p.user_id) < ?5", "?5 = ?5", "an account has no more than 50 units, however they come"],
  "an offer counts once": ["store/devices.rs", "DELETE FROM transfers WHERE code_hash = ?1 AND user_id <> ?2", "DELETE FROM transfers WHERE 1 = 2 AND code_hash = ?1 AND user_id <> ?2", "a unit changes hands when both want it"],
  "a ticket counts once": ["relay/object.rs", "DELETE FROM tickets WHERE digest = ? RETURNING session, until_ms", "SELECT session, until_ms FROM tickets WHERE digest = ?", "tickets: used twice, of another unit, too old, invented, of somebody else"],
  "sockets of foreign pages": ["devices/ticket.rs", "if !known {", "if false {", "WebSockets of foreign pages and of nobody in particular are refused"],
  "numbers rise": ["relay/gate.rs", "head.seq <= *seq", "false", "a remote's message that is repeated goes nowhere and ends the connection"],
  "what is late": ["relay/gate.rs", "if head.until_ms <= now_ms {", "if false {", "what is late goes nowhere, what would live long does not"],
  "frames have a length": ["relay/gate.rs", "if frame.len() > MAX_CLIENT_FRAME {", "if false {", "a remote's message that is long in its frame goes nowhere and ends the connection"],
  "the rate of a remote": ["relay/gate.rs", "if !bucket.take(now_ms, PHONE_RATE) {", "if false {", "of 500 messages at once a hundred and few more pass, then the connection ends"],
  "text only": ["relay/traffic.rs", "let Some(text) = message.as_string() else { return end(&room, socket, close::BINARY) };", "let Some(text) = message.as_string() else { return Ok(()) };", "a remote's message that is binary goes nowhere and ends the connection"],
  "sixteen remotes": ["relay/object.rs", "if room.phones()?.len() >= MOST_PHONES {", "if room.phones()?.len() >= MOST_PHONES * 9 {", "sixteen remotes and no more"],
  "one's own unit": ["store/devices.rs", "UPDATE devices SET name = ?3 WHERE id = ?1 AND user_id = ?2", "UPDATE devices SET name = ?3 WHERE id = ?1 AND ?2 = ?2", "somebody else's unit is not there, on every route with a number"],
  "signing out closes": ["auth/session.rs", "    relay::session_ended(call, user, session).await;", "    let _ = (call, user);", "a session that is signed out: its remotes are closed within five seconds, others stay"],
  "unpairing closes": ["devices/own.rs", "    relay::unpaired(&call.env, &device.id).await;", "", "a unit that unlinks itself: its remotes are closed within five seconds"],
  "selling closes": ["devices/transfer.rs", "    relay::owner_changed(&call.env, &taken.device_id).await;", "", "a unit that changes hands: the seller's remotes are closed within five seconds"],
  "ending the account closes": ["people/account.rs", "    join_all(devices.iter().map(|device| relay::unpaired(&call.env, device))).await;", "    drop(devices);", "an account that ends: its units are closed within five seconds"],
  "ends that nobody tells": ["relay/watch.rs", ".unwrap_or(true) {", ".is_none() {", "after a rest in which the object is taken away, everything goes on; ends that nobody tells are found"],
};

const wanted = process.argv.slice(2).filter((one) => one !== "--apart");
const names = wanted.length ? wanted : Object.keys(MUTATIONS);
for (const name of names) if (!MUTATIONS[name]) throw new Error(`no mutation is called ${JSON.stringify(name)}`);
const groups = process.argv.includes("--apart") ? names.map((name) => [name]) : [names];

const originals = new Map();
const restore = () => originals.forEach((text, file) => writeFileSync(file, text));
process.on("exit", restore);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

function mutate(name) {
  const [path, from, to] = MUTATIONS[name];
  const file = join(root, "src", path);
  const text = readFileSync(file, "utf8");
  if (!originals.has(file)) originals.set(file, text);
  if (!text.includes(from)) throw new Error(`${name}: ${path} has changed`);
  writeFileSync(file, text.replace(from, () => to));
}

/** Names of the tests that fail. */
function failures(group) {
  const built = spawnSync("cargo", ["xtask", "cloud", "build", "--dev"], { cwd: dirname(root), encoding: "utf8" });
  if (built.status !== 0) throw new Error(`${group.join(", ")}: does not build\n${built.stderr}`);
  const ran = spawnSync(process.execPath, [join(root, "tests/run.mjs"), ...FILES], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  return new Set([...ran.stdout.matchAll(/^✖ (.*) \([\d.]+m?s\)$/gm)].map((found) => found[1]));
}

let missed = 0;
for (const group of groups) {
  group.forEach(mutate);
  const failed = failures(group);
  restore();
  for (const name of group) {
    const caught = failed.has(MUTATIONS[name][3]);
    missed += caught ? 0 : 1;
    console.log(`${caught ? "noticed" : "MISSED "}  ${name}`);
  }
}
console.log(`${names.length - missed} of ${names.length} were noticed`);
process.exitCode = missed ? 1 : 0;
