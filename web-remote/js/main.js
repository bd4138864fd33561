// Starts the remote, and says so when it cannot start.

import init from "bindgen/web_remote";

function broken() {
  const notice = document.getElementById("broken");
  if (notice) notice.hidden = false;
}

// Loaded when somebody wants it, not before.
const media = () => import("./media_session.js");
globalThis.remoteMedia = {
  turn: (on, hear) => media().then((part) => part.turn(on, hear)),
  show: (...what) => media().then((part) => part.show(...what)),
};

document.getElementById("reload")?.addEventListener("click", () => location.reload());
addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) broken();
});
init({ module_or_path: WASM_URLS.web_remote }).catch(broken);

// Service workers exist on HTTPS and on this machine only; everything works without one.
if (!DEV) navigator.serviceWorker?.register("/sw.js").then(watch, () => {});

// A new version waits until somebody wants it.
function watch(registration) {
  const ready = (worker) => {
    addEventListener("remote-update-now", () => worker.postMessage("now"), { once: true });
    dispatchEvent(new Event("remote-update"));
  };
  if (registration.waiting && navigator.serviceWorker.controller) ready(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) ready(worker);
    });
  });
  let controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled) location.reload();
    controlled = true;
  });
}

// Browsers that offer to install a page tell it so; the settings page asks them then.
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  globalThis.remoteInstall = event;
  dispatchEvent(new Event("remote-install"));
});
addEventListener("remote-install-now", () => globalThis.remoteInstall?.prompt());
