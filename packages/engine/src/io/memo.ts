import type { TaskRecord } from "../store/records.ts";

const NONE: readonly never[] = [];

/** What a run has recorded so far. */
export class Memo {
  /** By id. Made for the first: many runs are one function without steps. */
  #tasks: Map<string, TaskRecord> | undefined;
  /** The ids of those that wait. Made for the first, too. */
  #waiting: Set<string> | undefined;
  #lastOrdinal = 0;

  constructor(tasks: readonly TaskRecord[]) {
    for (const task of tasks) {
      this.put(task);
      this.#lastOrdinal = Math.max(this.#lastOrdinal, task.ordinal);
    }
  }

  get(id: string): TaskRecord | undefined {
    return this.#tasks?.get(id);
  }

  put(task: TaskRecord): void {
    this.#tasks ??= new Map();
    this.#tasks.set(task.id, task);
    if (task.status === "WAITING") (this.#waiting ??= new Set()).add(task.id);
    else this.#waiting?.delete(task.id);
  }

  /** A step that was not recorded after all. */
  drop(id: string): void {
    this.#tasks?.delete(id);
    this.#waiting?.delete(id);
  }

  waitingIds(): readonly string[] {
    return [...(this.#waiting ?? [])];
  }

  /** The steps in a step, at any depth. */
  inside(id: string): readonly TaskRecord[] {
    return this.#all.filter((task) => isInside(task.id, id));
  }

  /** The waits for signals in a step, at any depth. */
  signalWaitsInside(id: string): readonly string[] {
    if (this.#waiting === undefined || this.#waiting.size === 0) return NONE;
    const found: string[] = [];
    for (const one of this.#waiting) if (isInside(one, id) && this.get(one)?.wait?.kind === "signal") found.push(one);
    return found;
  }

  nextOrdinal(): number {
    this.#lastOrdinal += 1;
    return this.#lastOrdinal;
  }

  /** The recorded unkeyed calls of a job in a scope, oldest first. */
  recordedCalls(scopeId: string | null, jobId: string): readonly TaskRecord[] {
    return this.#all
      .filter((task) => task.childDigest !== null && task.childJobId === jobId && task.parentId === scopeId)
      .toSorted((left, right) => left.ordinal - right.ordinal);
  }

  get #all(): readonly TaskRecord[] {
    return [...(this.#tasks?.values() ?? [])];
  }
}

function isInside(id: string, outerId: string): boolean {
  return id.startsWith(`${outerId}/`);
}
