import type { AnyJob } from "@beckon/core";
import { connectJob } from "@beckon/core/runtime";
import { createEngine, type Engine, type EngineOptions, type Store } from "@beckon/engine";
import { createJobRouter } from "@beckon/router";
import { tracked } from "@trpc/server";
import { createCallChild } from "./call-child.ts";
import { createCallbackDelivery } from "./deliver-callback.ts";
import type { AnyJobRouter } from "./http/any-job-router.ts";
import { createApp } from "./http/app.ts";
import { listen, type Listener } from "./http/listen.ts";
import { createLoopbackGuard } from "./http/loopback-guard.ts";
import { createMetrics, type Metrics } from "./http/metrics.ts";
import type { ServerSettings } from "./server-options.ts";
import { createStoppableEngine } from "./stoppable-engine.ts";

/** How long answers that are being written may take after the engine has stopped. */
const CLOSE_GRACE_MS = 1_000;

const SAMPLE_MS = 15_000;

export interface ServerParts {
  readonly settings: ServerSettings;
  readonly store: Store;
  /** By the names of their exports. */
  readonly jobs: ReadonlyMap<string, AnyJob>;
}

/** An engine and its doors, put together and not yet open. */
export interface AssembledServer {
  readonly engine: Engine;
  readonly router: AnyJobRouter;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Where it is reached; known once it is open. */
  readonly url: () => string;
  /** Listens, connects the jobs and begins to execute. @throws StartError */
  readonly open: () => Promise<void>;
  /** Drains the engine, then closes the doors. The store stays open. */
  readonly close: (timeoutMs: number) => Promise<void>;
}

const A_DAY_MS = 86_400_000;

/** A clock that is handed in is moved by weeks at once: looking for dead processes every few seconds would be most of a test. */
function toTime({ clock, onError }: ServerSettings): Pick<EngineOptions, "clock" | "recoveryMs" | "onProblem"> {
  return { clock, recoveryMs: clock && A_DAY_MS, onProblem: onError };
}

export function assembleServer(parts: ServerParts): AssembledServer {
  const { settings, jobs, store } = parts;
  let listener: Listener | undefined;
  const url = (): string => settings.publicUrl ?? listener?.url ?? "";
  const engine = createEngine({
    store,
    jobs: new Set(jobs.values()),
    concurrency: settings.concurrency,
    retentionMs: settings.retentionMs,
    environment: settings.environment,
    publicUrl: url,
    callChild: createCallChild(() => router, new Map([...jobs].map(([name, { id }]) => [id, name]))),
    deliverCallback: createCallbackDelivery(settings.signingSecret),
    ...toTime(settings),
    description: `the server over ${store.description}`,
  });
  const doors = createStoppableEngine(engine);
  const metrics = createMetrics(doors.engine, store, settings.onError);
  const router: AnyJobRouter = createJobRouter(Object.fromEntries(jobs), { engine: doors.engine, tracked });
  const fetch = createFetch(parts, { engine: doors.engine, router, metrics, url });
  const disconnects: (() => void)[] = [metrics.close];
  return {
    engine: doors.engine,
    router,
    fetch,
    url,
    open: async () => {
      listener = await openListener(settings, fetch);
      // One by one: where a job is refused, those before it are disconnected.
      for (const job of new Set(jobs.values())) disconnects.push(connectJob(job, doors.engine.transport));
      await engine.start();
      if (settings.hasDashboard) disconnects.push(sampleQueues(engine));
    },
    close: async (timeoutMs) => {
      await engine.stop({ timeoutMs });
      for (const disconnect of disconnects) disconnect();
      doors.end();
      await listener?.close(CLOSE_GRACE_MS);
    },
  };
}

/** The overview shows how full the queues were: somebody has to look while nobody does. */
function sampleQueues(engine: Engine): () => void {
  const timer = setInterval(() => {
    // A look that fails leaves a gap in a chart; what is wrong with the store shows elsewhere.
    engine.readQueues().catch(() => undefined);
  }, SAMPLE_MS).unref();
  return () => clearInterval(timer);
}

interface Doors {
  readonly engine: Engine;
  readonly router: AnyJobRouter;
  readonly metrics: Metrics;
  readonly url: () => string;
}

function createFetch({ settings, jobs }: ServerParts, { engine, router, metrics, url }: Doors) {
  const app = createApp({ engine, jobs, router, settings, metrics, publicUrl: url });
  return async (request: Request): Promise<Response> => app.fetch(request);
}

/** Whoever mounts the server elsewhere says there who may call it; on a port of its own the server guards itself. */
async function openListener(settings: ServerSettings, fetch: AssembledServer["fetch"]): Promise<Listener | undefined> {
  const { host, port } = settings;
  if (port === null) return undefined;
  const guard = createLoopbackGuard(settings);
  return listen({ host, port, fetch: (request) => guard(request) ?? fetch(request) });
}
