import type { CreateRunsOutcome, CreateRunsRequest } from "../store/births.ts";
import type { Claim, ClaimedRun, NewRun, RunDetail, Settlement, StepWrites, TaskRecord } from "../store/records.ts";
import type { Store, StepOutcome, WorkerJob } from "../store/store.ts";
import type { OpenedStore } from "./store-harness.ts";

/** A jobs' worth of work for the workers of a scene. */
const JOBS: readonly WorkerJob[] = ["mail", "report"].map((id) => ({
  id,
  name: id,
  version: "1.0.0",
  isEnabled: true,
  limit: null,
}));

type Ending = Partial<Pick<Extract<Settlement, { kind: "end" }>, "output" | "error" | "isStillRunning">>;

type ClaimFields = Partial<Pick<Parameters<Store["claimRuns"]>[0], "limit" | "mostCrashes" | "suspect" | "workerId">>;

/** How the suite plays on a store: a time that only it moves, runs with readable defaults, `worker-1` at work. */
export class Scene {
  /** The instance at hand; `reopen` replaces it. */
  store: Store;
  now = Date.UTC(2026, 0, 1);
  readonly #opened: OpenedStore;
  #born = 0;

  private constructor(opened: OpenedStore) {
    this.#opened = opened;
    this.store = opened.store;
  }

  static async open(opened: OpenedStore): Promise<Scene> {
    const scene = new Scene(opened);
    await scene.openWorker("worker-1");
    return scene;
  }

  openPeer(): Promise<Store> {
    return this.#opened.openPeer();
  }

  /** Everything that had the data open dies; a new process opens it, with `worker-2`. */
  async reopen(): Promise<void> {
    this.store = await this.#opened.reopen();
    await this.openWorker("worker-2");
  }

  async openWorker(workerId: string, jobs: readonly WorkerJob[] = JOBS): Promise<void> {
    await this.store.openWorker({ workerId, jobs, now: this.now });
  }

  async killWorker(workerId = "worker-1"): Promise<void> {
    await this.#opened.abandonWorker(this.store, workerId);
  }

  recover(poisonAfter = 5): ReturnType<Store["recoverRuns"]> {
    return this.store.recoverRuns({ now: this.now, poisonAfter, poisonError: '{"json":"POISONED"}' });
  }

  /** Moves the time; nothing becomes due until `advance`. */
  pass(ms: number): number {
    this.now += ms;
    return this.now;
  }

  /** Moves the time and does what has become due. */
  advance(ms: number): ReturnType<Store["advanceTime"]> {
    return this.store.advanceTime({ now: this.pass(ms), limit: 1_000 });
  }

  /** A run to be made: of `mail`, later than those before it. */
  newRun(fields: Partial<NewRun> = {}): NewRun {
    this.#born += 1;
    return {
      id: `run_${String(this.#born).padStart(8, "0")}`,
      jobId: "mail",
      jobVersion: "1.0.0",
      input: '{"json":{"to":"you"}}',
      context: null,
      accountId: null,
      callbackUrl: null,
      hasHooks: false,
      tags: [],
      priority: 0,
      isTest: false,
      replayOf: null,
      isDetached: false,
      parentJobId: null,
      concurrencyKey: null,
      limit: null,
      idempotency: null,
      createdAt: this.now,
      startAt: null,
      ttlMs: null,
      maxDurationMs: null,
      ...fields,
    };
  }

  create(
    runs: readonly NewRun[],
    {
      requestId = null,
      parent = null,
      claim = null,
    }: Partial<Pick<CreateRunsRequest, "requestId" | "parent" | "claim">> = {},
  ): Promise<CreateRunsOutcome> {
    return this.store.createRuns({ runs, requestId, parent, claim, now: this.now });
  }

  /** Makes one run that is certain to be made; resolves with its id. */
  async invoke(fields: Partial<NewRun> = {}, parent?: { claim: Claim; steps: TaskRecord[] }): Promise<string> {
    const outcome = await this.create([this.newRun(fields)], { parent: parent ?? null });
    if (outcome.kind !== "created") throw new Error(`The run was not made: ${outcome.kind}.`);
    return outcome.runs[0]?.id ?? "";
  }

  async invokeMany(count: number, fields: Partial<NewRun> = {}): Promise<readonly string[]> {
    const runs = Array.from({ length: count }, () => this.newRun(fields));
    const outcome = await this.create(runs);
    if (outcome.kind !== "created") throw new Error(`The runs were not made: ${outcome.kind}.`);
    return runs.map((run) => run.id);
  }

