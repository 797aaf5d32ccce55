import {
  type CreateRunsOutcome,
  StoreClosedError,
  type StepOutcome,
  type Store,
  type StoreChange,
} from "@beckon/engine";
import type Database from "better-sqlite3";
import { backupDatabase } from "./backup.ts";
import { toStoreError } from "./database-errors.ts";
import { GroupCommit, type WriteVerb } from "./group-commit.ts";
import { applyLimits, handOverLimits } from "./job-limits.ts";
import type { Liveness } from "./liveness.ts";
import { NewbornListing } from "./newborns.ts";
import type { OpenFile } from "./open-file.ts";
import { createParts, type Parts } from "./parts.ts";
import { pruneInTurns } from "./prune.ts";
import { recoverDeadWorkers } from "./recover-runs.ts";
import { Forgetting } from "./requests.ts";
import { Session } from "./session.ts";
import { untilFree } from "./until-free.ts";
import { ChangeWatch } from "./watch-changes.ts";

type Request<Verb extends keyof Store> = Store[Verb] extends (request: infer Argument) => unknown ? Argument : never;

/*
 * The port, verb by verb. Writes go through the group commit. Reads are answered at once, from what is committed:
 * no transaction is open between two turns of the event loop.
 */
export class SqliteStore implements Store {
  readonly description: string;
  /** What this package's own tests look into. */
  readonly session: Session;
  readonly #liveness: Liveness;
  readonly #db: Database.Database;
  readonly #file: OpenFile | null; // null: it is in memory
  readonly #parts: Parts;
  readonly #verbs: ReturnType<typeof createVerbs>;
  readonly #commit: GroupCommit;
  readonly #watch: ChangeWatch;
  readonly #listing: NewbornListing;
  readonly #forgetting: Forgetting;

