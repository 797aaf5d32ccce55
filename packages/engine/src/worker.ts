import { CanceledEarly } from "./canceled-early.ts";
import { checkClaims } from "./check-claims.ts";
import { ClaimedAhead } from "./claimed-ahead.ts";
import { type Execution, execute, openFrame } from "./execute.ts";
import { ExecutingFrames } from "./executing-frames.ts";
import { GivingBack } from "./giving-back.ts";
import { withoutAmbience } from "./io/ambient.ts";
import type { Frame } from "./io/frame.ts";
import { OneSuspect } from "./one-suspect.ts";
import type { CreateRuns, EngineParts } from "./parts.ts";
import type { RunsUnderWay } from "./runs-under-way.ts";
import { isStillRunning, release, settle } from "./settle.ts";
import type { CreateRunsOutcome } from "./store/births.ts";
import type { ClaimedRun, NewRun } from "./store/records.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import type { StoreChange } from "./store/store.ts";

/** The most runs in one claim: a larger batch would hold the event loop. */
const CLAIM_BATCH = 100;

/**
 * Fills its slots with ready runs. Never polls: it looks when something may have become ready, and when a
 * slot falls free for what may be, at most once a turn, so that a settlement and the claim that follows it share a commit.
 */
export class Worker {
  readonly #parts: EngineParts;
  readonly #concurrency: number;
  readonly #underWay: RunsUnderWay;
  readonly #frames = new ExecutingFrames();
  /** Executions whose end is on its way to disk. */
  readonly #saving = new Set<Frame>();
  /** Executions whose run is to end, or has ended, under a function that still runs. */
  readonly #outlived = new Set<Frame>();
  readonly #ahead: ClaimedAhead;
  readonly #suspect = new OneSuspect(() => this.#onReady());
  readonly #canceledEarly = new CanceledEarly();
  readonly #givingBack: GivingBack;
  readonly #idle: (() => void)[] = [];
  readonly #lookAgain = (): void => this.lookForRuns();
  /** Of a claim that the store refused: one for all that are refused. */
  #stopRetry: () => void = () => undefined;
  #isStarted = false;
  /** The deadline of stopping is over: functions that do not heed their signal, and a store that cannot write, are not waited for. */
  #isOverdue = false;
  #isLookDue = false;
  /** Slots that the claim under way may fill; 0: none is. */
  #claiming = 0;
  /** Slots that are kept for runs whose birth is under way. They count as taken until the store has answered. */
  #promised = 0;
  /** Something became ready while a claim was under way. */
  #mustLookAgain = false;
  /** Runs may be ready that this worker has not got: they come before those that are being born. */
  #mayBeReady = true;
  /** Why runs cannot be claimed at the moment. */
  #problem: string | null = null;

  constructor(parts: EngineParts, concurrency: number, underWay: RunsUnderWay) {
    this.#parts = parts;
    this.#concurrency = concurrency;
    this.#underWay = underWay;
    this.#givingBack = new GivingBack(parts, this.#tellIdle);
    this.#ahead = new ClaimedAhead(parts.clock, (runs) => this.#givingBack.begin(runs));
  }

  get executing(): number {
    return this.#frames.size;
  }

