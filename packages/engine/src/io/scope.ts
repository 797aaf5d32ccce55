import { DuplicateStepKeyError } from "@beckon/core/runtime";
import type { StepKey } from "@beckon/core/runtime";
import type { Memo } from "./memo.ts";
import { formatKey, toStepId } from "./step-id.ts";
import { UnkeyedCalls } from "./unkeyed-calls.ts";

/** The log scope of what a run's function writes outside of its tasks. */
export function toRunLogScope(attempt: number): string {
  return `run@${attempt}`;
}

interface Attempts {
  readonly run: number;
  readonly task?: number;
}

/**
 * A place in which step keys are unique: the run itself, a task's callback, an item of `io.parallel`.
 * One execution has one Scope object for each, so that using a key twice is noticed.
 */
export class Scope {
  /** The step it is in; null: the run itself. The ids of the steps made here begin with it. */
  readonly id: string | null;
  /** The step that people are shown for what is told here: the same, but for a part of a step. */
  readonly shownIn: string | null;
  readonly parent: Scope | null;
  readonly kind: "run" | "task" | "branch";
  /** The execution of the run, and that of the task where it is one's. */
  readonly #attempts: Attempts;
  /** The task's attempt has ended, though its function may go on. */
  #isOver = false;
  /** What was called for the scope has returned. */
  #hasReturned = false;
  #isEnding = false;
  /** How many calls are under way here, and in the scopes within that are not over. */
  #calls = 0;
  /** This and the next two are made when they are needed: most scopes are those of tasks that do nothing durable. */
  #usedIds: Set<string> | undefined;
  /** By job. */
  #unkeyedCalls: Map<string, UnkeyedCalls> | undefined;
  /** By subject, the numbers of the calls about it that nobody else may have. */
  #takenNumbers: Map<string, Set<number>> | undefined;

  constructor(place: {
    readonly id: string | null;
    readonly parent: Scope | null;
    readonly kind: Scope["kind"];
    readonly attempts: Attempts;
    readonly shownIn?: string;
  }) {
    this.id = place.id;
    this.shownIn = place.shownIn ?? place.id;
    this.parent = place.parent;
    this.kind = place.kind;
    this.#attempts = place.attempts;
  }

  /** The tasks whose callbacks the scope lies in, innermost first: each of them is under way as long as it is. */
  get tasksAround(): readonly Scope[] {
    const around = this.parent?.tasksAround ?? [];
    return this.kind === "task" ? [this, ...around] : around;
  }

  /**
   * The unit in which replay skips log messages that are on disk. Each attempt of a task around writes its own; while all of them
   * are the first, none is named, as none ever was in runs that older servers have left.
   */
  get logScope(): string {
    const { run, task } = this.#attempts;
    if (this.id === null) return toRunLogScope(run);
    const around = this.parent?.tasksAround.flatMap((one) => one.#attempts.task ?? []) ?? [];
    const named = around.some((attempt) => attempt > 1) ? around.toReversed() : [];
    return `${this.id}@${[run, ...named, ...(task === undefined ? [] : [task])].join(".")}`;
  }

  /** So many more calls are under way here. */
  countCalls(count: number): void {
    this.#calls += count;
    this.parent?.countCalls(count);
  }

  /** How many calls are under way here, and in the scopes within that are not over. */
  get calls(): number {
    return this.#calls;
  }

  /**
   * What was called for the scope has returned: what is called here from now on comes from code that it has left behind. Where it has
   * thrown, as `Promise.all` does with the first failure, other branches of it go on.
   */
  noteReturn(): void {
    this.#hasReturned = true;
  }

  get hasReturned(): boolean {
    return this.#hasReturned;
  }

  /** It has failed, and only waits for what is at work in it. */
  beginEnding(): void {
    this.#isEnding = true;
  }

  /** No step is begun here any more. In a task within, which is at work, they are. */
  get isEnding(): boolean {
    return this.#isEnding || (this.kind === "branch" && (this.parent?.isEnding ?? false));
  }

  /** The task around, or the scope itself, whose attempt has ended; null: none has. */
  get over(): Scope | null {
    return this.#isOver ? this : (this.parent?.over ?? null);
  }

  /** Gives how many calls were under way here, which from now on are not counted around it either. */
  end(): number {
    const left = this.isOver ? 0 : this.#calls;
    this.#isOver = true;
    this.parent?.countCalls(-left);
    return left;
  }

  /** Whether it, or a task around it, has ended. */
  get isOver(): boolean {
    return this.over !== null;
  }

  /** The id of the step with this key. @throws DuplicateStepKeyError when the key was used here before */
  claimKey(key: StepKey): string {
    const id = toStepId(this.id, key);
    this.#use(id, () => formatKey(key));
    return id;
  }

  /** The step with this id was not made here after all: another call may have its key. */
  giveKeyBack(id: string): void {
    this.#usedIds?.delete(id);
  }

  /** Notes that the step with this id is made here. @throws DuplicateStepKeyError naming `key` */
  claimStep(id: string, key: string): void {
    this.#use(id, () => key);
  }

  #use(id: string, formattedKey: () => string): void {
    this.#usedIds ??= new Set();
    if (this.#usedIds.has(id)) throw duplicate(formattedKey(), this.id);
    this.#usedIds.add(id);
  }

  /** The calls of a job without a key; a task's next attempt, a scope of its own, makes all of them once more. */
  unkeyedCalls(jobId: string, memo: Memo): UnkeyedCalls {
    this.#unkeyedCalls ??= new Map();
    const known = this.#unkeyedCalls.get(jobId);
    if (known !== undefined) return known;
    const calls = new UnkeyedCalls(memo.recordedCalls(this.id, jobId));
    this.#unkeyedCalls.set(jobId, calls);
    return calls;
  }

  /** The lowest number, from 1, that no call about the subject has. */
  takeNumber(subject: string): number {
    this.#takenNumbers ??= new Map();
    const taken = this.#takenNumbers.get(subject) ?? new Set();
    this.#takenNumbers.set(subject, taken);
    let number = 1;
    while (taken.has(number)) number += 1;
    taken.add(number);
    return number;
  }

  /** The next call about the subject may have this number, and so the answer of the call that had it. */
  freeNumber(subject: string, number: number): void {
    this.#takenNumbers?.get(subject)?.delete(number);
  }

  /** Tells whether this scope lies in the other one, or is it. */
  isWithin(other: Scope): boolean {
    return this === other || (this.parent?.isWithin(other) ?? false);
  }
}

function duplicate(key: string, scopeId: string | null): DuplicateStepKeyError {
  const scope = scopeId === null ? "in this run" : `inside step "${scopeId}"`;
  return new DuplicateStepKeyError(
    `The key ${key} is used twice ${scope}: give each step in a scope a key of its own, such as ["user", user.id].`,
    key,
  );
}
