import { buildDashboard } from "./build-dashboard.ts";

const outcome = await buildDashboard();
if (outcome === "built") console.log("The dashboard is built.");
