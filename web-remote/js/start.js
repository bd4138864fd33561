// Starts a module, says so when it cannot start, and looks after new versions and installing.

export function broken() {
  const notice = document.getElementById("broken");
  if (notice) notice.hidden = false;
}

/** Starts the module whose script is `init`; `wasm` is its address, or the promise of it. */
export function start(init, wasm) {
  init({ module_or_path: wasm }).catch(broken);
}

document.getElementById("reload")?.addEventListener("click", () => location.reload());
addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) broken();
});

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
