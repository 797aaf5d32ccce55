import type { RunDetail } from "@beckon/engine";
import type { Bodies } from "./bodies.ts";
import { RECORD_COLUMNS, type RecordRow, toRunRecord } from "./run-row.ts";
import type { Session } from "./session.ts";

interface DetailRow extends RecordRow {
  readonly input: string;
  readonly context: string | null;
  readonly output: string | null;
  readonly error: string | null;
  readonly beside: number;
}

function prepare(session: Session) {
  return {
    // A run is read; its id.
    find: session.hot<DetailRow>(
      `SELECT ${RECORD_COLUMNS}, input, context, output, error, beside FROM runs WHERE id = ?`,
    ),
    // What an unfinished run waits for; waits_of_task.
    awaited: session.hot<{ readonly awaited_run_id: string }>(
      "SELECT awaited_run_id FROM waits WHERE run_id = ? AND awaited_run_id IS NOT NULL",
    ),
  };
}

/** Whole runs, by id. */
export class RunReads {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #bodies: Bodies;

  constructor(session: Session, parts: { readonly bodies: Bodies }) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#bodies = parts.bodies;
  }

  read(runId: string): RunDetail | null {
    const row = this.#sql.find.get(runId);
    if (row === undefined) return null;
    // What lies beside the row is read by a second statement: both have to see one and the same moment.
    return row.beside === 0 ? toRunDetail(row) : this.#session.snapshot(() => this.#readWhole(runId));
  }

  #readWhole(runId: string): RunDetail | null {
    const row = this.#sql.find.get(runId);
    return row === undefined ? null : toRunDetail(this.#bodies.fill(row));
  }

  listAwaited(runId: string): readonly string[] {
    return [...new Set(this.#sql.awaited.all(runId).map((row) => row.awaited_run_id))];
  }
}

function toRunDetail(row: DetailRow): RunDetail {
  const { input, context, output, error } = row;
  return { ...toRunRecord(row), input, context, output, error };
}
