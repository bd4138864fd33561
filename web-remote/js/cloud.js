// The remote as the cloud serves it: the remote of one stereo, or the account's pages. Each loads its own module.

import "./media.js";
import { broken, start } from "./start.js";

const isRemote = location.pathname.startsWith("/stereo/");
const wasm = fetch(isRemote ? WASM_URLS.web_remote : WASM_URLS.web_account);
const script = isRemote ? import("bindgen/web_remote") : import("bindgen/web_account");
script.then((script) => start(script.default, wasm), broken);
