import type { Session } from "./session.ts";

export interface KeyHolder {
  readonly run_id: string;
  readonly digest: string;
}

/** A key as a run brings it. */
export interface KeyClaim {
  readonly jobId: string;
  readonly key: string;
}

function prepare(session: Session) {
  return {
    // Whose the key is: a row whose time is over counts only while its run is unfinished; primary keys.
    find: session.hot<KeyHolder>(`SELECT run_id, digest FROM idempotency WHERE job_id = ? AND key = ? AND EXISTS (
      SELECT 1 FROM runs WHERE runs.id = idempotency.run_id AND (idempotency.expires_at > ? OR runs.completed_at IS NULL))`),
    // A run takes the key; primary key.
    take: session.hot("REPLACE INTO idempotency (job_id, key, run_id, digest, expires_at) VALUES (?, ?, ?, ?, ?)"),
    // A run that did not succeed, or was pruned, leaves the key; primary key.
    free: session.hot("DELETE FROM idempotency WHERE job_id = ? AND key = ? AND run_id = ?"),
  };
}

/** Which run an idempotency key leads to. */
export class IdempotencyKeys {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  find({ jobId, key }: KeyClaim, now: number): KeyHolder | undefined {
    return this.#sql.find.get(jobId, key, now);
  }

  take({ jobId, key }: KeyClaim, row: KeyHolder & { readonly expires_at: number }): void {
    this.#sql.take.run(jobId, key, row.run_id, row.digest, row.expires_at);
  }

  free({ jobId, key }: KeyClaim, runId: string): void {
    this.#sql.free.run(jobId, key, runId);
  }
}
