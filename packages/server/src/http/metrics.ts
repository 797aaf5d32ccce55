import { isTerminal, type RunStatus } from "@beckon/core/runtime";
import type { Engine, Store } from "@beckon/engine";
import type { Hono, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
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

export function createMetrics(engine: Engine, store: Store): Metrics {
  const ended = new Map<RunStatus, number>();
  const close = store.subscribe(({ runs }) => {
    for (const { status } of runs ?? []) if (isTerminal(status)) ended.set(status, (ended.get(status) ?? 0) + 1);
  });
  // The first request brings it, without waiting for it: it is a tenth of what a server loads, and no run needs it.
  let loading: Promise<PrometheusMetrics> | undefined;
  const load = (): Promise<PrometheusMetrics> =>
    (loading ??= import("./prometheus.ts").then((module) => module.createPrometheusMetrics(engine, ended)));
  return {
    observe: async (c, next) => {
      const startedAt = performance.now();
      await next();
      const seconds = (performance.now() - startedAt) / 1_000;
      const request = { method: c.req.method, route: routePath(c, -1), status: c.res.status };
      void load().then((metrics) => metrics.observe(request, seconds));
    },
    mount: (app) => {
      app.get("/metrics", async () => (await load()).toResponse());
    },
    close,
  };
}
