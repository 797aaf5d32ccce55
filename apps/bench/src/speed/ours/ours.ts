import { join } from "node:path";
import { createJobsClient, type JobsClient } from "@beckon/client";
import type { Store } from "@beckon/engine";
import { createServer, type Server } from "@beckon/server";
import { openSqliteStore } from "@beckon/sqlite";
import { BULK, type Driver, type DriverContext, type JobKind, type WorkerRequest } from "../driver.ts";
import { type BenchJobs, createJobs } from "./jobs.ts";

/*
 * Beckon as its users have it: createServer (schema, events, dashboard, the port open), called through the handles of the
 * jobs. Until a worker is asked for, it serves with `concurrency: 0`; at its defaults it is told nothing but where to write.
 */
export async function open({ folder, variant, history, tuning }: DriverContext): Promise<Driver> {
  const durability = variant.startsWith("normal") ? "normal" : "full";
  const path = history ?? join(folder, "beckon.db");
  const store = await openSqliteStore({ path, durability });
  const isLimited = variant.endsWith("limited");
  const ours = new Ours(store, { isLimited, defaultPath: tuning === "defaults" ? join(folder, "defaults.db") : null });
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
    httpRoundTrip: variant.endsWith("by-id") ? (n) => ours.httpRoundTripById(n) : (n) => ours.httpRoundTrip(n),
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
  readonly #defaultPath: string | null;
  readonly #jobs: BenchJobs;
  #onBegin: (() => void) | undefined;
  #server: Server<BenchJobs> | undefined;
  #client: JobsClient<BenchJobs> | undefined;
  #enqueued = 0;

  constructor(store: Store, form: { readonly isLimited: boolean; readonly defaultPath: string | null }) {
    this.#store = store;
    this.#isLimited = form.isLimited;
    this.#defaultPath = form.defaultPath;
    this.#jobs = createJobs(() => this.#onBegin?.());
  }

  async serve(concurrency: number): Promise<void> {
    await this.stop();
    const tuned = { database: this.#store, concurrency };
    const options = this.#defaultPath === null ? tuned : { database: this.#defaultPath };
    this.#server = await createServer({ jobs: this.#jobs, port: 0, ...options });
  }

  async stop(): Promise<void> {
    this.#client = undefined;
    await this.#server?.stop();
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  async httpRoundTrip(n: number): Promise<void> {
    const result = await this.#noop().invokeAndWait({ n });
    if (!result.ok) throw new Error(result.error.message);
  }

  /** The result is asked for by the id of the run: another request. */
  async httpRoundTripById(n: number): Promise<void> {
    const run = await this.#noop().invoke({ n });
    await run.output();
  }

  /** Of a client that lives as long as the server. */
  #noop() {
    this.#client ??= createJobsClient<BenchJobs>({ url: this.url });
    return this.#client.noop;
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
