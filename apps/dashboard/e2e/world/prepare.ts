import { buildDashboard } from "../../build/build-dashboard.ts";
import { findChromium } from "./find-chromium.ts";

/** Before the first test: a browser, and the pages as the server will serve them. */
export async function setup(): Promise<void> {
  findChromium();
  await buildDashboard();
}
