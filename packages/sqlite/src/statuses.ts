import type { StatusState } from "@beckon/core/runtime";
import type { StatusWrite } from "@beckon/engine";
import type { Session } from "./session.ts";

interface StatusRow {
  readonly number: number;
  readonly key: string;
  readonly label: string;
  readonly state: StatusState | null;
  readonly data: string | null;
  readonly updated_at: number;
}

function prepare(session: Session) {
  return {
    // A status record is made or updated, in its first place; unique (run_id, key).
    write: session.hot(`INSERT INTO statuses (run_id, key, label, state, data, updated_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (run_id, key) DO UPDATE SET label = excluded.label, state = excluded.state, data = excluded.data,
        updated_at = excluded.updated_at`),
    // A run is claimed again, or its records are read; unique (run_id, key).
    ofRun: session.hot<StatusRow>("SELECT number, key, label, state, data, updated_at FROM statuses WHERE run_id = ?"),
  };
}

/** The status records of runs. */
export class Statuses {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  write(runId: string, statuses: readonly StatusWrite[]): void {
    for (const { key, label, state, data, updatedAt } of statuses) {
      this.#sql.write.run(runId, key, label, state, data, updatedAt);
    }
  }

  /** In the order they were made. */
  ofRun(runId: string): readonly StatusWrite[] {
    const rows = this.#sql.ofRun.all(runId).toSorted((one, other) => one.number - other.number);
    return rows.map(({ key, label, state, data, updated_at: updatedAt }) => ({ key, label, state, data, updatedAt }));
  }
}
