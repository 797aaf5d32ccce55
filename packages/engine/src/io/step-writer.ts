import { AbortReason } from "@beckon/core/runtime";
import type { EngineParts } from "../parts.ts";
import type { Claim, NewEvent, SignalWrite, StatusWrite, StepWrites, TaskRecord } from "../store/records.ts";
import type { StepOutcome } from "../store/store.ts";
import { isProgress } from "../store/suspects.ts";
import { storeAgain } from "../until-stored.ts";
import { inNextTurn } from "./turn.ts";

/** What is on its way to the store for one execution. */
interface Pending {
  payload: string | null;
  /** No id twice. Mostly one: a Map would be the largest thing that a step makes. */
  tasks: TaskRecord[];
  /** Steps of which only the order in which they were seen is new: no write is made for them alone. */
  seen: readonly TaskRecord[];
  forgotten: readonly string[];
  events: NewEvent[];
  statuses: readonly StatusWrite[];
  signals: readonly SignalWrite[];
}

/** What a change of a step goes by: the record before it, or its beginning. */
export type KnownStep = Pick<TaskRecord, "attempt" | "display" | "ordinal" | "startedAt"> &
  Partial<Pick<TaskRecord, "childDigest" | "childJobId" | "childRunId" | "endOrdinal">>;

/** A step that began in this turn. */
export interface Beginning extends KnownStep {
  readonly id: string;
  readonly at: number;
  toRecord(): TaskRecord;
}

/** Most writes bring steps and nothing else. */
const NONE: readonly never[] = [];
const SAVED = Promise.resolve();

/** What goes along with the end of an execution. */
type Rest = Pick<StepWrites, "events" | "statuses" | "tasks">;

const NOTHING: Rest = { events: NONE, statuses: NONE, tasks: NONE };

/** Whom a writer tells what became of its writes. */
export interface WriterListener {
  /** The claim is no longer good. */
  loseClaim(): void;
  /** Whether no later record of the step is known, and it was not forgotten. */
  isNewest(task: TaskRecord): boolean;
  /** Waiting steps that turned out to be resolved already. */
  resolveSteps(tasks: readonly TaskRecord[]): void;
}

/**
 * Gathers what an execution writes. `save` resolves once it is on disk; `note` goes along with the next save,
 * or alone at the end of the turn: so a step that finishes in the turn it began is written once.
 */
export class StepWriter {
  readonly #claim: Claim;
  readonly #parts: EngineParts;
  readonly #listener: WriterListener;
  /** null: nothing was noted since the last write. */
  #pending: Pending | null = null;
  /** Not told of yet: what is noted next comes after them. */
  #begun: Beginning[] = [];
  #isFlushDue = false;
  #problem: string | null = null;
  /** The store was asked to write something. */
  hasWritten = false;
  /** Called when results cannot be saved, or can again. */
  onProblem: () => void = () => undefined;
  /** Called when the end of a step is on disk; null: nobody asks, as for most runs. */
  onProgress: (() => void) | null = null;

  constructor(claim: Claim, parts: EngineParts, listener: WriterListener) {
    this.#claim = claim;
    this.#parts = parts;
    this.#listener = listener;
  }

  /** Why results cannot be saved at the moment, for people. */
  get problem(): string | null {
    return this.#problem;
  }

  report(problem: string | null): void {
    this.#problem = problem;
    this.onProblem();
  }

  /** A step has begun: it is noted before anything else is, or at the end of the turn, and not at all where it ends before that. */
  noteBeginning(beginning: Beginning): void {
    this.#begun = withLast(this.#begun, beginning);
    this.#flushLater();
  }

