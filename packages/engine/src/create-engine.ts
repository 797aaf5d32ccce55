import type { AnyJob } from "@beckon/core";
import type { EnvironmentType } from "@beckon/core/runtime";
import { createActivity } from "./activity/create-activity.ts";
import { checkUniqueIds } from "./birth-options.ts";
import { checkLimits } from "./check-limits.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Deliveries, type DeliverCallback } from "./deliveries.ts";
import { registerEngine } from "./engine-of-transport.ts";
import type { Engine, EngineInvokeRequest } from "./engine.ts";
import { createHandCalls } from "./hand-calls.ts";
import { invoke } from "./invoke.ts";
import { installAmbience, withoutAmbience } from "./io/ambient.ts";
import { keepStrayRejectionsInRuns } from "./io/stray-rejections.ts";
import { createLifecycle } from "./lifecycle.ts";
import type { EngineParts, ReplaceTask } from "./parts.ts";
import { type Randomness, systemRandomness } from "./randomness.ts";
import { createReads } from "./reads.ts";
import { RefusedWrites } from "./refused-writes.ts";
import { createRunIds } from "./run-id.ts";
import { RunWatch } from "./run-watch.ts";
import { StoreNews } from "./store-news.ts";
import type { Store } from "./store/store.ts";
import { Timekeeper } from "./timekeeper.ts";
import { createEngineTransport } from "./transport.ts";
import { Worker } from "./worker.ts";

export interface EngineOptions {
  readonly store: Store;
  readonly jobs: Iterable<AnyJob>;
  /** Runs executing at once; 0: none, only what is asked of it. Default 100. */
  readonly concurrency?: number | undefined;
  /** How long finished runs are kept, in milliseconds; null: for ever. Default 30 days. */
  readonly retentionMs?: number | null | undefined;
  /** How often the runs of dead processes are looked for, in milliseconds. Default 5 seconds. */
  readonly recoveryMs?: number | undefined;
  /** Is told why what is due cannot be done for now, such as taking over runs, which is tried again every second; and which hook or callback failed. */
  readonly onProblem?: ((problem: Error) => void) | undefined;
  readonly environment?: { readonly slug: string; readonly type: EnvironmentType } | undefined;
  /** Where the server is reached from outside: `io.waitForRequest` hands out URLs below it. */
  readonly publicUrl?: (() => string) | undefined;
  /** Takes a job's call inside a run on its way, as through the router. Default: straight to the birth. */
  readonly callChild?: ((request: EngineInvokeRequest) => Promise<readonly string[]>) | undefined;
  /** Takes a result to its callback URL. Default: it is refused, and tried again later. */
  readonly deliverCallback?: DeliverCallback | undefined;
  /** For tests of jobs: `testJob` chooses results of tasks with it. */
  readonly replaceTask?: ReplaceTask | undefined;
  readonly clock?: Clock | undefined;
  readonly randomness?: Randomness | undefined;
  /** Names the engine in messages. */
  readonly description?: string | undefined;
}

const DEFAULT_CONCURRENCY = 100;
const DEFAULT_RETENTION_MS = 30 * 86_400_000;
const DEFAULT_RECOVERY_MS = 5_000;

/** Puts the rooms of the engine together over a store. Nothing is executed before `start`. @throws DefinitionError */
export function createEngine(options: EngineOptions): Engine {
  const { store, concurrency = DEFAULT_CONCURRENCY, clock = systemClock, randomness = systemRandomness } = options;
  const jobs = checkUniqueIds(options.jobs);
  checkLimits(jobs.values());
  const transport = createEngineTransport(options.description ?? `the engine over ${store.description}`, () => engine);
  const parts: EngineParts = {
    store,
    clock,
    randomness,
    jobs,
    transport,
    workerId: randomness.uuid().slice(-12),
    environment: options.environment ?? { slug: "development", type: "DEVELOPMENT" },
    requestUrl: (token) => `${options.publicUrl?.() ?? "http://localhost:3000"}/api/v1/requests/${token}`,
    callChild: options.callChild ?? ((request) => engine.invoke(request)),
    replaceTask: options.replaceTask,
    mintRunId: createRunIds(randomness),
    bear: (runs, create) => worker.bear(runs, create),
    onDueAt: (at) => withoutAmbience(() => timekeeper.expect(at)),
    onRefused: (error, length) => withoutAmbience(() => refused.note(error, length)),
  };
  const news = new StoreNews(store);
  const watch = new RunWatch(store, clock, news);
  const worker = new Worker(parts, concurrency, watch.underWay);
  const timekeeper = new Timekeeper(parts, toTimekeeping(options));
  const refused = new RefusedWrites(parts);
  const deliveries = new Deliveries(parts, options);
  const engine: Engine = {
    jobs,
    transport,
    invoke: (request) => invoke(request, parts),
    result: (request) => watch.result({ timeoutMs: 0, ...request }),
    events: ({ runId, after = 0, signal }) => watch.events({ runId, after, signal }),
    ...createHandCalls(parts),
    ...createReads(parts, (runId) => worker.findProblem(runId)),
    ...createActivity(parts),
    ...createLifecycle({ parts, worker, timekeeper, deliveries, refused, watch, news, isExecuting: concurrency > 0 }),
  };
  return prepare(engine);
}

function toTimekeeping({
  retentionMs = DEFAULT_RETENTION_MS,
  recoveryMs = DEFAULT_RECOVERY_MS,
  onProblem,
}: EngineOptions): ConstructorParameters<typeof Timekeeper>[1] {
  return { retentionMs, recoveryMs, onProblem };
}

/** Makes the engine known, and its process ready for it: for that once is enough, and again it changes nothing. */
function prepare(engine: Engine): Engine {
  registerEngine(engine);
  installAmbience();
  keepStrayRejectionsInRuns();
  return engine;
}
