// Keeps the shell of the remote, so that it opens at once and without the unit.
//
// The shell comes from the cache first; `/api`, `/ws` and everything that is no part of the shell go to the
// unit and are never kept.

const NAME = `shell-${VERSION}`;
const SHELL = new Map(PRECACHE.map(({ url, revision }) => [url, revision]));

self.addEventListener("install", (event) => event.waitUntil(fill()));

async function fill() {
  const cache = await caches.open(NAME);
  await Promise.all([...SHELL].map(async ([url, revision]) => {
    // A file whose name holds its hash may be there from the version before.
    const kept = revision === null && (await caches.match(url));
    const response = kept || (await fetch(url, { cache: revision === null ? "default" : "reload" }));
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    await cache.put(url, response);
  }));
}

self.addEventListener("activate", (event) => event.waitUntil(prune()));

async function prune() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("message", ({ data }) => {
  if (data === "now") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname === "/ws" || pathname.startsWith("/api/")) return;
  // Players ask for parts of a sound file; a cache has whole ones only.
  if (request.headers.has("range")) return;
  const key = SHELL.has(pathname) ? pathname : request.mode === "navigate" ? "/" : null;
  if (key) event.respondWith(shell(key, request));
});

async function shell(key, request) {
  const cache = await caches.open(NAME);
  return (await cache.match(key)) ?? fetch(request);
}
