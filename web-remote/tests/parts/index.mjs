// All journeys, in order.

import { away } from "./away.mjs";
import { control } from "./control.mjs";
import { enrol } from "./enrol.mjs";
import { foreign } from "./foreign.mjs";
import { household } from "./household.mjs";
import { install } from "./install.mjs";
import { keyboard } from "./keyboard.mjs";
import { lighthouse } from "./lighthouse.mjs";
import { pages } from "./pages.mjs";
import { together } from "./together.mjs";

export const PARTS = { enrol, control, together, keyboard, household, away, foreign, install, pages, lighthouse };
