// The provider that tests sign in at: npm's oidc-provider, a certified OpenID provider, served on loopback.
// Whoever is named at its log-in form is signed in; nobody has a password.
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

export const CLIENT = { id: "rusty-audio", secret: "a secret of tests, 0123456789abcdef" };

/** Serves it at `port` for the worker at `base`; returns the server. */
export async function serveHome(port, base) {
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{
      client_id: CLIENT.id, client_secret: CLIENT.secret,
      redirect_uris: [`${base}/api/auth/callback/home`],
      response_types: ["code"], grant_types: ["authorization_code"],
    }],
    jwks: { keys: [{ ...key, kid: "home-1", alg: "RS256", use: "sig" }] },
    cookies: { keys: ["only for tests"] },
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of Home`, email: `${id}@example.org`, email_verified: true }),
    }),
  });
  return new Promise((resolve) => {
    const server = provider.listen(port, "127.0.0.1", () => resolve(server));
  });
}
