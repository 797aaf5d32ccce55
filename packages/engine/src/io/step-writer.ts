import { AbortReason } from "@beckon/core/runtime";
import type { EngineParts } from "../parts.ts";
import type { Claim, NewEvent, SignalWrite, StatusWrite, StepWrites, TaskRecord } from "../store/records.ts";
import { untilStored } from "../until-stored.ts";

/** What is on its way to the store for one execution. */
interface Pending {
  payload: string | null;
  readonly tasks: Map<string, TaskRecord>;
  /** Steps of which only the order in which they were seen is new: no write is made for them alone. */
  readonly seen: Map<string, TaskRecord>;
  readonly forgotten: string[];
  readonly events: NewEvent[];
  readonly statuses: Map<string, StatusWrite>;
  readonly signals: SignalWrite[];
}

/**
 * Gathers what an execution writes. `save` resolves once it is on disk; `note` goes along with the next save,
 * or alone at the end of the turn: so a step that finishes in the turn it began is written once.
 */
export class StepWriter {
  readonly #claim: Claim;
  readonly #parts: EngineParts;
  readonly #onLost: () => void;
  #pending = emptyPending();
  /** The newest record of each step this execution has noted. */
  readonly #latest = new Map<string, TaskRecord>();
  #isFlushDue = false;
  #problem: string | null = null;
  /** Called when results cannot be saved, or can again. */
  onProblem: () => void = () => undefined;

  constructor(claim: Claim, parts: EngineParts, onLost: () => void) {
    this.#claim = claim;
    this.#parts = parts;
    this.#onLost = onLost;
  }

  /** Why results cannot be saved at the moment, for people. */
  get problem(): string | null {
    return this.#problem;
  }

  readonly report = (problem: string | null): void => {
    this.#problem = problem;
    this.onProblem();
  };

  /** Without an event where it is told about already. */
  noteTask(task: TaskRecord, event?: NewEvent): void {
    if (event !== undefined && this.#pending.tasks.has(task.id)) dropEvent(this.#pending.events, task.id);
    this.#pending.tasks.set(task.id, task);
    this.#latest.set(task.id, task);
    if (event !== undefined) this.#pending.events.push(event);
    this.#flushLater();
  }

  /** The function has seen the end of this step: what it does next depends on that, and is written with it. */
  noteSeen(task: TaskRecord): void {
    this.#pending.seen.set(task.id, task);
    this.#latest.set(task.id, task);
  }

  /** These steps are deleted with the next write. */
  noteForgotten(taskIds: readonly string[]): void {
    for (const taskId of taskIds) this.#latest.delete(taskId);
    this.#pending.forgotten.push(...taskIds);
  }

  noteEvent(event: NewEvent): void {
    this.#pending.events.push(event);
    this.#flushLater();
  }

  noteStatus(status: StatusWrite, event: NewEvent): void {
    this.#pending.statuses.set(status.key, status);
    this.noteEvent(event);
  }

  noteSignal(signal: SignalWrite): void {
    this.#pending.signals.push(signal);
  }

  notePayload(text: string): void {
    this.#pending.payload = text;
  }

  /** Writes all that was noted. Resolves with the waiting steps that turned out to be resolved already. */
  async save(): Promise<readonly TaskRecord[]> {
    const writes = this.#take();
    if (writes === null) return [];
    const outcome = await untilStored(
      async () =>
        (
          await this.#parts.store.recordSteps({ writes: [this.#withoutOutdated(writes)], now: this.#parts.clock.now() })
        )[0],
      this.#parts.clock,
      this.report,
    );
    if (outcome?.kind === "recorded") return outcome.resolved;
    this.#onLost();
    throw new AbortReason("lost-lease", "This run was canceled or taken over.");
  }

  /** The messages that were noted last, for the settlement to take along; null when steps have to be saved first. */
  takeRest({ isOver }: { readonly isOver: boolean }): Pick<StepWrites, "events" | "statuses"> | null {
    const { events, statuses, tasks, seen, payload, signals } = this.#pending;
    if (tasks.size > 0 || payload !== null || signals.length > 0 || (seen.size > 0 && !isOver)) return null;
    this.#pending = emptyPending();
    return { events, statuses: [...statuses.values()] };
  }

  #take(): StepWrites | null {
    const { payload, tasks, seen, forgotten, events, statuses, signals } = this.#pending;
    const sizes = [tasks.size, seen.size, statuses.size, forgotten.length, events.length, signals.length];
    if (payload === null && sizes.every((size) => size === 0)) return null;
    this.#pending = emptyPending();
    return {
      claim: this.#claim,
      payload,
      tasks: [...new Map([...seen, ...tasks]).values()],
      forgotten,
      events,
      statuses: [...statuses.values()],
      signals,
    };
  }

  /** A write that is tried again must not put back what a later one has replaced. */
  #withoutOutdated(writes: StepWrites): StepWrites {
    return { ...writes, tasks: writes.tasks.filter((task) => this.#latest.get(task.id) === task) };
  }

  #flushLater(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => {
      this.#isFlushDue = false;
      // Whoever needs these on disk saves them; here a lost claim has told the frame already.
      this.save().catch(() => undefined);
    });
  }
}

function emptyPending(): Pending {
  return {
    payload: null,
    tasks: new Map(),
    seen: new Map(),
    forgotten: [],
    events: [],
    statuses: new Map(),
    signals: [],
  };
}

/** A step that began and ended within one write is told about once, by its end. */
function dropEvent(events: NewEvent[], taskId: string): void {
  const index = events.findLastIndex((event) => event.type === "task" && event.taskId === taskId);
  if (index >= 0) events.splice(index, 1);
}
