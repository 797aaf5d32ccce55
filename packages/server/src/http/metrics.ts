import { isTerminal, type TerminalStatus } from "@beckon/core/runtime";
import type { Engine, Store } from "@beckon/engine";
import type { Context, Hono, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { PrometheusMetrics } from "./prometheus.ts";

/** What the server counts, for Prometheus. */
export interface Metrics {
  /** Counts a request. */
  readonly observe: MiddlewareHandler;
  /** Serves `/metrics`. */
  mount(app: Hono): void;
  /** Counts no more runs. */
  readonly close: () => void;
}

/** A series that begins only with its first run looks to Prometheus as if that run had never been added. */
const NONE_ENDED: Readonly<Record<TerminalStatus, number>> = {
  SUCCESS: 0,
  FAILURE: 0,
  TIMED_OUT: 0,
  CANCELED: 0,
  EXPIRED: 0,
};

const EVERY_PATH = "/*";

/** `onError` is told when the library that counts requests cannot be loaded: it is tried again at the next one. */
export function createMetrics(engine: Engine, store: Store, onError: (error: unknown) => void): Metrics {
  const ended = { ...NONE_ENDED };
  const close = store.subscribe(({ runs }) => {
    for (const { status } of runs ?? []) if (isTerminal(status)) ended[status] += 1;
  });
  // The first request brings it, and only `/metrics` waits for it: it is a tenth of what a server loads, and no run needs it.
  let loading: Promise<PrometheusMetrics> | undefined;
  const load = (): Promise<PrometheusMetrics> =>
    (loading ??= import("./prometheus.ts").then(
      (module) => module.createPrometheusMetrics(engine, ended),
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    ));
  return {
    observe: async (c, next) => {
      const startedAt = performance.now();
      await next();
      const seconds = (performance.now() - startedAt) / 1_000;
      const request = { method: c.req.method, route: routeOf(c), status: c.res.status };
      load().then((metrics) => metrics.observe(request, seconds), onError);
    },
    mount: (app) => {
      app.get("/metrics", async () => (await load()).toResponse());
    },
    close,
  };
}

/** What is for every path (the check of the key, say) is behind some routes and ahead of others: it is the route of none. */
function routeOf(c: Context): string {
  return matchedRoutes(c).findLast(({ path }) => path !== EVERY_PATH)?.path ?? EVERY_PATH;
}
