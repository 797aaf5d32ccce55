import { isTerminal, type RunStatus, type TerminalStatus } from "@beckon/core/runtime";
import type { Claim } from "../../store/records.ts";
import { isSuspect } from "../../store/suspects.ts";

/*
 * What a store must show after any history, told as shortly as it can be: per run its status, attempt,
 * children, waits, and what decides about its place. It knows nothing of transactions, texts or events.
 */

export interface ModelRun {
  readonly id: string;
  readonly jobId: string;
  readonly priority: number;
  limitId: LimitId | null;
  readonly key: string | null;
  readonly digest: string;
  readonly ttlMs: number | null;
  readonly parentId: string | null;
  readonly isDetached: boolean;
  status: RunStatus;
  attempt: number;
  crashes: number;
  hasStarted: boolean;
  /** While DELAYED. */
  dueAt: number | null;
  queuedAt: number | null;
  /** While EXECUTING. */
  claim: Claim | null;
  workerId: string | null;
  /** Steps that every later execution finds, and those that the next attempt does not. */
  readonly done: Set<string>;
  readonly failed: Set<string>;
  /** The run that each `child` step made or adopted. */
  readonly children: Map<string, string>;
  wait: ModelWait | null;
}

export interface ModelWait {
  readonly taskId: string;
  readonly until: number | null;
  readonly runIds: readonly string[] | null;
  isOver: boolean;
}

export const JOB_IDS = ["mail", "report"] as const;
export const LIMITS = { "job:mail": 1, "shared:db": 2 } as const;
export type LimitId = keyof typeof LIMITS;

export class Model {
  now = Date.UTC(2026, 0, 1);
  readonly runs = new Map<string, ModelRun>();
  /** Who owns an idempotency key. */
  readonly keys = new Map<string, ModelRun>();
  /** Functions that run on though their run has ended. */
  lingering: { readonly claim: Claim; readonly limitId: LimitId; readonly workerId: string }[] = [];
  readonly pausedJobs = new Set<string>();
  /** As the worker that came last has it; a job that is not here has no limit. */
  readonly jobLimits = new Map<string, LimitId>();
  readonly liveWorkers = new Set<string>();
  /** The limits of the jobs as each worker defines them, until it is recovered. */
  readonly limitsOfWorkers = new Map<string, ReadonlyMap<string, LimitId>>();
  /** Every claim that must not be good any more. */
  readonly lostClaims: Claim[] = [];

  all(...statuses: readonly RunStatus[]): ModelRun[] {
    const runs = [...this.runs.values()];
    return statuses.length === 0 ? runs : runs.filter((run) => statuses.includes(run.status));
  }

  isOver(runId: string): boolean {
    const run = this.runs.get(runId);
    return run !== undefined && isTerminal(run.status);
  }

