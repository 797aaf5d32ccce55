import { type Delivery, type DeliveryRequest, toReceiver } from "@beckon/engine";
import type { LiveRun } from "./live-run.ts";
import type { Session } from "./session.ts";

interface DeliveryRow {
  readonly run_id: string;
  readonly job_id: string;
  readonly kind: Delivery["kind"];
  readonly attempt: number;
  readonly created_at: number;
}

/** A delivery that nobody makes yet. */
interface OpenRow extends DeliveryRow {
  readonly receiver: string;
  readonly due_at: number;
}

const OPEN = `SELECT run_id, kind, job_id, attempt, created_at, receiver, due_at FROM deliveries
  WHERE worker_id IS NULL AND kind = ? AND job_id IN (SELECT job_id FROM worker_jobs WHERE worker_jobs.worker_id = ?)`;

/** Not one of a later end: its run may have been opened again. */
const AS_CLAIMED = "run_id = ? AND kind = ? AND attempt = ? AND created_at = ?";

function prepare(session: Session) {
  return {
    // A run has ended and somebody is to be told; primary key.
    add: session.hot(
      `INSERT INTO deliveries (run_id, kind, job_id, receiver, attempt, created_at, due_at) VALUES (?, ?, ?, ?, 1, ?, ?)`,
    ),
    // Whom the worker is telling; deliveries_of_worker.
    underWay: session.hot<{ readonly receiver: string }>(
      "SELECT receiver FROM deliveries WHERE worker_id = ? AND kind = ?",
    ),
    // What is due first for the receiver after this one; deliveries_due.
    nextFront: session.hot<OpenRow>(`${OPEN} AND receiver > ? ORDER BY receiver, due_at LIMIT 1`),
    // The first in the line of this receiver; deliveries_due.
    inLine: session.hot<OpenRow>(`${OPEN} AND receiver = ? ORDER BY due_at LIMIT ?`),
    // A worker takes what is due of its jobs; primary key.
    claim: session.hot("UPDATE deliveries SET worker_id = ? WHERE run_id = ? AND kind = ?"),
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

  add(run: LiveRun, kind: Delivery["kind"], now: number): void {
    const receiver = toReceiver(kind, { jobId: run.job_id, callbackUrl: run.callback_url });
    this.#sql.add.run(run.id, kind, run.job_id, receiver, now, now);
    this.#session.changes.noteDelivery();
  }

  claim({ workerId, kind, limit, limitOfReceiver, now }: DeliveryRequest): {
    readonly deliveries: readonly Delivery[];
    readonly nextAt: number | null;
  } {
    const lines = this.#readLines({ workerId, kind, limitOfReceiver, now });
    const due = lines.flatMap((line) => line.filter((row) => row.due_at <= now));
    const claimed = new Set(due.toSorted((one, other) => one.due_at - other.due_at).slice(0, limit));
    for (const row of claimed) this.#sql.claim.run(workerId, row.run_id, row.kind);
    // Of a receiver that is full now all that was read is claimed.
    const next = lines.flatMap((line) => line.find((row) => !claimed.has(row))?.due_at ?? []);
    return { deliveries: [...claimed].map(toDelivery), nextAt: next.length === 0 ? null : Math.min(...next) };
  }

  /** Of each receiver that is not full, what it has room for; of one for which nothing is due, only what is due first. */
  #readLines({
    workerId,
    kind,
    limitOfReceiver,
    now,
  }: Omit<DeliveryRequest, "limit">): readonly (readonly OpenRow[])[] {
    const underWay = new Map<string, number>();
    for (const { receiver } of this.#sql.underWay.all(workerId, kind))
      underWay.set(receiver, (underWay.get(receiver) ?? 0) + 1);
    const lines: (readonly OpenRow[])[] = [];
    const findNext = (receiver: string) => this.#sql.nextFront.get(kind, workerId, receiver);
    for (let front = findNext(""); front !== undefined; front = findNext(front.receiver)) {
      const room = limitOfReceiver - (underWay.get(front.receiver) ?? 0);
      if (room <= 0) continue;
      lines.push(front.due_at > now ? [front] : this.#sql.inLine.all(kind, workerId, front.receiver, room));
    }
    return lines;
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
