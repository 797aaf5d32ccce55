import { AbortReason } from "@beckon/core/runtime";
import type { IO, JobDefinition, StatusRecord } from "@beckon/core/runtime";
import type { EngineParts } from "../parts.ts";
import { toStatusRecord } from "../read-result.ts";
import type { ClaimedRun, TaskRecord } from "../store/records.ts";
import { untilStored } from "../until-stored.ts";
import { CompletionOrder, inOrder } from "./completion-order.ts";
import { FunctionsAtWork } from "./functions-at-work.ts";
import { type Interruption, INTERRUPTION_OF, InterruptionWatch } from "./interruption.ts";
import { Memo } from "./memo.ts";
import { OpenCalls } from "./open-calls.ts";
import type { Scope } from "./scope.ts";
import { SharedSteps } from "./shared-steps.ts";
import { StepWriter, type WriterListener } from "./step-writer.ts";
import { inNextTurn } from "./turn.ts";

/** Where a call happens: in which execution, and in which scope of it. */
export interface Place {
  readonly frame: Frame;
  readonly scope: Scope;
}

/** Gives an `io` of the place. As far as the async function goes that is under way, and has awaited something, all happens there. */
export type EnterPlace = (place: Place) => IO;

/** What a call gets whose frame was let go. A promise of its own: a shared one would keep all that ever waited for it. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

/*
 * One execution of one run, from claim to settlement.
 *
 *   working > 0                  steps are under way: the frame lives
 *   working = 0, held calls      they get their turn: an unkeyed call that found only others' records, or a drain
 *   working = 0, only waiters    every outstanding call is a wait: the frame parks and is let go
 *
 * Where its function, or that of a task, has failed while steps in it are at work, it has failed once these have ended.
 *
 * A promise that a frame was let go with never settles, so user code sees neither an error nor a `finally`.
 * A frame that was aborted (canceled, out of time, lost, shut down) rejects its calls with the reason instead.
 */
export class Frame implements WriterListener {
  readonly claimed: ClaimedRun;
  readonly definition: JobDefinition;
  readonly parts: EngineParts;
  readonly enter: EnterPlace;
  readonly memo: Memo;
  readonly completions: CompletionOrder;
  readonly writer: StepWriter;
  readonly interruption = new InterruptionWatch();
  readonly functions = new FunctionsAtWork();
  readonly #onIdle: () => void;
  readonly #abort = new AbortController();
  readonly #calls = new OpenCalls();
  /** These three are made when they are asked for: most runs never do. */
  #sharedSteps: SharedSteps | undefined;
  #statuses: Map<string, StatusRecord> | undefined;
  #logSkips: Map<string, number> | undefined;
  /** Steps that were not begun because the server drains. */
  #stepsLeft = 0;
  #isCheckDue = false;
  #isDraining = false;
  /** The memo may be older than the steps that wait: what was committed together with the claim was never announced. */
  #isOutdated: boolean;
  #isClosed = false;

  constructor(
    claimed: ClaimedRun,
    definition: JobDefinition,
    context: { readonly parts: EngineParts; readonly enter: EnterPlace; readonly onIdle: () => void },
  ) {
    this.claimed = claimed;
    this.definition = definition;
    this.parts = context.parts;
    this.enter = context.enter;
    this.#onIdle = context.onIdle;
    this.memo = new Memo(claimed.tasks);
    this.completions = new CompletionOrder(claimed.tasks);
    this.#isOutdated = claimed.tasks.some(({ status }) => status === "WAITING");
    this.writer = new StepWriter(claimed.claim, context.parts, this);
  }

  /** The status records of the run as this execution left them. */
  get statuses(): Map<string, StatusRecord> {
    this.#statuses ??= new Map(this.claimed.statuses.map((status) => [status.key, toStatusRecord(status)]));
    return this.#statuses;
  }

