import type { RunRecord, RunQuery } from "@beckon/engine";
import { RECORD_COLUMNS, type RecordRow, toRunRecord } from "./run-row.ts";
import type { Session, Statement } from "./session.ts";

interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Sorts behind every id that begins with the text before it. */
const LAST = "\u{10ffff}";

/** Lists runs newest first. Pages are cut by id, so that runs of one millisecond are neither missed nor repeated. */
export class RunLists {
  readonly #session: Session;
  /** The filters are few, and so are the statements. */
  readonly #statements = new Map<string, Statement<RecordRow>>();

  constructor(session: Session) {
    this.#session = session;
  }

  list(query: RunQuery): readonly RunRecord[] {
    const filters = toConditions(query);
    const { search } = query;
    if (search === undefined) return this.#select(filters, query.limit).map(toRunRecord);
    // Two searches by index and a merge: an OR over both would read every run.
    const byId = this.#select(
      [...filters, { sql: "id >= ? AND id < ?", values: [search, search + LAST] }],
      query.limit,
    );
    const byKey = this.#select([...filters, { sql: "idempotency_key = ?", values: [search] }], query.limit);
    const found = new Map([...byId, ...byKey].map((row) => [row.id, row]));
    return [...found.values()].toSorted(newestFirst).slice(0, query.limit).map(toRunRecord);
  }

  #select(conditions: readonly Condition[], limit: number): readonly RecordRow[] {
    const where = conditions.map(({ sql }) => sql).join(" AND ");
    const sql = `SELECT ${RECORD_COLUMNS} FROM runs ${where && `WHERE ${where}`} ORDER BY id DESC LIMIT ?`;
    const statement = this.#statements.get(sql) ?? this.#session.rare<RecordRow>(sql);
    this.#statements.set(sql, statement);
    return statement.all(...conditions.flatMap(({ values }) => values), limit);
  }
}

function newestFirst(one: RecordRow, other: RecordRow): number {
  return one.id < other.id ? 1 : -1;
}

function toConditions(query: RunQuery): Condition[] {
  const conditions: (Condition | null)[] = [
    is("job_id = ?", query.jobId),
    is("EXISTS (SELECT 1 FROM run_tags WHERE tag = ? AND run_id = runs.id)", query.tag),
    is("job_version = ?", query.version),
    is("is_test = ?", query.isTest === undefined ? undefined : Number(query.isTest)),
    is("created_at >= ?", query.from),
    is("created_at < ?", query.to),
    is("parent_run_id = ?", query.parentRunId),
    is("account_id = ?", query.accountId),
    is("id < ?", query.before),
    isOneOf(query.statuses),
  ];
  return conditions.filter((condition) => condition !== null);
}

function is(sql: string, value: string | number | undefined): Condition | null {
  return value === undefined ? null : { sql, values: [value] };
}

function isOneOf(statuses: RunQuery["statuses"]): Condition | null {
  if (statuses === undefined) return null;
  return { sql: `status IN (${statuses.map(() => "?").join(", ")})`, values: statuses };
}