  /** QUEUED runs in the order of their turns, with what holds each back. */
  line(): readonly { readonly run: ModelRun; readonly hold: "limit" | "paused" | "suspect" | null }[] {
    const left = new Map(Object.entries(LIMITS).map(([id, max]) => [id, max - this.#functionsUnder(id)]));
    return this.all("QUEUED")
      .toSorted(byTurn)
      .map((run) => {
        if (this.pausedJobs.has(run.jobId)) return { run, hold: "paused" };
        if (isSuspect({ crashCount: run.crashes })) return { run, hold: "suspect" };
        if (run.limitId === null) return { run, hold: null };
        const places = left.get(run.limitId) ?? 0;
        left.set(run.limitId, places - 1);
        return { run, hold: places > 0 ? null : "limit" };
      });
  }

  /** That which a worker gets that executes none. */
  nextSuspect(): ModelRun | undefined {
    const line = this.line();
    const ready = line.filter(({ hold }) => hold === null).map(({ run }) => run);
    const hasPlace = (run: ModelRun): boolean => {
      if (run.limitId === null) return true;
      const others = ready.filter(({ limitId }) => limitId === run.limitId);
      const taken = others.length + this.#functionsUnder(run.limitId);
      return taken < LIMITS[run.limitId] || others.some((other) => byTurn(run, other) < 0);
    };
    const suspects = line.filter(({ hold }) => hold === "suspect").map(({ run }) => run);
    return suspects
      .toSorted((left, right) => left.crashes - right.crashes || (left.id > right.id ? -1 : 1))
      .find(hasPlace);
  }

  #functionsUnder(limitId: string): number {
    const executing = this.all("EXECUTING").filter((run) => run.limitId === limitId).length;
    return executing + this.lingering.filter((place) => place.limitId === limitId).length;
  }

  /** A deploy gives a job another limit, or none: its unfinished runs count against that. */
  changeLimit(jobId: string, limitId: LimitId | null): void {
    if (limitId === null) this.jobLimits.delete(jobId);
    else this.jobLimits.set(jobId, limitId);
    this.#moveToLimit(jobId);
  }

  /** A worker comes, or comes once more. */
  open(workerId: string): void {
    this.liveWorkers.add(workerId);
    this.limitsOfWorkers.set(workerId, new Map(this.jobLimits));
  }

  /** The jobs that have other limits by now than a dead worker knew: what is unfinished of them comes under those. */
  forgetDeadWorkers(): void {
    for (const [workerId, limits] of this.limitsOfWorkers) {
      if (this.liveWorkers.has(workerId)) continue;
      for (const jobId of JOB_IDS) if (limits.get(jobId) !== this.jobLimits.get(jobId)) this.#moveToLimit(jobId);
      this.limitsOfWorkers.delete(workerId);
    }
  }

  #moveToLimit(jobId: string): void {
    for (const run of this.all("DELAYED", "QUEUED", "EXECUTING", "WAITING"))
      if (run.jobId === jobId) run.limitId = this.jobLimits.get(jobId) ?? null;
  }

  start(run: ModelRun, claim: Claim, workerId: string): void {
    run.status = "EXECUTING";
    run.hasStarted = true;
    run.claim = claim;
    run.workerId = workerId;
  }

  /** The execution is over, and its claim is lost. */
  stop(run: ModelRun): void {
    if (run.claim !== null) this.lostClaims.push(run.claim);
    run.claim = null;
    run.workerId = null;
  }

  end(run: ModelRun, status: TerminalStatus, { isStillRunning = false } = {}): void {
    if (isStillRunning && run.limitId !== null && run.claim !== null && run.workerId !== null) {
      this.lingering.push({ claim: run.claim, limitId: run.limitId, workerId: run.workerId });
    }
    this.stop(run);
    run.status = status;
    run.crashes = 0;
    run.dueAt = null;
    if (status !== "SUCCESS" && run.key !== null && this.keys.get(run.key) === run) this.keys.delete(run.key);
    this.finishWaits();
  }

  /** Waits for runs that have all ended, and for instants that have come, are over, and wake who is parked on them. */
  finishWaits(isTimeTold = false): void {
    for (const run of this.all("DELAYED", "QUEUED", "EXECUTING", "WAITING")) {
      const { wait } = run;
      if (wait === null || wait.isOver) continue;
      const areRunsOver = wait.runIds?.every((id) => this.isOver(id)) ?? false;
      const isDue = isTimeTold && wait.until !== null && wait.until <= this.now;
      wait.isOver = areRunsOver || isDue;
      if (wait.isOver && run.status === "WAITING") run.status = "QUEUED";
    }
  }

  /** Also a wait that was open when its run ended goes on so when that is opened again. */
  beginWait(run: ModelRun, wait: ModelWait): void {
    const isDue = wait.runIds === null && wait.until !== null && wait.until <= this.now;
    run.wait = { ...wait, isOver: wait.isOver || isDue };
    this.finishWaits();
  }

  /** What is due at the time it has become. */
  passTime(ms: number): void {
    this.now += ms;
    for (const run of this.all("DELAYED")) {
      if (run.dueAt !== null && run.dueAt <= this.now) this.lineUp(run, run.dueAt);
    }
    this.finishWaits(true);
    for (const run of this.all("QUEUED")) {
      const isLate = run.ttlMs !== null && run.queuedAt !== null && run.queuedAt + run.ttlMs <= this.now;
      if (isLate && !run.hasStarted) this.end(run, "EXPIRED");
    }
  }

  lineUp(run: ModelRun, queuedAt: number): void {
    run.status = "QUEUED";
    run.queuedAt = queuedAt;
    run.dueAt = null;
  }

  /** The run and all it made, without what was detached. */
  treeOf(run: ModelRun): ModelRun[] {
    const made = this.all().filter((other) => other.parentId === run.id && !other.isDetached);
    return [run, ...made.flatMap((other) => this.treeOf(other))];
  }

  /** The next attempt begins without what failed. */
  beginAttempt(run: ModelRun): void {
    run.attempt += 1;
    run.failed.clear();
    for (const [taskId, childId] of run.children) {
      const child = this.runs.get(childId);
      if (child !== undefined && isTerminal(child.status) && child.status !== "SUCCESS") run.children.delete(taskId);
    }
  }
}

function byTurn(left: ModelRun, right: ModelRun): number {
  const byArrival = (left.queuedAt ?? 0) - (right.queuedAt ?? 0);
  return right.priority - left.priority || byArrival || (left.id < right.id ? -1 : 1);
}
