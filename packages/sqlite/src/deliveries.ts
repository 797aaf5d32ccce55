import type { Delivery } from "@beckon/engine";
import type { Session } from "./session.ts";

interface DeliveryRow {
  readonly run_id: string;
  readonly job_id: string;
  readonly kind: Delivery["kind"];
  readonly attempt: number;
  readonly created_at: number;
}

const CLAIMABLE = `worker_id IS NULL AND job_id IN (SELECT job_id FROM worker_jobs WHERE worker_jobs.worker_id = ?)`;

/** Not one of a later end: its run may have been opened again. */
const AS_CLAIMED = "run_id = ? AND kind = ? AND attempt = ? AND created_at = ?";

function prepare(session: Session) {
  return {
    // A run has ended and somebody is to be told; primary key.
    add: session.hot(
      `INSERT INTO deliveries (run_id, kind, job_id, attempt, created_at, due_at) VALUES (?, ?, ?, 1, ?, ?)`,
    ),
    // A worker takes what is due of its jobs; deliveries_due.
    findDue: session.hot<DeliveryRow>(`SELECT run_id, kind, job_id, attempt, created_at FROM deliveries
      WHERE ${CLAIMABLE} AND due_at <= ? ORDER BY due_at LIMIT ?`),
    claim: session.hot("UPDATE deliveries SET worker_id = ? WHERE run_id = ? AND kind = ?"),
    nextDue: session.hot<{ readonly at: number }>(
      `SELECT due_at AS at FROM deliveries WHERE ${CLAIMABLE} ORDER BY due_at LIMIT 1`,
    ),
    // Delivered, or given up; primary key.
    finish: session.hot(`DELETE FROM deliveries WHERE ${AS_CLAIMED}`),
    // Failed: its next attempt is due later; primary key.
    retry: session.hot(`UPDATE deliveries SET worker_id = NULL, due_at = ?, attempt = attempt + 1 WHERE ${AS_CLAIMED}`),
    // The run is opened again: there is nothing to tell until it ends; primary key.
    dropOfRun: session.hot("DELETE FROM deliveries WHERE run_id = ?"),
    // A process is gone: others make its deliveries; deliveries_of_worker.
    giveBack: session.hot("UPDATE deliveries SET worker_id = NULL WHERE worker_id = ?"),
  };
}

/** What is to be told to the outside about finished runs. */
export class Deliveries {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;

  constructor(session: Session) {
    this.#sql = prepare(session);
    this.#session = session;
  }

  add(run: { readonly id: string; readonly job_id: string }, kind: Delivery["kind"], now: number): void {
    this.#sql.add.run(run.id, kind, run.job_id, now, now);
    this.#session.changes.noteDelivery();
  }

  claim(request: { readonly workerId: string; readonly limit: number; readonly now: number }): {
    readonly deliveries: readonly Delivery[];
    readonly nextAt: number | null;
  } {
    const { workerId, limit, now } = request;
    const rows = this.#sql.findDue.all(workerId, now, limit);
    for (const row of rows) this.#sql.claim.run(workerId, row.run_id, row.kind);
    return { deliveries: rows.map(toDelivery), nextAt: this.#sql.nextDue.get(workerId)?.at ?? null };
  }

  finish({ delivery, retryAt }: { readonly delivery: Delivery; readonly retryAt: number | null }): void {
    const { runId, kind, attempt, createdAt } = delivery;
    if (retryAt === null) this.#sql.finish.run(runId, kind, attempt, createdAt);
    else this.#sql.retry.run(retryAt, runId, kind, attempt, createdAt);
  }

  dropOfRun(runId: string): void {
    this.#sql.dropOfRun.run(runId);
  }

  giveBackOfWorker(workerId: string): void {
    if (this.#sql.giveBack.run(workerId).changes > 0) this.#session.changes.noteDelivery();
  }
}

function toDelivery(row: DeliveryRow): Delivery {
  return { runId: row.run_id, jobId: row.job_id, kind: row.kind, attempt: row.attempt, createdAt: row.created_at };
}
