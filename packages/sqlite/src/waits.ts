import type { Resolution, SignalOutcome } from "@beckon/core/runtime";
import { CRASHES_AFTER_PROGRESS, isProgress, type SignalWrite, type TaskRecord, type WaitTarget } from "@beckon/engine";
import type { Events } from "./events.ts";
import type { KeptSignals } from "./kept-signals.ts";
import type { Line } from "./line.ts";
import type { LiveRuns, RecordingRun } from "./live-run.ts";
import type { Session } from "./session.ts";
import type { Tasks } from "./tasks.ts";

interface Step {
  readonly run_id: string;
  readonly task_id: string;
}

interface Answer {
  readonly resolution: Resolution;
  readonly output: string | null;
  readonly now: number;
}

interface WaitingTask {
  readonly runId: string;
  readonly id: string;
  readonly wakeAt: number | null;
  readonly wait: WaitTarget;
}

/** What one row of a wait looks out for. */
interface Condition {
  readonly awaited?: string;
  readonly signal?: { readonly name: string; readonly id: string | null };
  readonly token?: string;
  readonly wakeAt?: number | null;
}

interface WaitParts {
  readonly runs: LiveRuns;
  readonly line: Line;
  readonly tasks: Tasks;
  readonly events: Events;
  readonly signals: KeptSignals;
}

function prepare(session: Session) {
  return {
    // A step begins to wait; rowid.
    insert: session.hot(`INSERT INTO waits
      (run_id, task_id, is_parked, awaited_run_id, signal_name, signal_id, token, wake_at) VALUES (?, ?, 0, ?, ?, ?, ?, ?)`),
    // A wait is resolved, or its step recorded anew; waits_of_task.
    delete: session.hot<{ readonly is_parked: number }>(
      "DELETE FROM waits WHERE run_id = ? AND task_id = ? RETURNING is_parked",
    ),
    // A run has ended; waits_of_task.
    deleteOfRun: session.hot("DELETE FROM waits WHERE run_id = ?"),
    // A new attempt has forgotten some steps; waits_of_task, the run's id and the primary key of tasks.
    deleteForgotten: session.hot(`DELETE FROM waits WHERE run_id = ? AND NOT EXISTS (
      SELECT 1 FROM tasks JOIN runs ON runs.number = tasks.run_number
        WHERE runs.id = waits.run_id AND tasks.id = waits.task_id)`),
    // A run parks: what it was parked on before does not count; waits_of_task.
    unpark: session.hot("UPDATE waits SET is_parked = 0 WHERE run_id = ? AND is_parked = 1"),
    park: session.hot("UPDATE waits SET is_parked = 1 WHERE run_id = ? AND task_id = ?"),
    // A run has ended, and may be waited for; waits_for_run.
    forRun: session.hot<Step & { readonly number: number }>(
      "SELECT number, run_id, task_id FROM waits WHERE awaited_run_id = ?",
    ),
    deleteOne: session.hot("DELETE FROM waits WHERE number = ?"),
    // One of several awaited runs has ended; waits_of_task.
    awaitsMore: session.hot(
      "SELECT 1 FROM waits WHERE run_id = ? AND task_id = ? AND awaited_run_id IS NOT NULL AND number <> ? LIMIT 1",
    ),
    // A run is opened again: waits for runs, of those whose steps name it; tasks_of_child, primary key and waits_of_task.
    ofReaders:
      session.hot<Step>(`SELECT waits.run_id, task_id FROM tasks CROSS JOIN runs ON runs.number = tasks.run_number
      CROSS JOIN waits ON waits.run_id = runs.id WHERE tasks.child_run_id = ? AND awaited_run_id IS NOT NULL`),
    // One of them goes on for it, too; waits_of_task.
    awaitAgain: session.hot(`INSERT INTO waits (run_id, task_id, is_parked, awaited_run_id)
      SELECT run_id, task_id, is_parked, ? FROM waits WHERE run_id = ? AND task_id = ? LIMIT 1`),
    // A signal was sent: the oldest wait has it; waits_for_signal.
    forSignal: session.hot<Step>(
      "SELECT run_id, task_id FROM waits WHERE signal_name = ? AND signal_id IS ? ORDER BY number LIMIT 1",
    ),
    // A request comes, or is about to; waits_for_request.
    forRequest: session.hot<Step>("SELECT run_id, task_id FROM waits WHERE token = ?"),
    // A step has ended, and several processes had died under its run; primary key.
    takeBackCrashes: session.hot(`UPDATE runs SET crash_count = ${CRASHES_AFTER_PROGRESS} WHERE number = ?`),
    // A wait is over, and that was appended; primary key.
    countEvents: session.hot("UPDATE runs SET event_count = ? WHERE number = ?"),
    // What has become due; waits_due.
    due: session.hot<Step>("SELECT run_id, task_id FROM waits WHERE wake_at <= ? ORDER BY wake_at LIMIT ?"),
  };
}

