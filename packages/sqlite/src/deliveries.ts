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

/** A delivery that nobody makes yet, as the indexes have it. */
interface OpenRow {
  readonly run_id: string;
  readonly kind: Delivery["kind"];
  readonly receiver: string;
  readonly due_at: number;
}

/** What is due first for a receiver; null: nothing of this worker's jobs. */
interface LineRow {
  readonly receiver: string;
  readonly due_at: number | null;
}

interface Found {
  readonly due: readonly OpenRow[];
  /** When the next is due of a receiver that is not full then. */
  readonly nextAt: number | null;
}

/** So many deliveries for receivers that are full are passed by; where there are more, each line is looked at instead. */
const MOST_PASSED = 200;

const OPEN = `FROM deliveries WHERE worker_id IS NULL AND kind = @kind`;
const OF_OWN_JOB = "job_id IN (SELECT job_id FROM worker_jobs WHERE worker_jobs.worker_id = @workerId)";
const ROWS = `SELECT run_id, kind, receiver, due_at ${OPEN} AND ${OF_OWN_JOB}`;

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
    // What is open, the longest due first; deliveries_due.
    open: session.hot<OpenRow>(`${ROWS} ORDER BY due_at`),
    // The receivers for which anything is open, each found behind the one before; deliveries_of_receiver.
    lines: session.hot<LineRow>(`WITH RECURSIVE lines (receiver) AS (SELECT min(receiver) ${OPEN}
        UNION ALL SELECT (SELECT min(receiver) ${OPEN} AND receiver > lines.receiver) FROM lines WHERE receiver IS NOT NULL)
      SELECT receiver, (SELECT due_at ${OPEN} AND receiver = lines.receiver AND ${OF_OWN_JOB} ORDER BY due_at LIMIT 1) AS due_at
      FROM lines WHERE receiver IS NOT NULL`),
    // The first in the line of this receiver; deliveries_of_receiver.
    inLine: session.hot<OpenRow>(`${ROWS} AND receiver = @receiver ORDER BY due_at LIMIT @room`),
    // A worker takes what is due of its jobs; primary key.
    claim: session.hot<DeliveryRow>(`UPDATE deliveries SET worker_id = ? WHERE run_id = ? AND kind = ?
      RETURNING run_id, kind, job_id, attempt, created_at`),
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

  claim(request: DeliveryRequest): {
    readonly deliveries: readonly Delivery[];
    readonly nextAt: number | null;
  } {
    const { workerId, kind } = request;
    const underWay = new Map<string, number>();
    for (const { receiver } of this.#sql.underWay.all(workerId, kind)) addOne(underWay, receiver);
    const { due, nextAt } = this.#followTime(request, underWay) ?? this.#lookAtLines(request, underWay);
    const claimed = due.flatMap((row) => this.#sql.claim.all(workerId, row.run_id, row.kind));
    return { deliveries: claimed.map(toDelivery), nextAt };
  }

  /**
   * Along what is open, the longest due first, to the first that is not to be taken: however much is due later is not read. null: so
   * much of it is for receivers that are full that it was left off.
   */
  #followTime(
    { workerId, kind, limit, limitOfReceiver, now }: DeliveryRequest,
    underWay: ReadonlyMap<string, number>,
  ): Found | null {
    const taken = new Map(underWay);
    const due: OpenRow[] = [];
    let passed = 0;
    for (const row of this.#sql.open.iterate({ kind, workerId })) {
      if ((taken.get(row.receiver) ?? 0) >= limitOfReceiver) {
        passed += 1;
        if (passed > MOST_PASSED) return null;
        continue;
      }
      if (row.due_at > now || due.length === limit) return { due, nextAt: row.due_at };
      addOne(taken, row.receiver);
      due.push(row);
    }
    return { due, nextAt: null };
  }

  /** From receiver to receiver, however much waits for one that is full: of those due longest, what they have room for. */
  #lookAtLines(
    { workerId, kind, limit, limitOfReceiver, now }: DeliveryRequest,
    underWay: ReadonlyMap<string, number>,
  ): Found {
    const roomOf = (receiver: string): number => limitOfReceiver - (underWay.get(receiver) ?? 0);
    const fronts = this.#sql.lines
      .all({ kind, workerId })
      .flatMap(({ receiver, due_at }) => (due_at === null || roomOf(receiver) <= 0 ? [] : [{ receiver, due_at }]))
      .toSorted(byTime);
    const lines = fronts
      .slice(0, limit)
      .filter(({ due_at }) => due_at <= now)
      .map(({ receiver }) => this.#sql.inLine.all({ kind, workerId, receiver, room: roomOf(receiver) }));
    const due = lines
      .flat()
      .filter(({ due_at }) => due_at <= now)
      .toSorted(byTime)
      .slice(0, limit);
    const found = new Set(due);
    // Of a receiver that is full now all that was read is taken.
    const next = lines.flatMap((line) => line.find((row) => !found.has(row)) ?? []);
    const [first] = [...next, ...fronts.slice(lines.length, lines.length + 1)].toSorted(byTime);
    return { due, nextAt: first?.due_at ?? null };
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

function addOne(counts: Map<string, number>, receiver: string): void {
  counts.set(receiver, (counts.get(receiver) ?? 0) + 1);
}

function byTime(one: { readonly due_at: number }, other: { readonly due_at: number }): number {
  return one.due_at - other.due_at;
}

function toDelivery(row: DeliveryRow): Delivery {
  return { runId: row.run_id, jobId: row.job_id, kind: row.kind, attempt: row.attempt, createdAt: row.created_at };
}
