import type { RunResult } from "@beckon/core";
import type { Engine } from "../engine.ts";
import type { ReplaceTask } from "../parts.ts";

/** The results that a test chose for the tasks of one job, and which of them were asked for. */
export class ChosenTasks {
  readonly #jobId: string;
  readonly #results: ReadonlyMap<string, unknown>;
  readonly #used = new Set<string>();

  constructor(jobId: string, results: Readonly<Record<string, unknown>>) {
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

  /** A result that no task asked for was meant for one whose own function has run instead. @throws Error */
  async expectUsed(engine: Engine, result: RunResult<unknown, unknown>): Promise<void> {
    const unused = [...this.#results.keys()].find((key) => !this.#used.has(key));
    if (unused === undefined) return;
    const tasks = (await engine.readTasks(result.id)).filter(({ kind }) => kind === "task");
    const ran = tasks.length === 0 ? "none" : tasks.map(({ id }) => id).join(", ");
    throw new Error(
      `Job "${this.#jobId}" ran no task "${unused}", for which this test chose a result. ` +
        `Tasks that ran: ${ran}; the run ended with ${result.status}. Write the key as it stands there, or leave it out.`,
    );
  }
}
