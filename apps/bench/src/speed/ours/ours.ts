import { join } from "node:path";
import { createJobsClient, type JobsClient } from "@beckon/client";
import type { Store } from "@beckon/engine";
import { createServer, type Server } from "@beckon/server";
import { openSqliteStore } from "@beckon/sqlite";
import { BULK, type Driver, type DriverContext, type JobKind, type WorkerRequest } from "../driver.ts";
import { type BenchJobs, createJobs } from "./jobs.ts";

/*
 * Beckon as its users have it: createServer with its defaults (schema, events, dashboard, the port open), called
 * through the handles of the jobs. Until a worker is asked for, it serves with `concurrency: 0`.
 */
export async function open({ folder, variant, history }: DriverContext): Promise<Driver> {
  const durability = variant.startsWith("normal") ? "normal" : "full";
  const store = await openSqliteStore({ path: history ?? join(folder, "beckon.db"), durability });
  const ours = new Ours(store, variant.endsWith("limited"));
  await ours.serve(0);
  return {
    enqueue: (n) => ours.jobOf("noop").invoke({ n }),
    enqueueMany: (kind, count) => ours.enqueueMany(kind, count),
    startWorker: (request) => ours.startWorker(request),
    countFinished: (kind) => ours.countFinished(kind),
    roundTrip: async (kind, n) => {
      const run = await ours.jobOf(kind).invoke({ n });
      await run.output();
    },
    httpRoundTrip: async (n) => {
      const run = await ours.client().noop.invoke({ n });
      await run.output();
    },
    serve: async (door) => {
      const port = Number(new URL(ours.url).port);
      if (door === "rest") return { port, path: "/api/v1/jobs/noop/invoke", body: '{"payload":{"n":1}}' };
      return { port, path: "/trpc/jobs.noop.invoke", body: '{"json":{"payload":{"n":1}}}' };
    },
    close: async () => {
      await ours.stop();
      await store.close();
    },
  };
}

class Ours {
  readonly #store: Store;
  readonly #isLimited: boolean;
  readonly #jobs: BenchJobs;
  #onBegin: (() => void) | undefined;
  #server: Server<BenchJobs> | undefined;
  #client: JobsClient<BenchJobs> | undefined;
  #enqueued = 0;

  constructor(store: Store, isLimited: boolean) {
    this.#store = store;
    this.#isLimited = isLimited;
    this.#jobs = createJobs(() => this.#onBegin?.());
  }

  async serve(concurrency: number): Promise<void> {
    await this.stop();
    this.#server = await createServer({ jobs: this.#jobs, database: this.#store, port: 0, concurrency });
  }

  async stop(): Promise<void> {
    this.#client = undefined;
    await this.#server?.stop();
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  /** One for as long as the server lives. */
  client() {
    this.#client ??= createJobsClient<BenchJobs>({ url: this.url });
    return this.#client;
  }

  jobOf(kind: JobKind) {
    const jobs = this.#server?.jobs ?? this.#jobs;
    return kind === "noop" && this.#isLimited ? jobs.limited : jobs[kind];
  }

  async enqueueMany(kind: JobKind, count: number): Promise<void> {
    this.#enqueued += count;
    for (let made = 0; made < count; made += BULK) {
      const length = Math.min(BULK, count - made);
      await this.jobOf(kind).batchInvoke(Array.from({ length }, (_, index) => ({ payload: { n: made + index } })));
    }
  }

  async startWorker({ concurrency, onBegin }: WorkerRequest): Promise<() => Promise<void>> {
    this.#onBegin = onBegin;
    await this.serve(concurrency);
    return () => this.serve(0);
  }

  /** None of the jobs fails: what is no longer live has succeeded. */
  async countFinished(kind: JobKind): Promise<number> {
    const { id } = this.jobOf(kind);
    const facts = (await this.#store.listJobFacts()).find((fact) => fact.id === id);
    if (facts === undefined) return 0;
    return this.#enqueued - Object.values(facts.live).reduce((sum, live) => sum + live, 0);
  }
}
