import type { ReplaceTask } from "../parts.ts";

/** The results that a test chose for the tasks of one job, and which of them were asked for. */
export class ChosenTasks {
  readonly #jobId: string;
  readonly #results: ReadonlyMap<string, unknown>;
  readonly #used = new Set<string>();

  constructor(jobId: string, results: Readonly<Record<string, unknown>> = {}) {
    this.#jobId = jobId;
    this.#results = new Map(Object.entries(results));
  }

  readonly replaceTask: ReplaceTask = ({ jobId, taskId }) => {
    if (jobId !== this.#jobId || !this.#results.has(taskId)) return undefined;
    this.#used.add(taskId);
    const result = this.#results.get(taskId);
    return (task, io) => {
      if (result instanceof Error) throw result;
      return typeof result === "function" ? (result(task, io) as unknown) : result;
    };
  };

  unused(): readonly string[] {
    return [...this.#results.keys()].filter((key) => !this.#used.has(key)).map((key) => `task "${key}"`);
  }
}
