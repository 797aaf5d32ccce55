import type { IdempotencyKeys } from "./idempotency.ts";
import type { Requests } from "./requests.ts";
import type { Session } from "./session.ts";

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
];

function prepare(session: Session) {
  return {
    // Those that ended first, but for what an unfinished run may still read, or somebody is still to be told of; runs_finished,
    // tasks_of_child and the primary key of deliveries.
    find: session.hot<PrunedRun>(`SELECT id, job_id, idempotency_key, tags FROM runs WHERE completed_at < ?
        AND NOT EXISTS (SELECT 1 FROM runs parent WHERE parent.id = runs.parent_run_id AND parent.completed_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM tasks JOIN runs reader ON reader.number = tasks.run_number
          WHERE tasks.child_run_id = runs.id AND reader.completed_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.run_id = runs.id)
      ORDER BY completed_at LIMIT ?`),
    belongings: BELONGINGS.map((sql) => session.hot(sql)),
    untag: session.hot("DELETE FROM run_tags WHERE tag = ? AND run_id = ?"),
    delete: session.hot("DELETE FROM runs WHERE id = ?"),
  };
}

/** Deletes history that nobody needs. */
export class Pruning {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #keys: IdempotencyKeys;
  readonly #requests: Requests;

  constructor(session: Session, parts: { readonly keys: IdempotencyKeys; readonly requests: Requests }) {
    this.#sql = prepare(session);
    this.#keys = parts.keys;
    this.#requests = parts.requests;
  }

  prune(request: { readonly endedBefore: number; readonly limit: number; readonly now: number }): number {
    const { endedBefore, limit, now } = request;
    this.#requests.dropExpired(now, limit);
    const runs = this.#sql.find.all(endedBefore, limit);
    for (const run of runs) this.#delete(run);
    return runs.length;
  }

  #delete({ id, job_id: jobId, idempotency_key: key, tags }: PrunedRun): void {
    for (const statement of this.#sql.belongings) statement.run(id);
    for (const tag of tags === null ? [] : (JSON.parse(tags) as readonly string[])) this.#sql.untag.run(tag, id);
    if (key !== null) this.#keys.free({ jobId, key }, id);
    this.#sql.delete.run(id);
  }
}
