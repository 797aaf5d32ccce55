import type { RunQuery, RunRecord } from "@beckon/engine";
import { IdBounds } from "./id-bounds.ts";
import { is, type ListSearch, toListSearches } from "./list-searches.ts";
import { ReadyWalk } from "./ready-walk.ts";
import { type RecordRow, toRunRecord } from "./run-row.ts";
import type { Session, Statement } from "./session.ts";

function prepare(session: Session) {
  return {
    // The jobs that have runs, from one to the next; runs_of_job.
    jobIds: session.rare<{ readonly id: string }>(`WITH RECURSIVE known (id) AS (
      SELECT min(job_id) FROM runs UNION ALL SELECT (SELECT min(job_id) FROM runs WHERE job_id > known.id) FROM known WHERE id IS NOT NULL)
      SELECT id FROM known WHERE id IS NOT NULL`),
  };
}

/** Lists runs newest first. Pages are cut by id, so that runs of one millisecond are neither missed nor repeated. */
export class RunLists {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #bounds: IdBounds;
  readonly #readyWalk: ReadyWalk;
  /** The ways and filters are few, and so are the statements. */
  readonly #statements = new Map<string, Statement<RecordRow>>();

  constructor(session: Session) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#bounds = new IdBounds(session);
    this.#readyWalk = new ReadyWalk(session);
  }

  list(query: RunQuery): readonly RunRecord[] {
    const answers = this.#toSearches(query).map((search) => this.#run(search, query));
    const rows = answers.length === 1 ? answers.flat() : merge(answers.flat()).slice(0, query.limit);
    return rows.map(toRunRecord);
  }

  #toSearches(query: RunQuery): readonly ListSearch[] {
    const lower = query.from === undefined ? null : this.#bounds.around(query.from).before;
    const upper = query.to === undefined ? null : this.#bounds.around(query.to).after;
    const bounds = [is("runs.id > ?", lower), is("runs.id < ?", upper)].flat();
    return toListSearches(query, bounds, () => this.#sql.jobIds.all().map(({ id }) => id));
  }

  #run(search: ListSearch, { jobId, limit }: RunQuery): readonly RecordRow[] {
    const { sql, values } = search;
    if (search.kind !== "ready-walk") return this.#prepare(sql).all(...values);
    const ranks = this.#readyWalk.listRanks(jobId);
    if (ranks === null) return this.#prepare(search.overall.sql).all(...search.overall.values);
    return this.#readyWalk.findNewest(this.#prepare(sql), { ranks, values, limit });
  }

  #prepare(sql: string): Statement<RecordRow> {
    const statement = this.#statements.get(sql) ?? this.#session.rare<RecordRow>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function merge(rows: readonly RecordRow[]): readonly RecordRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...byId.values()].toSorted((one, other) => (one.id < other.id ? 1 : -1));
}
