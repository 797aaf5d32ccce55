import { findAround, type TaskRecord } from "@beckon/engine";
import type { Events } from "./events.ts";
import type { Session } from "./session.ts";
import type { Tasks } from "./tasks.ts";
import type { Waits } from "./waits.ts";

function prepare(session: Session) {
  return {
    // A step is forgotten whose row may tell an event; primary key.
    told: session.hot<{ readonly told_seq: number }>(
      "SELECT told_seq FROM tasks WHERE run_number = ? AND id = ? AND told_seq IS NOT NULL",
    ),
    // A new attempt forgets what is around what it forgets; primary key.
    kind: session.hot<Pick<TaskRecord, "id" | "kind">>("SELECT id, kind FROM tasks WHERE run_number = ? AND id = ?"),
  };
}

interface Owner {
  readonly id: string;
  readonly number: number;
}

interface ForgottenStepsParts {
  readonly tasks: Tasks;
  readonly events: Events;
  readonly waits: Waits;
}

/** Deletes steps that a new attempt, of the run or of a task, is to make again. */
export class ForgottenSteps {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #parts: ForgottenStepsParts;

  constructor(session: Session, parts: ForgottenStepsParts) {
    this.#sql = prepare(session);
    this.#parts = parts;
  }

  /** With what it waits for. What its row tells is stored; the caller keeps the run's number of events in its row. */
  forget(run: Owner, taskId: string): void {
    const { tasks, events, waits } = this.#parts;
    const seq = this.#sql.told.get(run.number, taskId)?.told_seq;
    const task = seq === undefined ? undefined : tasks.find(run.id, taskId);
    if (seq !== undefined && task?.completedAt != null)
      events.append(run.id, seq, { type: "task", at: task.completedAt, task });
    waits.forget(run.id, taskId);
  }

  /** The run begins a new attempt: it keeps what went well. */
  forgetFailed(run: Owner): void {
    const { tasks, waits } = this.#parts;
    const find = (taskId: string) => this.#sql.kind.get(run.number, taskId);
    for (const id of findAround(tasks.listFailedInside(run.number), find)) this.forget(run, id);
    // No row of these tells an event.
    tasks.forgetFailed(run.number);
    waits.dropOfForgottenSteps(run.id);
  }
}
