import type { TaskRecord } from "../store/records.ts";

/** What a run has recorded so far. */
export class Memo {
  /** By id. Made for the first: many runs are one function without steps. */
  #tasks: Map<string, TaskRecord> | undefined;
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
  }

  /** A step that was not recorded after all. */
  drop(id: string): void {
    this.#tasks?.delete(id);
  }

  waitingIds(): readonly string[] {
    return this.#all.filter(({ status }) => status === "WAITING").map(({ id }) => id);
  }

  /** The steps in a step, at any depth. */
  inside(id: string): readonly TaskRecord[] {
    return this.#all.filter((task) => task.id.startsWith(`${id}/`));
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
