// The twin: `/api/health` and `/api/presets` as somebody would write them in TypeScript with Hono. It checks what
// the worker checks (token, session, rate), asks the same query, and sends the same headers, and like the worker it
// remembers tokens that were checked.
import { Hono } from "hono";

type Env = {
  DB: D1Database;
  RATE: { limit(options: { key: string }): Promise<{ success: boolean }> };
  ACCESS_KEYS: string;
  PUBLIC_ORIGIN: string;
};
type Who = { user: string; session: string; until: number };

const SECURITY: Record<string, string> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
const LIST = `SELECT made, json_object('id', id, 'version', version, 'sound', json(sound), 'category', category,
  'tags', json(tags), 'public_id', public_id, 'favourites', favourites, 'created_at', created_at,
  'updated_at', updated_at) AS json FROM presets
  WHERE user_id = ?1 AND made < ?2 AND deleted_at IS NULL ORDER BY made DESC LIMIT ?3`;
const LIVES = "SELECT id FROM sessions WHERE id = ?1 AND user_id = ?2 AND idle_until > ?3 AND expires_at > ?3";

const checked = new Map<string, Who>();
const seen = new Map<string, number>();
let keys: Promise<Map<string, CryptoKey>> | undefined;

const bytes = (text: string) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const json = (part: string) => JSON.parse(new TextDecoder().decode(bytes(part)));

async function read(env: Env): Promise<Map<string, CryptoKey>> {
  const found = new Map<string, CryptoKey>();
  for (const { kid, kty, crv, x } of JSON.parse(env.ACCESS_KEYS).keys) {
    found.set(kid, await crypto.subtle.importKey("jwk", { kty, crv, x }, "Ed25519", false, ["verify"]));
  }
  return found;
}

async function check(env: Env, token: string, now: number): Promise<Who | undefined> {
  const known = checked.get(token);
  if (known) return now < known.until ? known : undefined;
  const [head, body, signature] = token.split(".");
  const { alg, typ, kid } = json(head);
  const key = (await (keys ??= read(env))).get(kid);
  if (alg !== "EdDSA" || typ !== "at+jwt" || !key) return undefined;
  if (!(await crypto.subtle.verify("Ed25519", key, bytes(signature), new TextEncoder().encode(`${head}.${body}`)))) return undefined;
  const claims = json(body);
  if (claims.iss !== env.PUBLIC_ORIGIN || claims.aud !== env.PUBLIC_ORIGIN || now >= claims.exp || claims.iat > now) return undefined;
  const who = { user: claims.sub, session: claims.sid, until: claims.exp };
  checked.set(token, who);
  return who;
}

const app = new Hono<{ Bindings: Env; Variables: { who: Who } }>();

app.use("*", async (c, next) => {
  await next();
  for (const name in SECURITY) c.res.headers.set(name, SECURITY[name]);
  c.res.headers.set("x-request-id", crypto.randomUUID());
});

app.get("/api/health", (c) => c.json({ status: "ok", version: "0.1.0" }));

app.use("/api/presets", async (c, next) => {
  if (!(await c.env.RATE.limit({ key: c.req.header("cf-connecting-ip") ?? "" })).success) return c.json({ code: "too_many_requests" }, 429);
  const now = Math.floor(Date.now() / 1000);
  const token = c.req.header("authorization")?.replace(/^Bearer /, "") ?? "";
  const who = await check(c.env, token, now);
  if (!who) return c.json({ code: "access_invalid" }, 401);
  if (now - (seen.get(who.session) ?? 0) >= 3) {
    if (!(await c.env.DB.prepare(LIVES).bind(who.session, who.user, now).first())) return c.json({ code: "signed_out" }, 401);
    seen.set(who.session, now);
  }
  c.set("who", who);
  await next();
});

app.get("/api/presets", async (c) => {
  const limit = Number(c.req.query("limit") ?? 50);
  const before = Number(c.req.query("before") ?? Number.MAX_SAFE_INTEGER);
  if (!(limit >= 1 && limit <= 100)) return c.json({ code: "invalid" }, 422);
  const { results } = await c.env.DB.prepare(LIST).bind(c.get("who").user, before, limit + 1).all<{ made: number; json: string }>();
  const more = results.length > limit;
  if (more) results.length = limit;
  const next = more ? results[limit - 1].made : null;
  const body = `{"presets":[${results.map((row) => row.json).join(",")}],"next":${JSON.stringify(next)}}`;
  return c.body(body, 200, { "content-type": "application/json" });
});

export default app;
