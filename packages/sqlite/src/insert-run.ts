import type { NewRun } from "@beckon/engine";
import { type Bodies, inline } from "./bodies.ts";
import type { LiveRun } from "./live-run.ts";
import { forEachRow, ManyRows } from "./many-rows.ts";
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

const PLAIN_COLUMNS = [
  ["id", "job_id", "job_version", "status", "hold"],
  ["priority", "created_at", "queued_at", "input", "beside"],
].flat();

/** For runs of which nothing else is to be said: a third of the cost of a birth is binding columns. */
function toPlainSql(rows: number, { columns, values }: typeof WAITS): string {
  const row = `(${forEachRow(PLAIN_COLUMNS.length, "?")}, 0, 0, 0, 0, 0, ${values})`;
  return `INSERT INTO runs (${PLAIN_COLUMNS.join(", ")}, is_test, is_detached, has_hooks, holds_place, born_delayed,
      attempt, execution_count, execution_ms, crash_count, event_count, lease${columns})
    VALUES ${forEachRow(rows, row)}`;
}

function prepare(session: Session) {
  return {
    // birth → QUEUED or DELAYED; rowid.
    waits: prepareGeneral(session, WAITS),
    plainWaits: new ManyRows(session, PLAIN_COLUMNS.length, {
      one: toPlainSql(1, WAITS),
      many: (rows) => toPlainSql(rows, WAITS),
    }),
    // birth → QUEUED → EXECUTING in one; rowid.
    begins: prepareGeneral(session, BEGINS),
    plainBegins: session.hot(toPlainSql(1, BEGINS)),
  };
}

/** Writes the rows of new runs. */
export class RunInserts {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #bodies: Bodies;
  /** The values of plain runs that wait, row after row: they are written together. */
  #waiting: unknown[] = [];

  constructor(session: Session, bodies: Bodies) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#bodies = bodies;
  }

  /** Begins anew: what was left by a transaction that was rolled back is forgotten. Ends with `flush`. */
  begin(): void {
    this.#waiting = [];
  }

  /** Gives the number of the row; null: `flush` writes it. */
  insert(item: NewRun, maker: Maker, start: Start): number | null {
    const { id, input, context } = item;
    const beside = this.#bodies.store(id, 0, { input, context });
    this.#session.changes.note(id, start.status);
    const isBegun = start.status === "EXECUTING";
    const begun = [start.workerId, start.queuedAt];
    if (!isPlain(item, maker, start)) {
      const columns = [...toColumns(item, maker, start), inline(input), inline(context), beside];
      return toNumber(isBegun ? this.#sql.begins.run(...columns, ...begun) : this.#sql.waits.run(...columns));
    }
    const { jobId, jobVersion, priority, createdAt } = item;
    const { status, hold, queuedAt } = start;
    const columns = [id, jobId, jobVersion, status, hold, priority, createdAt, queuedAt, inline(input), beside];
    if (isBegun) return toNumber(this.#sql.plainBegins.run(...columns, ...begun));
    this.#waiting.push(...columns);
    return null;
  }

  /** Writes the rows that are still to be written: nothing may look for these runs before. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#sql.plainWaits.run(this.#waiting);
    this.#waiting = [];
  }
}

function toNumber({ lastInsertRowid }: { readonly lastInsertRowid: number | bigint }): number {
  return Number(lastInsertRowid);
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