  /** Why a run, or any run, cannot go on at the moment: a sentence for people. */
  findProblem(runId?: string): string | null {
    for (const frames of [this.#frames.values(), this.#saving])
      for (const { writer, claimed } of frames)
        if (writer.problem !== null && (runId === undefined || claimed.run.id === runId)) return writer.problem;
    return this.#problem;
  }

  start(): void {
    this.#isStarted = true;
    this.#isOverdue = false;
    this.#onReady();
  }

  /**
   * Makes runs. Where slots are free for all of them and nothing is known to come before, they may fill these with
   * their very birth; else the claim follows in the same turn and shares the birth's commit.
   */
  bear(runs: readonly NewRun[], create: CreateRuns): Promise<CreateRunsOutcome> {
    if (!this.#hasSlotsFor(runs)) {
      const birth = create(null);
      this.#onBirth(Math.max(...runs.map(({ priority }) => priority)));
      return birth;
    }
    const birth = create({ workerId: this.#parts.workerId, limit: runs.length });
    const promised = runs.length;
    this.#promised += promised;
    const begin = (outcome: CreateRunsOutcome): void =>
      this.#begin(outcome.kind === "created" ? outcome.claimed : [], promised);
    // Whoever makes the runs is told why there are none: here it only means that the slots are free again.
    withoutAmbience(() => void birth.then(begin, () => this.#begin([], promised)));
    return birth;
  }

  /** Looks for ready runs at the end of this turn. */
  lookForRuns(): void {
    if (!this.#isStarted || this.#isLookDue) return;
    if (this.#claiming > 0) this.#mustLookAgain = true;
    this.#isLookDue = true;
    // After the promises of this turn, before its commit: slots that fell free in it are counted, and births in it are claimed.
    process.nextTick(() => {
      this.#isLookDue = false;
      withoutAmbience(() => void this.#claim());
    });
  }

  /** Tells executing runs what was committed about them: steps resolved, or the run ended by hand. */
  onChange(change: StoreChange): void {
    if (change.hasReady) this.#onReady();
    const isAwaiting = this.#isAwaitingRuns();
    if (this.#frames.size === 0 && !isAwaiting) return;
    if (change.runs === null) return void checkClaims(this.#frames, this.#ahead, this.#parts);
    for (const { runId, status } of change.runs) {
      if (isAwaiting) this.#canceledEarly.note(runId, status);
      const frame = this.#frames.get(runId);
      if (frame === undefined) {
        if (status === "CANCELED") this.#ahead.drop(runId);
        continue;
      }
      if (status === "CANCELED") frame.abort("canceled", `Run ${runId} was canceled.`);
      else frame.noticeChange();
    }
  }

  /** Begins nothing more; resolves when every execution has ended, those still there after `timeoutMs` by abort. */
  async stop(timeoutMs: number): Promise<void> {
    const { clock } = this.#parts;
    this.#isStarted = false;
    this.#ahead.giveBack();
    for (const frame of this.#frames.values()) frame.drain();
    const stopTimer = clock.setTimer(clock.now() + timeoutMs, () => {
      this.#isOverdue = true;
      for (const frame of this.#frames.values()) frame.abort("shutdown", "The server stops, and its deadline is over.");
      this.#tellIdle();
    });
    while (!this.#isIdle()) await new Promise<void>((resolve) => this.#idle.push(resolve));
    stopTimer();
    this.#outlived.clear();
  }

  async #claim(): Promise<void> {
    const free = this.#countClaimableSlots();
    if (!this.#isStarted || this.#claiming > 0 || free <= 0) return;
    const limit = Math.min(free, CLAIM_BATCH);
    this.#claiming = limit;
    this.#mustLookAgain = false;
    this.#mayBeReady = false;
    const { store, clock, workerId } = this.#parts;
    try {
      const ahead = this.#ahead.wanted(this.#concurrency);
      const { isFree: suspect, mostCrashes } = this.#suspect;
      const claimed = await store.claimRuns({ workerId, limit, ahead, suspect, mostCrashes, now: clock.now() });
      this.#problem = null;
      const left = this.#thatMayBegin(claimed);
      this.#ahead.add(left.slice(limit));
      if (!this.#isStarted) this.#ahead.giveBack();
      for (const run of left.slice(0, limit)) void this.#execute(run);
      // One that does not begin may be the suspect: the next of those has its turn.
      if (claimed.length >= limit || left.length < claimed.length) this.#onReady();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#problem = error.message;
      this.#mayBeReady = true;
      this.#stopRetry();
      this.#stopRetry = clock.setTimer(clock.now() + 1_000, this.#lookAgain);
    } finally {
      this.#claiming = 0;
      if (!this.#isAwaitingRuns()) this.#canceledEarly.clear();
      this.#tellIdle();
      if (this.#mustLookAgain) this.lookForRuns();
    }
  }

  /** The runs that are born into slots begin once they are on disk, as claimed ones do. */
  #begin(claimed: readonly ClaimedRun[], promised: number): void {
    const left = this.#thatMayBegin(claimed);
    this.#promised -= promised;
    if (!this.#isAwaitingRuns()) this.#canceledEarly.clear();
    for (const run of left) void this.#execute(run);
    for (let free = promised - left.length; free > 0; free -= 1) this.#beginNext();
    if (this.#mayBeReady) this.lookForRuns();
    this.#tellIdle();
  }

  /** The others are given back: of one that was canceled before it could begin its limit's place; all that comes after the deadline. */
  #thatMayBegin(claimed: readonly ClaimedRun[]): readonly ClaimedRun[] {
    const others = this.#isOverdue ? claimed : this.#canceledEarly.among(claimed);
    this.#givingBack.begin(others);
    return others.length === 0 ? claimed : claimed.filter((run) => !others.includes(run));
  }

  /** Runs claimed ahead, and those that are known to be ready, come before newborn ones. */
  #hasSlotsFor(runs: readonly NewRun[]): boolean {
    if (!this.#isStarted || this.#mayBeReady || this.#ahead.lowestPriority !== null) return false;
    return runs.every(({ startAt }) => startAt === null) && runs.length <= this.#countFreeSlots() - this.#claiming;
  }

  /** Runs of this priority are being made: those claimed ahead with a lower one must not go before them. */
  #onBirth(priority: number): void {
    const lowest = this.#ahead.lowestPriority;
    if (lowest !== null && priority > lowest) this.#ahead.giveBack();
    this.#onReady();
  }

  #onReady(): void {
    this.#mayBeReady = true;
    this.lookForRuns();
  }

  #countFreeSlots(): number {
    return this.#concurrency - this.#frames.size - this.#promised;
  }

  /**
   * Where every slot is taken by a run that does nothing but wait inside a task, one more is there: what they wait
   * for may need it, and without it none of them would ever end.
   */
  #countClaimableSlots(): number {
    const free = this.#countFreeSlots();
    return free <= 0 && this.#promised === 0 && this.#frames.areIdle ? 1 : free;
  }

  async #execute(claimed: ClaimedRun): Promise<void> {
    const frame = openFrame(claimed, this.#parts, this.#lookAgain);
    const { runId } = claimed.claim;
    frame.writer.onProblem = this.#tellIdle;
    this.#frames.add(runId, frame);
    this.#underWay.begin(frame);
    this.#suspect.begin(frame);
    if (!this.#isStarted) frame.drain();
    const execution = await execute(frame);
    this.#ahead.note(execution.executedMs);
    this.#saving.add(frame);
    // No closure for each run: what it captures would live outside of this function's frame, at a fifth of a drain's speed.
    const settled = settle(execution, this.#underWay);
    if (!isStillRunning(execution)) this.#leave(runId, frame);
    await settled;
    this.#saving.delete(frame);
    this.#underWay.leave(frame);
    if (isStillRunning(execution)) await this.#awaitFunction(execution, runId);
    this.#tellIdle();
  }

  /** The slot, like the limit's place, stays taken until a function that was ended from outside has ended itself. */
  async #awaitFunction(execution: Execution, runId: string): Promise<void> {
    const { frame } = execution;
    this.#outlived.add(frame);
    this.#tellIdle();
    await release(execution, () => this.#outlived.has(frame));
    this.#outlived.delete(frame);
    this.#leave(runId, frame);
  }

  #leave(runId: string, frame: Frame): void {
    this.#frames.delete(runId, frame);
    this.#suspect.leave(frame);
    this.#beginNext();
    // Whatever becomes ready is told of, but what this very end makes ready only after its commit: a claim is to share that.
    if (this.#mayBeReady || frame.claimed.run.limitId !== null || this.#suspect.isAwaited) this.lookForRuns();
  }

  #beginNext(): void {
    const next = this.#isStarted ? this.#ahead.next() : undefined;
    if (next !== undefined) void this.#execute(next);
  }

  /** Runs may be on their way to this worker. */
  #isAwaitingRuns(): boolean {
    return this.#claiming + this.#promised > 0;
  }

  #isIdle(): boolean {
    if (this.#isAwaitingRuns()) return false;
    if (!this.#isOverdue) return this.#frames.size + this.#saving.size === 0 && this.#givingBack.isOver;
    const isSaving = [...this.#saving].some(({ writer }) => writer.problem === null);
    const isEnding = [...this.#frames.values()].some((frame) => !this.#outlived.has(frame) && !this.#saving.has(frame));
    return !isSaving && !isEnding && (this.#givingBack.isOver || this.#givingBack.problem !== null);
  }

  readonly #tellIdle = (): void => {
    if (this.#idle.length > 0) for (const resolve of this.#idle.splice(0)) resolve();
  };
}