  /** Messages that are on disk and still to be skipped, by `toLogKey`. */
  get logSkips(): Map<string, number> {
    this.#logSkips ??= new Map(this.claimed.logCounts);
    return this.#logSkips;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Counts a call as under way until it settles; a call of a frame that was let go never settles. */
  async work<Value>(scope: Scope | null, call: () => Promise<Value>): Promise<Value> {
    if (this.#isClosed) return this.#afterClose();
    this.#calls.working.add(scope);
    try {
      const value = await call();
      return this.#isClosed ? await this.#afterClose<Value>() : value;
    } catch (error) {
      if (this.#isClosed) return await this.#afterClose<Value>();
      throw error;
    } finally {
      this.#calls.working.remove(scope);
      this.#scheduleCheck();
    }
  }

  get sharedSteps(): SharedSteps {
    this.#sharedSteps ??= new SharedSteps();
    return this.#sharedSteps;
  }

  /** Waits, inside `work`, for a step that is recorded as WAITING; resolves with its record once it no longer is. */
  async waitFor(taskId: string, scope: Scope): Promise<TaskRecord> {
    const known = this.memo.get(taskId);
    if (known !== undefined && known.status !== "WAITING") {
      await this.completions.turnOf(known);
      return this.#see(known);
    }
    if (this.#isClosed) return this.#afterClose();
    if (scope.isOver) return this.#calls.left.leave(scope);
    this.#calls.working.remove(scope);
    this.#refresh();
    try {
      const waiting = this.#calls.waits.begin(taskId, scope);
      this.#scheduleCheck();
      if (this.isIdle) this.#onIdle();
      const resolved = await waiting;
      await this.completions.afterOthers(resolved);
      return this.#see(resolved);
    } finally {
      this.#calls.waits.end(taskId);
      this.#calls.working.add(scope);
    }
  }

  /** Holds a call, inside `work`, until nothing else is under way: then what the replay has to claim was claimed. */
  async waitForQuiet(scope: Scope): Promise<void> {
    if (scope.isOver) return this.#calls.left.leave(scope);
    this.#calls.working.remove(scope);
    const turn = this.#calls.held.hold(scope);
    this.#scheduleCheck();
    await turn;
    this.#calls.working.add(scope);
  }

  /** A task's attempt is over. What its function still waits for holds nothing up: on replay nobody would ask for it. */
  endScope(scope: Scope): void {
    this.#calls.endScope(scope);
  }

  /**
   * Begins no more steps in the scope, whose function has failed. Resolves when those that are at work there have ended: what they did
   * is kept, and not done again beside them. One that waits is not at work.
   */
  comeToRest(scope: Scope): Promise<void> | undefined {
    scope.beginEnding();
    return this.#isClosed ? undefined : this.#calls.comeToRest(scope);
  }

  /**
   * Before a step that is not in the memo. Where the function around has ended or failed it is not begun. While the server drains,
   * it is left to the successor; not so a step inside a task, which is part of what is under way.
   */
  beforeNewStep(scope: Scope): Promise<void> | undefined {
    if (this.#isClosed) return this.#afterClose();
    if (scope.isOver) return this.#calls.left.leave(scope);
    if (!scope.isEnding && (!this.#isDraining || scope.tasksAround.length > 0)) return undefined;
    if (!scope.isEnding) this.#stepsLeft += 1;
    this.#calls.working.remove(scope);
    this.#scheduleCheck();
    return this.#calls.left.leave(scope);
  }

  isNewest(task: TaskRecord): boolean {
    return this.memo.get(task.id) === task;
  }

  loseClaim(): void {
    this.abort("lost-lease", "This run was canceled or taken over.");
  }

  /** Steps that were waiting have been resolved: who waits for them goes on. */
  resolveSteps(tasks: readonly TaskRecord[]): void {
    if (this.#isClosed || tasks.length === 0) return;
    // What the store knew a moment ago must not replace what this execution has noted since.
    const news = tasks.filter(({ id, status }) => status !== "WAITING" && this.memo.get(id)?.status === "WAITING");
    for (const task of inOrder(news)) {
      this.memo.put(task);
      this.#calls.waits.resolve(task);
    }
  }

  /** The function sees the end of a step that the store had resolved. */
  #see(resolved: TaskRecord): TaskRecord {
    if (resolved.completedAt === null || resolved.endOrdinal !== null) return resolved;
    const seen = { ...resolved, endOrdinal: this.completions.next() };
    this.memo.put(seen);
    this.writer.noteSeen(seen);
    return seen;
  }

  /** All that its function does is wait, inside tasks: so it keeps its slot, and does not use it. */
  get isIdle(): boolean {
    return this.#calls.isIdle;
  }

  /** It has ended, was let go or aborted: no call of it goes on. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** It was ended from outside of its function. */
  get isAborted(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Nothing is written for it any more. An aborted one may still record what it has done, where its claim is good. */
  get isLetGo(): boolean {
    return this.#isClosed && !this.isAborted;
  }

  /** Something was committed about this run: steps that wait here may have been resolved. */
  noticeChange(): void {
    this.#isOutdated = true;
    if (this.#calls.waits.size > 0) this.#refresh();
  }

  /** Ends the execution from outside the function: its signal aborts, and its calls reject with the reason. */
  abort(kind: keyof typeof INTERRUPTION_OF, message: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const reason = new AbortReason(kind, message);
    this.#abort.abort(reason);
    this.#calls.abort(reason);
    this.interruption.interrupt({ kind: INTERRUPTION_OF[kind] });
  }

  /** Lets the frame go: nothing in it settles or writes any more. */
  release(interruption: Interruption): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.interruption.interrupt(interruption);
  }

  /** The function has ended: calls it did not wait for are let go with the frame. */
  end(): void {
    this.#isClosed = true;
  }

  /** No step is begun any more; what is under way finishes. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Reads the waiting steps again, where they may have been resolved since the memo was read. */
  #refresh(): void {
    if (!this.#isOutdated) return;
    this.#isOutdated = false;
    // Read in a later turn than the waiter that asks is registered in.
    const waiting = this.memo.waitingIds();
    const read = () => this.parts.store.readTasks(this.claimed.run.id, waiting);
    void untilStored(read, this.parts.clock, this.writer).then((tasks) => this.resolveSteps(tasks));
  }

  #afterClose<Value>(): Promise<Value> {
    const { aborted, reason } = this.#abort.signal;
    return aborted ? Promise.reject(reason as Error) : never();
  }

  /** A turn later, because the function may make its next call when it sees the value of its last one. */
  #scheduleCheck(): void {
    if (this.#isCheckDue || this.#isClosed || !this.#mayGoOn()) return;
    this.#isCheckDue = true;
    inNextTurn(() => {
      this.#isCheckDue = false;
      this.#check();
    });
  }

  #mayGoOn(): boolean {
    if (this.#calls.isResting) return true;
    return (this.#calls.isHolding || this.#stepsLeft > 0) && !this.#calls.isBusy;
  }

  #check(): void {
    if (this.#isClosed || this.#calls.goOn()) return;
    if (this.#stepsLeft > 0) return this.release({ kind: "drained" });
    const { waits } = this.#calls;
    if (waits.size > 0) this.release({ kind: "parked", taskIds: waits.taskIds });
  }
}
