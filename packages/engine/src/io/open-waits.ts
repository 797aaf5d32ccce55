import type { TaskRecord } from "../store/records.ts";
import type { Left } from "./left-calls.ts";
import type { Scope } from "./scope.ts";

interface Waiter {
  readonly scope: Scope;
  readonly resolve: (task: TaskRecord) => void;
  readonly reject: (reason: Error) => void;
}

/** The calls of an execution that wait for steps which are recorded as WAITING. */
export class OpenWaits {
  /** By step. Made for the first: most executions wait for nothing. */
  #waiters: Map<string, Waiter> | undefined;

  get size(): number {
    return this.#waiters?.size ?? 0;
  }

  get taskIds(): readonly string[] {
    return [...(this.#waiters?.keys() ?? [])];
  }

  /** The tasks in which something waits. */
  get tasksAround(): ReadonlySet<Scope> {
    return new Set([...(this.#waiters?.values() ?? [])].flatMap(({ scope }) => scope.tasksAround));
  }

  /** Resolves with the step's record once it no longer waits. */
  begin(taskId: string, scope: Scope): Promise<TaskRecord> {
    const waiters = (this.#waiters ??= new Map());
    return new Promise((resolve, reject) => void waiters.set(taskId, { scope, resolve, reject }));
  }

  end(taskId: string): void {
    this.#waiters?.delete(taskId);
  }

  resolve(task: TaskRecord): void {
    this.#waiters?.get(task.id)?.resolve(task);
  }

  rejectAll(reason: Error): void {
    for (const waiter of this.#waiters?.values() ?? []) waiter.reject(reason);
  }

  /** Takes out those in tasks whose attempt is over. */
  takeOver(): readonly Left[] {
    const over = [...(this.#waiters ?? [])].filter(([, { scope }]) => scope.isOver);
    for (const [taskId] of over) this.end(taskId);
    return over.map(([, waiter]) => waiter);
  }
}
