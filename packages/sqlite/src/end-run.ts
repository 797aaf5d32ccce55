import type { TerminalStatus } from "@beckon/core/runtime";
import { type Bodies, inline } from "./bodies.ts";
import type { Deliveries } from "./deliveries.ts";
import type { IdempotencyKeys } from "./idempotency.ts";
import type { Limits } from "./limits.ts";
import type { Lingering } from "./lingering.ts";
import type { LiveRun } from "./live-run.ts";
import type { Session } from "./session.ts";
import type { Waits } from "./waits.ts";

export interface Ending {
  readonly status: TerminalStatus;
  readonly output: string | null;
  readonly error: string | null;
  readonly executedMs: number;
  /** true: its function still runs, and keeps the limit's place until it has settled. */
  readonly isStillRunning: boolean;
  readonly now: number;
}

function prepare(session: Session) {
  return {
    // any live status → finished; primary key.
    end: session.hot(`UPDATE runs SET status = ?, hold = NULL, holds_place = 0, wake_at = NULL, worker_id = NULL,
      completed_at = ?, output = ?, error = ?, beside = ?, execution_ms = execution_ms + ?, crash_count = 0, event_count = ?
      WHERE number = ?`),
  };
}

interface EndingParts {
  readonly bodies: Bodies;
  readonly limits: Limits;
  readonly lingering: Lingering;
  readonly keys: IdempotencyKeys;
  readonly deliveries: Deliveries;
  readonly waits: Waits;
}

/** The one place where a run ends, whoever ends it: all that hangs on it is told in the same transaction. */
export class Endings {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #parts: EndingParts;

  constructor(session: Session, parts: EndingParts) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#parts = parts;
  }

  end(run: LiveRun, ending: Ending): void {
    const { waits } = this.#parts;
    this.#write(run, ending);
    this.#leavePlace(run, ending);
    if (ending.status !== "SUCCESS") this.#freeKey(run);
    this.#addDeliveries(run, ending.now);
    if (run.has_waits === 1) waits.dropOfRun(run.id);
    if (run.is_awaited === 1) waits.tellOfEnd(run.id, ending.now);
    this.#session.changes.note(run.id, ending.status);
  }

  /** The event of the end is the last one, and read off the row. */
  #write(run: LiveRun, { status, output, error, executedMs, now }: Ending): void {
    const beside = this.#parts.bodies.store(run.id, run.beside, { output, error });
    const seq = run.event_count + 1;
    this.#sql.end.run(status, now, inline(output), inline(error), beside, executedMs, seq, run.number);
  }

  #leavePlace(run: LiveRun, { isStillRunning }: Ending): void {
    if (isStillRunning) this.#parts.lingering.keepPlaceOf(run);
    else this.#parts.limits.freePlaceOf(run);
    // A key's share of a limit goes with its last run.
    if (run.limit_id !== null && run.concurrency_key !== null) this.#parts.limits.dropUnused(run.limit_id);
  }

  #freeKey({ id, job_id: jobId, idempotency_key: key }: LiveRun): void {
    if (key !== null) this.#parts.keys.free({ jobId, key }, id);
  }

  #addDeliveries(run: LiveRun, now: number): void {
    if (run.callback_url !== null) this.#parts.deliveries.add(run, "callback", now);
    if (run.has_hooks === 1) this.#parts.deliveries.add(run, "hook", now);
  }
}
