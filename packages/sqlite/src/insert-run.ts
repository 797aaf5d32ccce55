import type { NewRun } from "@beckon/engine";
import { type Bodies, inline } from "./bodies.ts";
import type { LiveRun } from "./live-run.ts";
import type { Session } from "./session.ts";

/** The run that makes the new one, and the step that does. */
export interface Maker {
  readonly run: LiveRun | null;
  readonly taskId: string | null;
}

/** Where a new run begins its life. */
export interface Start {
  readonly status: "QUEUED" | "DELAYED" | "EXECUTING";
  readonly hold: LiveRun["hold"];
  readonly holdsPlace: 0 | 1;
  readonly queuedAt: number | null;
  readonly wakeAt: number | null;
  readonly expiresAt: number | null;
  /** Whose it is from birth, when it is EXECUTING. */
  readonly workerId: string | null;
}

/** What a birth says last: alike for all that wait, and for all that a worker's slot was free for (its second event is EXECUTING). */
const WAITS = { columns: "", values: "1, 0, 0, 0, 1, 0" };
const BEGINS = { columns: ", started_seq, is_newborn, worker_id, started_at", values: "1, 1, 0, 0, 2, 1, 2, 1, ?, ?" };

function prepareGeneral(session: Session, { columns, values }: typeof WAITS) {
  return session.hot(`INSERT INTO runs (
      id, job_id, job_version, status, hold, priority, tags,
      is_test, replay_of, parent_run_id, parent_job_id, parent_task_id,
      is_detached, account_id, callback_url, has_hooks,
      idempotency_key, idempotency_digest, idempotency_expires_at,
      concurrency_key, limit_id, limit_max, holds_place, created_at, queued_at, wake_at,
      expires_at, ttl_ms, max_duration_ms,
      born_delayed, input, context, beside,
      attempt, execution_count, execution_ms, crash_count, event_count, lease${columns})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
      ${values})`);
}

/** For a run of which nothing else is to be said: a third of the cost of a birth is binding columns. */
function preparePlain(session: Session, { columns, values }: typeof WAITS) {
  return session.hot(`INSERT INTO runs (
      id, job_id, job_version, status, hold, priority, created_at, queued_at, input, beside,
      is_test, is_detached, has_hooks, holds_place, born_delayed,
      attempt, execution_count, execution_ms, crash_count, event_count, lease${columns})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
      0, 0, 0, 0, 0,
      ${values})`);
}

function prepare(session: Session) {
  return {
    // birth → QUEUED or DELAYED; rowid.
    waits: prepareGeneral(session, WAITS),
    plainWaits: preparePlain(session, WAITS),
    // birth → QUEUED → EXECUTING in one; rowid.
    begins: prepareGeneral(session, BEGINS),
    plainBegins: preparePlain(session, BEGINS),
  };
}

/** Writes the rows of new runs. */
export class RunInserts {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #bodies: Bodies;

  constructor(session: Session, bodies: Bodies) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#bodies = bodies;
  }

  /** Gives the number of the row. */
  insert(item: NewRun, maker: Maker, start: Start): number {
    const { lastInsertRowid } = this.#write(item, maker, start);
    this.#session.changes.note(item.id, start.status);
    return Number(lastInsertRowid);
  }

  #write(item: NewRun, maker: Maker, start: Start) {
    const { id, input, context } = item;
    const { status, workerId, hold, queuedAt } = start;
    const beside = this.#bodies.store(id, 0, { input, context });
    const begun = status === "EXECUTING" ? [workerId, queuedAt] : [];
    if (!isPlain(item, maker, start)) {
      const sql = status === "EXECUTING" ? this.#sql.begins : this.#sql.waits;
      return sql.run(...toColumns(item, maker, start), inline(input), inline(context), beside, ...begun);
    }
    const { jobId, jobVersion, priority, createdAt } = item;
    const sql = status === "EXECUTING" ? this.#sql.plainBegins : this.#sql.plainWaits;
    return sql.run(id, jobId, jobVersion, status, hold, priority, createdAt, queuedAt, inline(input), beside, ...begun);
  }
}

/** Whether every column that the plain statements leave out is empty. */
function isPlain(item: NewRun, maker: Maker, start: Start): boolean {
  return (
    start.status !== "DELAYED" &&
    maker.run === null &&
    item.limit === null &&
    item.context === null &&
    item.idempotency === null &&
    item.concurrencyKey === null &&
    item.accountId === null &&
    item.callbackUrl === null &&
    item.replayOf === null &&
    item.ttlMs === null &&
    item.maxDurationMs === null &&
    item.tags.length === 0 &&
    !(item.isTest || item.isDetached || item.hasHooks)
  );
}

/** What the general statements say before the texts, in their order, line by line. */
function toColumns(item: NewRun, maker: Maker, start: Start): readonly unknown[] {
  const { idempotency, limit } = item;
  return [
    [item.id, item.jobId, item.jobVersion, start.status, start.hold, item.priority, toTagText(item.tags)],
    [Number(item.isTest), item.replayOf, maker.run?.id ?? null, maker.run?.job_id ?? null, maker.taskId],
    [Number(item.isDetached), item.accountId, item.callbackUrl, Number(item.hasHooks)],
    [idempotency?.key ?? null, idempotency?.digest ?? null, idempotency?.expiresAt ?? null],
    [item.concurrencyKey, limit?.id ?? null, limit?.max ?? null],
    [start.holdsPlace, item.createdAt, start.queuedAt, start.wakeAt],
    [start.expiresAt, item.ttlMs, item.maxDurationMs],
    [start.status === "DELAYED" ? 1 : 0],
  ].flat();
}

function toTagText(tags: readonly string[]): string | null {
  return tags.length === 0 ? null : JSON.stringify(tags);
}
