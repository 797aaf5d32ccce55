import {
  type Claim,
  CRASHES_AFTER_PROGRESS,
  type NewEvent,
  type StoredEvent,
  type TaskRecord,
  toTaskEvent,
} from "@beckon/engine";
import { NotTogetherError } from "./group-commit.ts";
import { isPlainStep, type PlainStep, PlainSteps } from "./plain-steps.ts";
import type { Session } from "./session.ts";
import { KnownRun, type SqliteClaim } from "./sqlite-claim.ts";
import type { TaskRow } from "./tasks.ts";

/** Later events are stored: so that who reads on behind them need not look at the steps of a long run. */
const LAST_TOLD_SEQ = 256;
/** In characters. A longer output lies on pages of its own, which looking at what the row tells would read. */
const LONGEST_OUTPUT = 512;

/** How many events a run has, in a statement on `runs`. Those that its steps tell come into its row when it stops executing. */
export const EVENT_COUNT = `CASE WHEN status = 'EXECUTING' AND event_count < ${LAST_TOLD_SEQ}
    THEN max(event_count, coalesce((SELECT max(told_seq) FROM tasks WHERE run_number = runs.number), 0))
    ELSE event_count END AS event_count`;

type ToldRow = Pick<TaskRow, "id" | "kind" | "name" | "status" | "attempt"> & {
  readonly completed_at: number;
  readonly told_seq: number;
};

/** An event of a claimed run, and the steps that are written with it. */
export interface Telling {
  readonly claim: Claim;
  readonly event: NewEvent;
  readonly tasks: readonly TaskRecord[];
}

/** The event is one of a step. */
export type TaskTelling = Telling & { readonly event: { readonly type: "task" } };

const NOTHING = { event_count: 0, crash_count: 0 };

function prepare(session: Session) {
  return {
    // A step of a claimed run is recorded that began and ended in one write, if the run's row counts no more events than its
    // holder knows of; primary keys.
    write:
      session.hot(`INSERT INTO tasks (run_number, id, ordinal, end_ordinal, output, started_at, completed_at, told_seq,
        status, parent_id, kind, name, attempt, display)
      SELECT number, ?, ?, ?, ?, ?, ?, ?, 'SUCCESS', ?, ?, ?, ?, ?
      FROM runs WHERE number = ? AND id = ? AND lease = ? AND status = 'EXECUTING' AND event_count <= ?
      ON CONFLICT DO NOTHING`),
    // How many events a run has is not known, nor whether its crashes were taken back; the run's id, and the primary key of tasks.
    count: session.hot<{ readonly event_count: number; readonly crash_count: number }>(
      `SELECT ${EVENT_COUNT}, crash_count FROM runs WHERE id = ?`,
    ),
    // A reader asks for events; the run's id, and primary key.
    read: session.hot<ToldRow>(`SELECT id, kind, coalesce(name, id) AS name, status, attempt, completed_at, told_seq FROM tasks
      WHERE run_number = (SELECT number FROM runs WHERE runs.id = ?) AND told_seq > ?`),
  };
}

/*
 * Events that are not stored, because the row of a step tells them: that it has succeeded, and was never written before.
 * Such a row is never changed, so it goes on telling the same; where a new attempt forgets it, its event is stored (ForgottenSteps).
 */
export class ToldEvents {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #plainSteps: PlainSteps;