  claim({ workerId = "worker-1", limit = 100, suspect = true, mostCrashes }: ClaimFields = {}): Promise<
    readonly ClaimedRun[]
  > {
    return this.store.claimRuns({ workerId, limit, suspect, mostCrashes, now: this.now });
  }

  async claimIds(request: ClaimFields = {}): Promise<readonly string[]> {
    return (await this.claim(request)).map(({ run }) => run.id);
  }

  /** Claims all that is ready, which must be this run alone. */
  async claimOnly(runId: string, workerId = "worker-1"): Promise<ClaimedRun> {
    const [claimed, ...others] = await this.claim({ workerId });
    if (claimed?.run.id === runId && others.length === 0) return claimed;
    throw new Error(`Ready was ${claimed?.run.id ?? "nothing"} and ${others.length} more, instead of ${runId} alone.`);
  }

  /** Makes a run and claims it, where no other is ready. */
  async start(fields: Partial<NewRun> = {}): Promise<ClaimedRun> {
    return this.claimOnly(await this.invoke(fields));
  }

  async record({ claim }: { readonly claim: Claim }, writes: Partial<StepWrites>): Promise<StepOutcome> {
    const nothing = { payload: null, tasks: [], events: [], statuses: [], signals: [] };
    const [outcome] = await this.store.recordSteps({ writes: [{ ...nothing, ...writes, claim }], now: this.now });
    return outcome as StepOutcome;
  }

  async settle(settlement: Settlement): Promise<"settled" | "lost"> {
    const [outcome] = await this.store.settleRuns({ settlements: [settlement], now: this.now });
    return outcome as "settled" | "lost";
  }

  end(
    { claim }: { readonly claim: Claim },
    status: "SUCCESS" | "FAILURE" | "TIMED_OUT",
    ending: Ending = {},
  ): Promise<"settled" | "lost"> {
    return this.settle(toEnd(claim, status, ending));
  }

  succeed(claimed: { readonly claim: Claim }, output = '{"json":"done"}'): Promise<"settled" | "lost"> {
    return this.end(claimed, "SUCCESS", { output });
  }

  fail(claimed: { readonly claim: Claim }, error = '{"json":"broken"}'): Promise<"settled" | "lost"> {
    return this.end(claimed, "FAILURE", { error });
  }

  /** Records the steps and parks the run on all of them. */
  async park({ claim }: { readonly claim: Claim }, tasks: readonly TaskRecord[]): Promise<"settled" | "lost"> {
    await this.record({ claim }, { tasks });
    return this.settle({ claim, ...NOTHING, kind: "park", taskIds: tasks.map(({ id }) => id) });
  }

  backOff({ claim }: { readonly claim: Claim }, wakeAt: number): Promise<"settled" | "lost"> {
    return this.settle({ claim, ...NOTHING, kind: "back-off", wakeAt, error: '{"json":"again"}' });
  }

  giveBack({ claim }: { readonly claim: Claim }, executedMs = 0): Promise<"settled" | "lost"> {
    return this.settle({ claim, ...NOTHING, kind: "give-back", executedMs });
  }

  cancel(runId: string): ReturnType<Store["cancelRun"]> {
    return this.store.cancelRun({ runId, now: this.now });
  }

  retry(runId: string): ReturnType<Store["retryRun"]> {
    return this.store.retryRun({ runId, now: this.now });
  }

  async read(runId: string): Promise<RunDetail> {
    const run = await this.store.readRun(runId);
    if (run === null) throw new Error(`There is no run ${runId}.`);
    return run;
  }

  async statusOf(runId: string): Promise<RunDetail["status"]> {
    return (await this.read(runId)).status;
  }

  async taskOf(runId: string, taskId: string): Promise<TaskRecord | undefined> {
    return (await this.store.readTasks(runId)).find((record) => record.id === taskId);
  }

  /** The statuses that the run went through, as its events tell. */
  async lifeOf(runId: string): Promise<readonly string[]> {
    const events = await this.store.readEvents({ runId, after: 0, limit: 10_000, type: "status" });
    return events.map((event) => (event.type === "status" ? event.status : ""));
  }
}

export const NOTHING = { executedMs: 0, events: [], statuses: [] } as const;

export function toEnd(claim: Claim, status: "SUCCESS" | "FAILURE" | "TIMED_OUT", ending: Ending = {}): Settlement {
  return { claim, ...NOTHING, kind: "end", status, output: null, error: null, isStillRunning: false, ...ending };
}
