// The remote as a unit serves it.

import init from "bindgen/web_remote";
import "./media.js";
import { start } from "./start.js";

start(init, WASM_URLS.web_remote);