  constructor(
    db: Database.Database,
    { file, liveness }: { readonly file: OpenFile | null; readonly liveness: Liveness },
  ) {
    this.description = db.memory ? "the database in memory" : `the database ${db.name}`;
    this.#liveness = liveness;
    this.#db = db;
    this.#file = file;
    this.session = new Session(db);
    this.#parts = createParts(this.session);
    this.#verbs = createVerbs(this.#parts);
    this.#watch = new ChangeWatch(db);
    const { changes } = this.session;
    this.#commit = new GroupCommit({
      db,
      description: this.description,
      file,
      beforeCommit: () => this.#parts.limits.fillFreed(),
      onCommit: () => this.#tell(changes.take()),
      onRollback: () => this.session.noteRollback(),
    });
    this.#listing = new NewbornListing(this.#parts.newborns, (run) => this.#write(run));
    this.#forgetting = new Forgetting(this.#parts.requests, (run) => this.#write(run));
  }

  subscribe(listener: (change: StoreChange) => void): () => void {
    return this.#watch.subscribe(listener);
  }

  async close(): Promise<void> {
    if (!this.#db.open) return;
    this.#listing.stop();
    this.#forgetting.stop();
    await this.#commit.drain();
    this.#watch.stop();
    this.#liveness.abandonAll();
    this.#db.close();
  }

  /** For tests: as if the process of this worker had been killed, and with it nothing but the worker. */
  abandonWorker(workerId: string): void {
    this.#parts.claims.removeWorker(workerId);
    this.#liveness.abandon(workerId);
  }

  /** For tests: as if the process with all its workers had been killed. */
  abandonWorkers(): void {
    this.#parts.claims.removeWorkers();
    this.#liveness.abandonAll();
  }

  createRuns(request: Request<"createRuns">) {
    return this.#commit.do(this.#verbs.createRuns, request);
  }

  async openWorker(worker: Request<"openWorker">) {
    const { workerId } = worker;
    // The lock comes before the row: a row whose lock is free belongs to a dead process.
    this.#liveness.hold(workerId);
    try {
      await this.#write(() => this.#parts.workers.open(worker));
      await applyLimits(worker.jobs, this.#parts.jobLimits, (run) => this.#write(run));
    } catch (error) {
      this.#liveness.release(workerId);
      throw error;
    }
    this.#parts.claims.addWorker(
      workerId,
      worker.jobs.map(({ id }) => id),
    );
  }

  async closeWorker({ workerId, now }: Request<"closeWorker">) {
    this.#parts.claims.removeWorker(workerId);
    let isOver = false;
    while (!isOver) ({ isOver } = await this.#write(() => this.#parts.workers.close(workerId, now)));
    const isDone = await handOverLimits(workerId, this.#parts.jobLimits, (run) => this.#write(run));
    // What is not, whoever looks for dead workers does, of which this is one then.
    if (isDone) await this.#write(() => this.#parts.workers.forget(workerId));
    this.#liveness.release(workerId);
  }

  recoverRuns(request: Request<"recoverRuns">) {
    const { workers, jobLimits } = this.#parts;
    const write = <Value>(run: () => Value): Promise<Value> => this.#write(run);
    return recoverDeadWorkers({ workers, jobLimits, liveness: this.#liveness, write }, request);
  }

  claimRuns(request: Request<"claimRuns">) {
    return this.#commit.write(() => this.#parts.claims.claimRuns(request));
  }

  recordSteps(request: Request<"recordSteps">) {
    return this.#commit.do(this.#verbs.recordSteps, request);
  }

  settleRuns(request: Request<"settleRuns">) {
    return this.#commit.do(this.#verbs.settleRuns, request);
  }

  releaseRuns({ claims }: Request<"releaseRuns">) {
    return this.#write(() => {
      for (const claim of claims) this.#parts.lingering.release(claim);
    });
  }

  findLostClaims(claims: Request<"findLostClaims">) {
    return this.#read(() => this.#parts.claims.findLost(claims));
  }

  advanceTime(request: Request<"advanceTime">) {
    return this.#write(() => {
      const isSweeping = this.#parts.pauses.sweepAny();
      const { nextAt } = this.#parts.dueWork.advance(request);
      return { nextAt: isSweeping ? request.now : nextAt };
    });
  }

  cancelRun(request: Request<"cancelRun">) {
    return this.#write(() => this.#parts.cancellations.cancel(request));
  }

  retryRun(request: Request<"retryRun">) {
    return this.#write(() => this.#parts.retries.retry(request));
  }

  async setJobPaused({ jobId, isPaused }: Request<"setJobPaused">) {
    const { pauses } = this.#parts;
    await this.#write(() => pauses.set(jobId, isPaused));
    while (await this.#write(() => pauses.sweep(jobId)));
  }

  sendSignal({ signal, now }: Request<"sendSignal">) {
    return this.#write(() => this.#parts.waits.deliverSignal(signal, now));
  }

  awaitsRequest(token: string) {
    // In turn with the writes, since the wait may be among those that have not been committed; of none of them anything changes.
    return this.#commit.write(() => this.#parts.waits.awaitsRequest(token));
  }

  completeRequest({ token, ...answer }: Request<"completeRequest">) {
    return this.#write(() => (this.#parts.waits.deliverRequest(token, answer) ? "delivered" : "not-found"));
  }

  readRun(runId: string) {
    // Nearly always one statement, which needs no transaction around it.
    return this.#attempt(() => this.#parts.runReads.read(runId));
  }

  readRuns(runIds: readonly string[]) {
    return this.#read(() => runIds.map((runId) => this.#parts.runReads.read(runId)));
  }

  listRuns(query: Request<"listRuns">) {
    return this.#read(() => this.#parts.runLists.list(query));
  }

  readTasks(runId: string, taskIds?: readonly string[]) {
    return this.#read(() => this.#parts.tasks.ofRun(runId, taskIds));
  }

  readStatuses(runId: string) {
    return this.#read(() => this.#parts.statuses.ofRun(runId));
  }

  readEvents(request: Request<"readEvents">) {
    return this.#read(() => this.#parts.events.read(request));
  }

  readQueueFacts(runId: string) {
    return this.#read(() => this.#parts.queueReads.read(runId));
  }

  listJobFacts() {
    return this.#read(() => this.#parts.jobReads.list());
  }

  countEnded(request: Request<"countEnded">) {
    return this.#read(() => this.#parts.activityReads.countEnded(request));
  }

  listLimits(request: Request<"listLimits">) {
    return this.#read(() => this.#parts.activityReads.listLimits(request));
  }

  readAwaitedRuns(runId: string) {
    return this.#read(() => this.#parts.runReads.listAwaited(runId));
  }

  readValue(scope: string, key: string) {
    return this.#read(() => this.#parts.values.read(scope, key));
  }

  writeValue(request: Request<"writeValue">) {
    return this.#write(() => this.#parts.values.write(request));
  }

  claimDeliveries(request: Request<"claimDeliveries">) {
    return this.#write(() => this.#parts.deliveries.claim(request));
  }

  finishDelivery(request: Request<"finishDelivery">) {
    return this.#write(() => this.#parts.deliveries.finish(request));
  }

  prune(request: Request<"prune">) {
    this.#forgetting.begin(request.now);
    return pruneInTurns({ pruning: this.#parts.pruning, write: (run) => this.#write(run) }, request);
  }

  backup(path: string) {
    return backupDatabase({ db: this.#db, file: this.#file }, path);
  }

  #write<Value>(run: () => Value): Promise<Value> {
    return this.#commit.write(() => {
      this.session.endCalm();
      return run();
    });
  }

  #read<Value>(read: () => Value): Promise<Value> {
    return this.#attempt(() => this.session.snapshot(read));
  }

  async #attempt<Value>(read: () => Value): Promise<Value> {
    try {
      return await untilFree(read);
    } catch (error) {
      if (!this.#db.open)
        throw new StoreClosedError(`Nothing was read from ${this.description}: it is closed.`, { cause: error });
      throw toStoreError(error, `Reading ${this.description} failed`);
    }
  }

  #tell(change: StoreChange | null): void {
    if (change !== null) this.#watch.tell(change);
  }
}

/** What is asked for most: plain requests that follow each other are done together. */
function createVerbs({ births, records, settlements }: Parts) {
  const createRuns: WriteVerb<Request<"createRuns">, CreateRunsOutcome> = {
    isPlain: (request) => births.isPlain(request),
    doAll: (requests) => births.createAll(requests),
  };
  const recordSteps: WriteVerb<Request<"recordSteps">, readonly StepOutcome[]> = {
    isPlain: (request) => records.isPlain(request),
    doAll: (requests) => records.recordAll(requests),
  };
  const settleRuns: WriteVerb<Request<"settleRuns">, readonly ("settled" | "lost")[]> = {
    isPlain: (request) => settlements.isPlain(request),
    doAll: (requests) => settlements.settleAll(requests),
  };
  return { createRuns, recordSteps, settleRuns };
}
