import { isTerminal, type RunStatus } from "@beckon/core/runtime";
import type { Engine, Store } from "@beckon/engine";
import type { Hono, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What the server counts, for Prometheus. */
export interface Metrics {
  /** Counts a request. */
  readonly observe: MiddlewareHandler;
  /** Serves `/metrics`. */
  mount(app: Hono): void;
}

/** Metrics of one server, in a registry of its own: several servers may live in one process. */
export function createMetrics(engine: Engine, store: Store): Metrics {
  const registry = new Registry();
  countRuns(registry, engine, store);
  const duration = new Histogram({
    name: "beckon_http_request_duration_seconds",
    help: "Time to answer a request, without the time that streams stay open.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 30],
    registers: [registry],
  });
  return {
    observe: async (c, next) => {
      const startedAt = performance.now();
      await next();
      const seconds = (performance.now() - startedAt) / 1_000;
      duration.observe({ method: c.req.method, route: routePath(c, -1), status: c.res.status }, seconds);
    },
    mount: (app) => {
      app.get(
        "/metrics",
        async () => new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } }),
      );
    },
  };
}

function countRuns(registry: Registry, engine: Engine, store: Store): void {
  // Counted here, in the way of every commit, and told when somebody asks: the counter's own labels cost more than the rest.
  const ended = new Map<RunStatus, number>();
  store.subscribe(({ runs }) => {
    for (const { status } of runs ?? []) if (isTerminal(status)) ended.set(status, (ended.get(status) ?? 0) + 1);
  });
  const finished = new Counter({
    name: "beckon_runs_finished_total",
    help: "Runs that ended since the server started, by how.",
    labelNames: ["status"],
    registers: [],
    collect() {
      this.reset();
      for (const [status, count] of ended) this.inc({ status }, count);
    },
  });
  const executing = new Gauge({
    name: "beckon_runs_executing",
    help: "Runs that this server executes now.",
    registers: [],
    collect() {
      this.set(engine.health().executing);
    },
  });
  const live = new Gauge({
    name: "beckon_runs_live",
    help: "Unfinished runs, by job and status.",
    labelNames: ["job", "status"],
    registers: [],
    async collect() {
      this.reset();
      for (const job of await engine.listJobs()) {
        for (const [status, count] of Object.entries(job.live)) this.set({ job: job.id, status }, count);
      }
    },
  });
  registry.registerMetric(finished);
  registry.registerMetric(executing);
  registry.registerMetric(live);
}
