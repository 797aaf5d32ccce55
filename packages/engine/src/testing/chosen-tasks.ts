import type { ReplaceTask } from "../parts.ts";
import { NamedChoices } from "./named-choices.ts";

/** The results that a test chose for the tasks of one job, and which of them were asked for. */
export class ChosenTasks {
  readonly #jobId: string;
  readonly #results: NamedChoices;

  constructor(jobId: string, results?: Readonly<Record<string, unknown>>) {
    this.#jobId = jobId;
    this.#results = new NamedChoices(results);
  }

  readonly replaceTask: ReplaceTask = ({ jobId, taskId }) => {
    const chosen = jobId === this.#jobId ? this.#results.take(taskId) : undefined;
    if (chosen === undefined) return undefined;
    const result = chosen.value;
    return (task, io) => {
      if (result instanceof Error) throw result;
      return typeof result === "function" ? (result(task, io) as unknown) : result;
    };
  };

  unused(): readonly string[] {
    return this.#results.unused().map((name) => `task "${name}"`);
  }
}
