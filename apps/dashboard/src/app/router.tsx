import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { BASE_PATH } from "../api/base-path.ts";
import { Layout } from "./layout.tsx";
import { lazyPage } from "./lazy-page.tsx";
import { NotFound } from "./not-found.tsx";
import { PageProblem } from "./page-problem.tsx";
import { readRunSearch, type RunSearch } from "./run-search.ts";

const rootRoute = createRootRoute({ component: Layout, notFoundComponent: NotFound });

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  component: lazyPage(() => import("../routes/overview/overview-page.tsx"), "OverviewPage"),
});

const jobsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs",
  validateSearch: (raw: Record<string, unknown>): { readonly q?: string } =>
    typeof raw["q"] === "string" && raw["q"] !== "" ? { q: raw["q"] } : {},
  component: lazyPage(() => import("../routes/jobs/jobs-page.tsx"), "JobsPage"),
});

const jobRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs/$jobId",
  component: lazyPage(() => import("../routes/job/job-page.tsx"), "JobPage"),
});

/** `from` is a run whose payload the form starts with. */
const testRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs/$jobId/test",
  validateSearch: (raw: Record<string, unknown>): { readonly from?: string } =>
    typeof raw["from"] === "string" ? { from: raw["from"] } : {},
  component: lazyPage(() => import("../routes/test/test-page.tsx"), "TestPage"),
});

const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs",
  validateSearch: (raw: Record<string, unknown>): RunSearch => readRunSearch(raw),
  component: lazyPage(() => import("../routes/runs/runs-page.tsx"), "RunsPage"),
});

/** `step` is the step that is chosen. */
const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$runId",
  validateSearch: (raw: Record<string, unknown>): { readonly step?: string } =>
    typeof raw["step"] === "string" ? { step: raw["step"] } : {},
  component: lazyPage(() => import("../routes/run/run-page.tsx"), "RunPage"),
});

/** Texts as they are: what reads like a number or like JSON may be a tag or a key, and no other than is written there. */
function toSearchText(search: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(search).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

export const router = createRouter({
  routeTree: rootRoute.addChildren([overviewRoute, jobsRoute, jobRoute, testRoute, runsRoute, runRoute]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: toSearchText,
  basepath: BASE_PATH === "" ? "/" : BASE_PATH,
  defaultPreload: "intent",
  defaultErrorComponent: PageProblem,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
