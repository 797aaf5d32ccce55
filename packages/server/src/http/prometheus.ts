import type { TerminalStatus } from "@beckon/core/runtime";
import type { Engine } from "@beckon/engine";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** One request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
}

/** The metrics of one server in a registry of its own: several servers may live in one process. */
export interface PrometheusMetrics {
  readonly observe: (request: AnsweredRequest, seconds: number) => void;
  /** All of them, in Prometheus' text format. */
  readonly toResponse: () => Promise<Response>;
}

/** `ended`: how many runs ended since the server started, kept by the caller. */
export function createPrometheusMetrics(
  engine: Engine,
  ended: Readonly<Record<TerminalStatus, number>>,
): PrometheusMetrics {
  const registry = new Registry();
  const duration = new Histogram({
    name: "beckon_http_request_duration_seconds",
    help: "Time to answer a request, without the time that streams stay open.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 30],
    registers: [],
  });
  for (const metric of [...createRunMetrics(engine, ended), duration]) registry.registerMetric(metric);
  return {
    observe: (request, seconds) => duration.observe({ ...request }, seconds),
    toResponse: async () =>
      new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } }),
  };
}

/** Told when somebody asks: the counter's own labels would cost more than the rest of counting a run. */
function createRunMetrics(engine: Engine, ended: Readonly<Record<TerminalStatus, number>>) {
  const finished = new Counter({
    name: "beckon_runs_finished_total",
    help: "Runs that ended since the server started, by how.",
    labelNames: ["status"],
    registers: [],
    collect() {
      this.reset();
      for (const [status, count] of Object.entries(ended)) this.inc({ status }, count);
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
  return [finished, executing, live];
}
