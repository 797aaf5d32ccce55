import { decode, isTerminal } from "@beckon/core/runtime";
import type { RunEvent, RunResult, RunStatus, StatusRecord, TaskEvent } from "@beckon/core/runtime";
import type { Clock } from "./clock.ts";
import { decodeOptional, isOfJob, notFound, toRunResult } from "./read-result.ts";
import { RunsUnderWay } from "./runs-under-way.ts";
import type { StoreNews } from "./store-news.ts";
import type { RunDetail, StoredEvent } from "./store/records.ts";
import type { Store, StoreChange } from "./store/store.ts";

const EVENT_BATCH = 500;

export interface ResultWait {
  readonly runId: string;
  /** The job that it must be a run of; undefined: any. */
  readonly jobId?: string | undefined;
  /** undefined: no end. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lets callers wait for what happens to runs, woken by commits, without polling. */
export class RunWatch {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #news: StoreNews;
  /** Kept by the worker of the same engine. */
  readonly underWay = new RunsUnderWay((runId) => this.#notice(runId, null));
  readonly #watchers = new Map<string, Set<Watch>>();

  constructor(store: Store, clock: Clock, news: StoreNews) {
    this.#store = store;
    this.#clock = clock;
    this.#news = news;
  }

  onChange(change: StoreChange): void {
    if (this.#watchers.size > 0) this.#tell(change);
    this.underWay.onChange(change);
  }

  #tell({ runs }: StoreChange): void {
    if (runs === null) {
      for (const watches of this.#watchers.values()) for (const watch of watches) watch.notice(null);
      return;
    }
    for (const { runId, status } of runs) this.#notice(runId, status);
  }

  /** The result of a run, or null when it had none after the time, or when the signal aborted. @throws NotFoundError */
  async result({ runId, jobId, timeoutMs, signal }: ResultWait): Promise<RunResult<unknown, unknown> | null> {
    const watch = this.#open(runId, {
      isForEnd: true,
      until: timeoutMs === undefined || timeoutMs === Number.POSITIVE_INFINITY ? null : this.#clock.now() + timeoutMs,
      signal,
    });
    try {
      const underWay = this.underWay.find(runId);
      if (underWay !== undefined) {
        if (!isOfJob(underWay, jobId)) throw notFound(runId, jobId);
        // Of such a run there is nothing to be read before a commit tells of its end.
        if (!(await watch.next())) return null;
      }
      for (;;) {
        const run = watch.endedRun ?? (await this.#store.readRun(runId));
        if (run === null || !isOfJob(run, jobId)) throw notFound(runId, jobId);
        if (isTerminal(run.status)) return await toRunResult(run, this.#store);
        if (!(await watch.next())) return null;
      }
    } finally {
      this.#close(runId, watch);
    }
  }

  /** Every event after the given one, in order, until the run has ended. @throws NotFoundError */
  async *events(request: {
    readonly runId: string;
    readonly after: number;
    readonly signal?: AbortSignal | undefined;
  }): AsyncGenerator<RunEvent> {
    const { runId, signal } = request;
    const watch = this.#open(runId, { isForEnd: false, until: null, signal });
    let { after } = request;
    try {
      for (;;) {
        // Read before the events: an event that comes between the two reads is found by the second.
        const run = await this.#store.readRun(runId);
        if (run === null) throw notFound(runId);
        const events = await this.#store.readEvents({ runId, after, limit: EVENT_BATCH });
        for (const event of events) {
          yield toRunEvent(event);
          after = event.seq;
        }
        if (events.length > 0) continue;
        if (isTerminal(run.status) || !(await watch.next())) return;
      }
    } finally {
      this.#close(runId, watch);
    }
  }

  #notice(runId: string, status: RunStatus | null): void {
    const watches = this.#watchers.get(runId);
    if (watches === undefined) return;
    const endedRun = status === null ? null : this.underWay.endedRun(runId, status);
    for (const watch of watches) watch.notice(status, endedRun);
  }

  #open(runId: string, request: WatchRequest): Watch {
    this.#news.need();
    const watch = new Watch(request, this.#clock);
    const watchers = this.#watchers.get(runId) ?? new Set();
    this.#watchers.set(runId, watchers.add(watch));
    return watch;
  }

  #close(runId: string, watch: Watch): void {
    this.#news.release();
    watch.close();
    const watchers = this.#watchers.get(runId);
    watchers?.delete(watch);
    if (watchers?.size === 0) this.#watchers.delete(runId);
  }
}

interface WatchRequest {
  /** true: what happens to the run before it ends does not matter. */
  readonly isForEnd: boolean;
  readonly until: number | null;
  readonly signal: AbortSignal | undefined;
}

/** From its making on no change is missed: `next` resolves with true once there was one since it last did, with false at the end. */
class Watch {
  readonly #isForEnd: boolean;
  readonly #stopTimer: () => void;
  readonly #signal: AbortSignal | undefined;
  #state: "quiet" | "changed" | "over" = "quiet";
  /** The run as the last change left it, where that is known. */
  endedRun: RunDetail | null = null;
  #wake: () => void = () => undefined;

  constructor({ isForEnd, until, signal }: WatchRequest, clock: Clock) {
    this.#isForEnd = isForEnd;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#end);
    if (signal?.aborted || (until !== null && until <= clock.now())) this.#state = "over";
    this.#stopTimer = until === null || this.#state === "over" ? () => undefined : clock.setTimer(until, this.#end);
  }

  /** There was a change, which left the run in this status; null: unknown. */
  notice(status: RunStatus | null, endedRun: RunDetail | null = null): void {
    this.endedRun = endedRun;
    if (this.#isForEnd && status !== null && !isTerminal(status)) return;
    if (this.#state === "quiet") this.#state = "changed";
    this.#wake();
  }

  async next(): Promise<boolean> {
    if (this.#state === "quiet") await new Promise<void>((resolve) => void (this.#wake = resolve));
    if (this.#state === "over") return false;
    this.#state = "quiet";
    return true;
  }

  close(): void {
    this.#stopTimer();
    this.#signal?.removeEventListener("abort", this.#end);
  }

  readonly #end = (): void => {
    this.#state = "over";
    this.#wake();
  };
}

function toRunEvent(event: StoredEvent): RunEvent {
  const { seq } = event;
  const at = new Date(event.at);
  switch (event.type) {
    case "status":
      return { seq, at, type: "status", status: event.status };
    case "task":
      return { seq, at, type: "task", task: decode(event.data) as TaskEvent };
    case "log":
      return {
        seq,
        at,
        type: "log",
        level: event.level,
        message: event.message,
        data: decodeOptional(event.data),
        taskId: event.taskId,
      };
    case "status-record":
      return { seq, at, type: "status-record", record: decode(event.data) as StatusRecord };
  }
}