/*
 * What steps wait for, and the one place where a wait is resolved: its rows go, its step gets the answer, and
 * the run wakes if it is parked on that step. Registering looks whether the condition is already met, in the
 * same transaction, so nothing that happens between looking and waiting is missed.
 */
export class Waits {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #runs: LiveRuns;
  readonly #line: Line;
  readonly #tasks: Tasks;
  readonly #events: Events;
  readonly #signals: KeptSignals;

  constructor(session: Session, parts: WaitParts) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#runs = parts.runs;
    this.#line = parts.line;
    this.#tasks = parts.tasks;
    this.#events = parts.events;
    this.#signals = parts.signals;
  }

  /** Writes a step of an executing run; gives it resolved where it waits for what is there already. */
  record(run: RecordingRun, task: TaskRecord, now: number): TaskRecord | null {
    const { number, id, status, has_waits: hasWaits } = run;
    this.#tasks.write(number, task);
    if (run.crash_count > CRASHES_AFTER_PROGRESS && isProgress(task)) this.#sql.takeBackCrashes.run(number);
    if (hasWaits === 1) this.#sql.delete.all(id, task.id);
    if (!this.#look(id, task, now)) return null;
    this.#session.changes.note(id, status);
    return this.#tasks.find(id, task.id) ?? null;
  }

  /** Deletes a step that is to be made again, with what it waits for. */
  forget(runId: string, taskId: string): void {
    this.#sql.delete.all(runId, taskId);
    this.#tasks.forget(runId, taskId);
  }

  /** The run is opened again: what its steps still wait for may have come meanwhile. */
  registerAgain(runId: string, now: number): void {
    for (const task of this.#tasks.ofRun(runId)) this.#look(runId, task, now);
  }

  /** The run had ended and is opened again: who waits for it and for others that have not ended goes on to wait for it. */
  awaitAgain(runId: string): void {
    const steps = new Map(this.#sql.ofReaders.all(runId).map((step) => [JSON.stringify(step), step]));
    for (const step of steps.values()) {
      const wait = this.#tasks.find(step.run_id, step.task_id)?.wait;
      if (wait?.kind === "runs" && wait.runIds.includes(runId))
        this.#sql.awaitAgain.run(runId, step.run_id, step.task_id);
    }
  }

  /** From now on the run wakes when one of these steps is resolved; false: one of them waits no more. */
  park(runId: string, taskIds: readonly string[]): boolean {
    this.#sql.unpark.run(runId);
    return taskIds.every((taskId) => this.#sql.park.run(runId, taskId).changes > 0);
  }

  dropOfRun(runId: string): void {
    this.#sql.deleteOfRun.run(runId);
  }

  dropOfForgottenSteps(runId: string): void {
    this.#sql.deleteForgotten.run(runId);
  }

  /** Answers every step that waited for this run and waits for no other. */
  tellOfEnd(runId: string, now: number): void {
    for (const wait of this.#sql.forRun.all(runId)) {
      if (this.#sql.awaitsMore.get(wait.run_id, wait.task_id, wait.number) !== undefined) {
        this.#sql.deleteOne.run(wait.number);
      } else {
        this.#resolve(wait, { resolution: "ended", output: null, now });
      }
    }
  }

  deliverSignal(signal: SignalWrite, now: number): SignalOutcome {
    const step = this.#sql.forSignal.get(signal.name, signal.id);
    if (step === undefined) {
      this.#signals.keep(signal);
      return "kept";
    }
    this.#resolve(step, { resolution: "delivered", output: signal.payload, now });
    return "delivered";
  }

  awaitsRequest(token: string): boolean {
    return this.#sql.forRequest.get(token) !== undefined;
  }

  deliverRequest(token: string, answer: { readonly body: string; readonly now: number }): boolean {
    const step = this.#sql.forRequest.get(token);
    if (step === undefined) return false;
    this.#resolve(step, { resolution: "delivered", output: answer.body, now: answer.now });
    return true;
  }

  resolveDue(now: number, limit: number): void {
    for (const step of this.#sql.due.all(now, limit)) {
      const isTime = this.#tasks.find(step.run_id, step.task_id)?.wait?.kind === "time";
      this.#resolve(step, { resolution: isTime ? "due" : "timed-out", output: null, now });
    }
  }

  /** Tells whether the step waited for what is there already, and so is resolved; else it waits. */
  #look(runId: string, task: TaskRecord, now: number): boolean {
    const { id, wakeAt, wait } = task;
    if (task.status !== "WAITING" || wait === null) return false;
    const answer = this.#register({ runId, id, wakeAt, wait }, now);
    if (answer === null) return false;
    this.#tasks.resolve({ runId, taskId: id }, answer);
    this.#tell({ run_id: runId, task_id: id }, answer.now);
    return true;
  }

  /** The answer, when it is there already; else the wait has its rows. */
  #register(task: WaitingTask, now: number): Answer | null {
    const { wait, wakeAt } = task;
    switch (wait.kind) {
      case "time":
        if (wakeAt !== null && wakeAt <= now) return { resolution: "due", output: null, now };
        this.#insert(task, { wakeAt });
        return null;
      case "request":
        this.#insert(task, { token: wait.token, wakeAt });
        return null;
      case "signal": {
        const kept = this.#signals.take(wait);
        if (kept !== undefined) return { resolution: "delivered", output: kept.payload, now };
        this.#insert(task, { signal: wait, wakeAt });
        return null;
      }
      case "runs":
        return this.#registerRuns(task, wait.runIds) ? null : { resolution: "ended", output: null, now };
    }
  }

  /** A row for each unfinished run, and one of its own for the timeout, which must outlive each of them. */
  #registerRuns(task: WaitingTask, runIds: readonly string[]): boolean {
    const unfinished = [...new Set(runIds)].filter((id) => this.#runs.isUnfinished(id));
    for (const awaited of unfinished) this.#insert(task, { awaited });
    if (unfinished.length > 0 && task.wakeAt !== null) this.#insert(task, { wakeAt: task.wakeAt });
    return unfinished.length > 0;
  }

  #insert({ runId, id }: WaitingTask, { awaited, signal, token, wakeAt }: Condition): void {
    const columns = [awaited ?? null, signal?.name ?? null, signal?.id ?? null, token ?? null, wakeAt ?? null];
    this.#sql.insert.run(runId, id, ...columns);
  }

  #resolve(step: Step, answer: Answer): void {
    const rows = this.#sql.delete.all(step.run_id, step.task_id);
    this.#tasks.resolve({ runId: step.run_id, taskId: step.task_id }, answer);
    this.#tell(step, answer.now);
    const run = this.#runs.find(step.run_id);
    if (run === undefined) return;
    if (run.status === "WAITING" && rows.some((row) => row.is_parked === 1)) this.#line.queue(run, { now: answer.now });
    else this.#session.changes.note(run.id, run.status);
  }

  /** Appends the event that a wait is over; the end of a task's pause is told by its next attempt. */
  #tell(step: Step, now: number): void {
    const task = this.#tasks.find(step.run_id, step.task_id);
    const run = this.#runs.find(step.run_id);
    if (task === undefined || run === undefined || task.kind === "task") return;
    const seq = run.event_count + 1;
    this.#events.append(run.id, seq, { type: "task", at: now, task });
    this.#sql.countEvents.run(seq, run.number);
  }
}