  /** Takes out the beginning of a step that has not been noted. */
  takeBeginning(id: string): Beginning | undefined {
    if (this.#begun.at(-1)?.id === id) return this.#begun.pop();
    const index = this.#begun.findIndex((beginning) => beginning.id === id);
    return index === -1 ? undefined : this.#begun.splice(index, 1)[0];
  }

  /** `toldAt`: when what it tells happened; without it no event is written, where it is told about already. */
  noteTask(task: TaskRecord, toldAt?: number): void {
    const pending = this.#note();
    const { tasks, events } = pending;
    const index = tasks.findLastIndex(({ id }) => id === task.id);
    if (index >= 0) tasks[index] = task;
    else pending.tasks = withLast(tasks, task);
    if (toldAt !== undefined) {
      if (index >= 0) dropNews(events, task.id);
      pending.events = withLast(events, { type: "task", at: toldAt, task });
    }
    this.#flushLater();
  }

  /** The function has seen the end of this step: what it does next depends on that, and is written with it. */
  noteSeen(task: TaskRecord): void {
    const pending = this.#note();
    pending.seen = [...pending.seen, task];
  }

  /** These steps are deleted with the next write. */
  noteForgotten(taskIds: readonly string[]): void {
    const pending = this.#note();
    pending.forgotten = [...pending.forgotten, ...taskIds];
  }

  noteEvent(event: Exclude<NewEvent, { readonly type: "task" }>): void {
    const pending = this.#note();
    pending.events = withLast(pending.events, event);
    this.#flushLater();
  }

  noteStatus(status: StatusWrite, event: NewEvent & { readonly type: "status-record" }): void {
    const pending = this.#note();
    pending.statuses = [...pending.statuses, status];
    this.noteEvent(event);
  }

  noteSignal(signal: SignalWrite): void {
    const pending = this.#note();
    pending.signals = [...pending.signals, signal];
  }

  notePayload(text: string): void {
    this.#note().payload = text;
  }

  /** Writes all that was noted. */
  save(): Promise<void> {
    const writes = this.#take();
    if (writes === null) return SAVED;
    const { store, clock } = this.#parts;
    const write = () => store.recordSteps({ writes: [this.#withoutOutdated(writes)], now: clock.now() });
    const tell = this.onProgress !== null && writes.tasks.some(isProgress) ? this.#tellOfProgress : this.#tell;
    // In one `then`, and not by `untilStored`: that would make one more promise for each step.
    return write().then(tell, (error) => storeAgain(error, { write, clock, reporter: this }).then(tell));
  }

  /** Made for each run, so that it is not for each step. */
  readonly #tell = ([outcome]: readonly StepOutcome[]): void => {
    if (outcome?.kind === "recorded") return this.#listener.resolveSteps(outcome.resolved);
    this.#listener.loseClaim();
    throw new AbortReason("lost-lease", "This run was canceled or taken over.");
  };

  readonly #tellOfProgress = (outcomes: readonly StepOutcome[]): void => {
    this.#tell(outcomes);
    this.onProgress?.();
  };

  /**
   * What was noted last, for the settlement to take along: messages, and where the run is over the steps that have finished.
   * null: something has to be saved first.
   */
  takeRest({ isOver }: { readonly isOver: boolean }): Rest | null {
    this.#noteBeginnings();
    const pending = this.#pending;
    if (pending === null) return NOTHING;
    const { events, statuses, payload, signals } = pending;
    if (payload !== null || signals.length > 0 || !hasOnlyFinished(pending, isOver)) return null;
    // That it has seen the end of a step matters to what it does next, and it does nothing more.
    const tasks = pending.tasks.length === 0 ? NONE : withSeen(pending);
    this.#pending = null;
    return { events, statuses: newestOfEach(statuses), tasks };
  }

  #noteBeginnings(): void {
    if (this.#begun.length === 0) return;
    for (const beginning of this.#begun.splice(0)) this.noteTask(beginning.toRecord(), beginning.at);
  }

  #note(): Pending {
    this.#noteBeginnings();
    this.#pending ??= {
      payload: null,
      tasks: [],
      seen: NONE,
      forgotten: NONE,
      events: [],
      statuses: NONE,
      signals: NONE,
    };
    return this.#pending;
  }

  #take(): StepWrites | null {
    this.#noteBeginnings();
    if (this.#pending === null) return null;
    const { payload, forgotten, events, statuses, signals } = this.#pending;
    const tasks = withSeen(this.#pending);
    this.#pending = null;
    this.hasWritten = true;
    return {
      claim: this.#claim,
      payload,
      tasks,
      forgotten,
      events,
      statuses: newestOfEach(statuses),
      signals,
    };
  }

  /** A write that is tried again must not put back what a later one has replaced. */
  #withoutOutdated(writes: StepWrites): StepWrites {
    const isNewest = (task: TaskRecord): boolean => this.#listener.isNewest(task);
    return writes.tasks.every(isNewest) ? writes : { ...writes, tasks: writes.tasks.filter(isNewest) };
  }

  #flushLater(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    inNextTurn(() => {
      this.#noteBeginnings();
      this.#isFlushDue = false;
      // Whoever needs these on disk saves them; here a lost claim has told the frame already.
      if (this.#pending !== null) this.save().catch(() => undefined);
    });
  }
}

/** Whether no step needs a write of its own: all have finished, none is deleted, and the run does not go on behind them. */
function hasOnlyFinished({ tasks, seen, forgotten }: Pending, isOver: boolean): boolean {
  if (tasks.length === 0) return isOver || seen.length === 0;
  return isOver && forgotten.length === 0 && tasks.every(({ completedAt }) => completedAt !== null);
}

function withSeen({ tasks, seen }: Pending): readonly TaskRecord[] {
  for (const task of seen) if (!tasks.some(({ id }) => id === task.id)) tasks.push(task);
  return tasks;
}

/** The list with one more. Most lists have one: a list that grows makes room for sixteen. */
function withLast<Item>(list: Item[], item: Item): Item[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}

/** A step that began and ended within one write is told about once, by its end. */
function dropNews(events: Pending["events"], taskId: string): void {
  const index = events.findLastIndex((event) => event.type === "task" && event.task.id === taskId);
  if (index === events.length - 1) events.pop();
  else if (index >= 0) events.splice(index, 1);
}

function newestOfEach(statuses: readonly StatusWrite[]): readonly StatusWrite[] {
  return statuses.length <= 1 ? statuses : [...new Map(statuses.map((status) => [status.key, status])).values()];
}