  constructor(session: Session) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#plainSteps = new PlainSteps(session);
  }

  /** What the holder of a new claim knows of a run that has so many. */
  know(runNumber: number, count: number): KnownRun {
    return new KnownRun(runNumber, count, this.#session);
  }

  /** How many events the claimed run has, but for those of others since its holder last knew: its row counts these. */
  count(claim: Claim): number {
    const { known } = claim as SqliteClaim;
    if (known?.rollbacks === this.#session.rollbacks) return known.eventCount;
    const { event_count: count, crash_count: crashes } = this.#sql.count.get(claim.runId) ?? NOTHING;
    if (known !== undefined) known.hasCrashed = crashes > CRASHES_AFTER_PROGRESS;
    this.learn(claim, count);
    return count;
  }

  learn(claim: Claim, count: number): void {
    const { known } = claim as SqliteClaim;
    if (known === undefined) return;
    known.eventCount = count;
    known.rollbacks = this.#session.rollbacks;
  }

  /**
   * The run of the claim was written otherwise than by plain steps, and may have events that its holder does not know of: it has
   * to be looked at. For a claim that was made from its fields alone this goes for whoever holds it.
   */
  doubt(claim: Claim): void {
    const { known } = claim as SqliteClaim;
    if (known === undefined) this.#session.endCalm();
    else known.goodIn = null;
  }

  /** Writes the step that tells this event, where one does and the claim is good; false: nothing was written. */
  tell(telling: Telling, seq: number): boolean {
    const { runId, lease, known } = telling.claim as SqliteClaim;
    // Whoever holds the claim with what is known would not hear of it.
    if (known === undefined || known.hasCrashed || seq > LAST_TOLD_SEQ || !isToldByStep(telling)) return false;
    const { task } = telling.event;
    if (known.hasBegun(task.id)) return false;
    if (isPlainStep(task)) return this.#plainSteps.write([{ task, seq, runId, lease, known }]);
    const { id, ordinal, endOrdinal, output, startedAt, completedAt, parentId, kind, name, attempt, display } = task;
    const facts = [id, ordinal, endOrdinal, output, startedAt, completedAt, seq];
    const others = [parentId, kind, name === id ? null : name, attempt, display];
    return this.#sql.write.run(...facts, ...others, known.number, runId, lease, seq - 1).changes === 1;
  }

  /** Whether a plain step tells the event, so that `tellAll` may take it. */
  isPlain(telling: Telling): telling is TaskTelling {
    const { known } = telling.claim as SqliteClaim;
    if (known === undefined || known.hasCrashed || known.eventCount >= LAST_TOLD_SEQ) return false;
    return isToldByStep(telling) && isPlainStep(telling.event.task) && !known.hasBegun(telling.event.task.id);
  }

  /**
   * Writes the plain steps that tell the next events of these claims.
   * @throws NotTogetherError where one of the claims is not good, or has too many events
   */
  tellAll(tellings: readonly TaskTelling[]): void {
    const steps = tellings.map(({ claim, event }): PlainStep => {
      const { runId, lease, known } = claim as SqliteClaim;
      const seq = this.count(claim) + 1;
      if (known === undefined || known.hasCrashed || seq > LAST_TOLD_SEQ) throw new NotTogetherError();
      this.learn(claim, seq);
      return { task: event.task, seq, runId, lease, known };
    });
    if (!this.#plainSteps.write(steps)) throw new NotTogetherError();
  }

  /** Those behind `after`, in any order. */
  read(runId: string, after: number): readonly StoredEvent[] {
    if (after >= LAST_TOLD_SEQ) return [];
    return this.#sql.read
      .all(runId, after)
      .map((row) => ({ seq: row.told_seq, ...toTaskEvent(row, row.completed_at) }));
  }
}

/** Whether the step is written for the first time, and has ended with this event. */
function isToldByStep(telling: Telling): telling is TaskTelling {
  const { event, tasks } = telling;
  if (event.type !== "task") return false;
  const { task } = event;
  return task.completedAt === event.at && isPlainSuccess(task) && tasks.includes(task);
}

function isPlainSuccess({
  status,
  error,
  output,
  childRunId,
  childJobId,
  wakeAt,
  wait,
  resolution,
}: TaskRecord): boolean {
  if (status !== "SUCCESS" || error !== null || childRunId !== null || childJobId !== null) return false;
  return wakeAt === null && wait === null && resolution === null && (output ?? "").length <= LONGEST_OUTPUT;
}
