import type { NewEvent, StatusWrite, StepOutcome, StepWrites } from "@beckon/engine";
import { type Bodies, inline } from "./bodies.ts";
import type { Events } from "./events.ts";
import type { LiveRuns, RecordingRun } from "./live-run.ts";
import type { Session } from "./session.ts";
import type { Statuses } from "./statuses.ts";
import type { Waits } from "./waits.ts";

function prepare(session: Session) {
  return {
    // The run's first execution keeps what `run` was given; primary key.
    keepPayload: session.hot("UPDATE runs SET payload = ?, beside = ? WHERE number = ?"),
    // Events were appended; primary key.
    countEvents: session.hot("UPDATE runs SET event_count = ? WHERE number = ?"),
  };
}

interface RecordParts {
  readonly runs: LiveRuns;
  readonly bodies: Bodies;
  readonly events: Events;
  readonly statuses: Statuses;
  readonly waits: Waits;
}

/** Writes what executions do while they go on. */
export class StepRecords {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #parts: RecordParts;

  constructor(session: Session, parts: RecordParts) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#parts = parts;
  }

  record(writes: StepWrites, now: number): StepOutcome {
    const { runs, waits } = this.#parts;
    const run = runs.findRecording(writes.claim);
    if (run === undefined) return { kind: "lost" };
    if (writes.payload !== null) this.#keepPayload(run, writes.payload);
    // Before the steps: that one begins to wait is told before that it waits no more.
    this.recordProgress(run, writes);
    // Before the steps: a run that waits for the signal it sends finds it kept, when nobody waited longer.
    for (const signal of writes.signals) waits.deliverSignal(signal, now);
    for (const taskId of writes.forgotten ?? []) waits.forget(run.id, taskId);
    const resolved = writes.tasks.map((task) => waits.record(run, task, now)).filter((task) => task !== null);
    return { kind: "recorded", resolved };
  }

  /** Gives how many events the run has then. */
  recordProgress(
    run: RecordingRun,
    progress: { readonly events: readonly NewEvent[]; readonly statuses: readonly StatusWrite[] },
  ): number {
    const { events, statuses } = this.#parts;
    statuses.write(run.id, progress.statuses);
    if (progress.events.length === 0) return run.event_count;
    const count = events.append(run.id, run.event_count, progress.events);
    this.#sql.countEvents.run(count, run.number);
    this.#session.changes.note(run.id, run.status);
    return count;
  }

  #keepPayload(run: RecordingRun, payload: string): void {
    const beside = this.#parts.bodies.store(run.id, run.beside, { payload });
    this.#sql.keepPayload.run(inline(payload), beside, run.number);
  }
}
