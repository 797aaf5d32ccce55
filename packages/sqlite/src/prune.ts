import type { IdempotencyKeys } from "./idempotency.ts";
import type { Session } from "./session.ts";

interface PruneRequest {
  readonly endedBefore: number;
  readonly giveUpBefore: number;
  readonly limit: number;
}

interface PrunedRun {
  readonly id: string;
  readonly job_id: string;
  readonly idempotency_key: string | null;
  readonly tags: string | null;
}

/** What is deleted with a run, each by the beginning of its primary key. */
const BELONGINGS = [
  "DELETE FROM bodies WHERE run_id = ?",
  "DELETE FROM tasks WHERE run_number = (SELECT number FROM runs WHERE id = ?)",
  "DELETE FROM events WHERE run_id = ?",
  "DELETE FROM statuses WHERE run_id = ?",
  "DELETE FROM kv WHERE scope = 'run:' || ?",
  "DELETE FROM deliveries WHERE run_id = ?",
];

/**
 * An unfinished run, or one that may be retried by hand for as long as its own retention lasts. One that is kept longer, for its
 * parent's sake, keeps nothing itself.
 */
const mayGoOn = (run: string): string =>
  `(${run}.completed_at IS NULL OR (${run}.status <> 'SUCCESS' AND ${run}.completed_at >= @endedBefore))`;

/** Somebody is to be told of it, and that was not given up: only who defines its job tries, and gives up in the end. */
const IS_TO_BE_TOLD = `(deliveries.created_at >= @giveUpBefore
  OR EXISTS (SELECT 1 FROM worker_jobs WHERE worker_jobs.job_id = deliveries.job_id))`;

/**
 * Canceling one that may go on, generations above, goes down through it to what it made. The way up ends after so many
 * generations: a run that makes its own successor may have as many above it as it likes. Primary keys, then runs_of_parent.
 */
const LEADS_DOWN = `(runs.is_detached = 0
  AND EXISTS (WITH RECURSIVE above (parent_run_id, is_detached, status, completed_at) AS (
      SELECT parent_run_id, is_detached, status, completed_at FROM runs parent WHERE parent.id = runs.parent_run_id
      UNION ALL SELECT maker.parent_run_id, maker.is_detached, maker.status, maker.completed_at
        FROM above JOIN runs maker ON maker.id = above.parent_run_id WHERE above.is_detached = 0
      LIMIT 20)
    SELECT 1 FROM above WHERE ${mayGoOn("above")})
  AND EXISTS (SELECT 1 FROM runs child WHERE child.parent_run_id = runs.id AND child.is_detached = 0))`;

/** What a run that may go on may still read, or somebody is still to be told of, stays; tasks_of_child and primary keys. */
const IS_NEEDLESS = `completed_at < @endedBefore
  AND NOT EXISTS (SELECT 1 FROM runs parent WHERE parent.id = runs.parent_run_id AND ${mayGoOn("parent")})
  AND NOT EXISTS (SELECT 1 FROM tasks JOIN runs reader ON reader.number = tasks.run_number
    WHERE tasks.child_run_id = runs.id AND ${mayGoOn("reader")})
  AND NOT ${LEADS_DOWN}
  AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.run_id = runs.id AND ${IS_TO_BE_TOLD})`;

function prepare(session: Session) {
  return {
    // Those that ended first; runs_finished.
    list: session.hot<{ readonly id: string }>(
      `SELECT id FROM runs WHERE ${IS_NEEDLESS} ORDER BY completed_at LIMIT @limit`,
    ),
    // Whether it still is needless when its turn comes; its id.
    find: session.hot<PrunedRun>(
      `SELECT id, job_id, idempotency_key, tags FROM runs WHERE ${IS_NEEDLESS} AND id = @id`,
    ),
    belongings: BELONGINGS.map((sql) => session.hot(sql)),
    untag: session.hot("DELETE FROM run_tags WHERE tag = ? AND run_id = ?"),
    delete: session.hot("DELETE FROM runs WHERE id = ?"),
  };
}

/** After this long a transaction leaves the rest to the next: a run may have thousands of steps and events. */
const MAX_TURN_MS = 10;

/** Deletes history that nobody needs. */
export class Pruning {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #keys: IdempotencyKeys;

  constructor(session: Session, parts: { readonly keys: IdempotencyKeys }) {
    this.#sql = prepare(session);
    this.#keys = parts.keys;
  }

  list({ endedBefore, giveUpBefore, limit }: PruneRequest): readonly string[] {
    return this.#sql.list.all({ endedBefore, giveUpBefore, limit }).map(({ id }) => id);
  }

  /** Deletes the first of these runs, each unless it came to be needed meanwhile; `done` tells how many were looked at. */
  deleteFirst(
    runIds: readonly string[],
    { endedBefore, giveUpBefore }: PruneRequest,
  ): { readonly done: number; readonly deleted: number } {
    const startedAt = performance.now();
    let done = 0;
    let deleted = 0;
    for (const runId of runIds) {
      const run = this.#sql.find.get({ endedBefore, giveUpBefore, id: runId });
      if (run !== undefined) {
        this.#delete(run);
        deleted += 1;
      }
      done += 1;
      if (performance.now() - startedAt > MAX_TURN_MS) break;
    }
    return { done, deleted };
  }

  #delete({ id, job_id: jobId, idempotency_key: key, tags }: PrunedRun): void {
    for (const statement of this.#sql.belongings) statement.run(id);
    for (const tag of tags === null ? [] : (JSON.parse(tags) as readonly string[])) this.#sql.untag.run(tag, id);
    if (key !== null) this.#keys.free({ jobId, key }, id);
    this.#sql.delete.run(id);
  }
}

/** Deletes run by run, in transactions that are short however much hangs on the runs. */
export async function pruneInTurns(
  store: {
    readonly pruning: Pruning;
    readonly write: <Value>(run: () => Value) => Promise<Value>;
  },
  request: PruneRequest,
): Promise<number> {
  const { pruning, write } = store;
  const runIds = await write(() => pruning.list(request));
  let pruned = 0;
  for (let from = 0; from < runIds.length;) {
    const { done, deleted } = await write(() => pruning.deleteFirst(runIds.slice(from), request));
    from += done;
    pruned += deleted;
  }
  return pruned;
}
