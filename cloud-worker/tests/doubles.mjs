// Providers that misbehave on demand, served by the test file itself: an OpenID provider that hands out whatever
// token a test forges, and GitHub's documented endpoints for signing people in.
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";

const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A key for ES256 with its public JWK. */
export function ecKey(kid) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" }, publicKey };
}

/** A compact JWS of any header and claims. `key`: an EC private key, a secret for HMAC, or null for no signature. */
export function jws(header, claims, key) {
  const message = `${encode(header)}.${encode(claims)}`;
  if (key === null) return `${message}.`;
  if (typeof key === "string" || Buffer.isBuffer(key)) {
    return `${message}.${createHmac("sha256", key).update(message).digest("base64url")}`;
  }
  const signature = createSign("sha256").update(message).sign({ key, dsaEncoding: "ieee-p1363" });
  return `${message}.${signature.toString("base64url")}`;
}

async function serve(port, handle) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { status = 200, json } = handle(request, new URLSearchParams(body)) ?? { status: 404, json: {} };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

/** An OpenID provider: `keys` are what it publishes, `token(form)` makes its ID token. */
export async function rogue(port) {
  const issuer = `http://127.0.0.1:${port}`;
  const state = { issuer, keys: [ecKey("a")], token: () => "", asked: [], forms: [] };
  state.server = await serve(port, (request, form) => {
    state.asked.push(request.url);
    if (request.url === "/.well-known/openid-configuration") {
      return { json: {
        issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`, authorization_response_iss_parameter_supported: true,
        code_challenge_methods_supported: ["S256"],
      } };
    }
    if (request.url === "/jwks") return { json: { keys: state.keys.map((key) => key.jwk) } };
    if (request.url === "/token") {
      state.forms.push(Object.fromEntries(form));
      return { json: { access_token: "t", token_type: "Bearer", id_token: state.token(form) } };
    }
    return undefined;
  });
  return state;
}

/** GitHub, as its documentation describes signing in: https://docs.github.com/apps/oauth-apps and the REST API. */
export async function gitHub(port) {
  const state = { user: { id: 1, login: "octocat", name: null }, emails: [], forms: [], asked: [] };
  state.server = await serve(port, (request, form) => {
    state.asked.push([request.method, request.url, request.headers.authorization, request.headers["user-agent"]]);
    if (request.method === "POST" && request.url === "/login/oauth/access_token") {
      state.forms.push(Object.fromEntries(form));
      // GitHub says what is wrong with status 200.
      if (form.get("code") !== "good") return { json: { error: "bad_verification_code", error_description: "…" } };
      return { json: { access_token: "gho_1", scope: "read:user,user:email", token_type: "bearer" } };
    }
    if (request.headers.authorization !== "Bearer gho_1") return { status: 401, json: { message: "Bad credentials" } };
    if (request.url === "/api/user") return { json: state.user };
    if (request.url === "/api/user/emails") return { json: state.emails };
    return undefined;
  });
  return state;
}
