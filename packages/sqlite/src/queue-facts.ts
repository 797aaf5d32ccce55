import type { Hold, RunStatus } from "@beckon/core/runtime";
import type { QueueFacts } from "@beckon/engine";
import { IS_LISTED, IS_NEWBORN } from "./newborns.ts";
import type { Session } from "./session.ts";

interface Queued {
  readonly id: string;
  readonly job_id: string;
  readonly status: RunStatus;
  readonly hold: Hold | null;
  readonly priority: number;
  readonly queued_at: number | null;
  readonly limit_id: string | null;
  readonly crash_count: number;
}

interface Count {
  readonly count: number;
}

const COMES_BEFORE = `(priority > @priority OR (priority = @priority AND (queued_at < @queued_at OR (queued_at = @queued_at AND id < @id))))`;

function prepare(session: Session) {
  const count = (line: string) =>
    session.rare<Count>(`SELECT count(*) AS count FROM runs WHERE status = 'QUEUED' AND ${line} AND ${COMES_BEFORE}`);
  return {
    find: session.rare<Queued>(
      "SELECT id, job_id, status, hold, priority, queued_at, limit_id, crash_count FROM runs WHERE id = ?",
    ),
    // runs_ready, runs_backlog, runs_live
    readyBefore: count("hold IS NULL"),
    limitedBefore: count("hold = 'limit' AND limit_id = @limit_id"),
    pausedBefore: count(`${IS_LISTED} AND hold IS NOT NULL AND hold = 'paused' AND job_id = @job_id`),
    suspectBefore: session.rare<Count>(`SELECT count(*) AS count FROM runs WHERE status = 'QUEUED' AND hold = 'suspect'
      AND (crash_count < @crash_count OR (crash_count = @crash_count AND id > @id))`),
    limit: session.rare<{ readonly max: number; readonly taken: number }>("SELECT max, taken FROM limits WHERE id = ?"),
    // Ready and executing ones; runs_places, runs_live, the newest rows, and lingering_of_limit.
    holders: session.rare<{
      readonly run_id: string;
    }>(`SELECT id AS run_id FROM runs INDEXED BY runs_places WHERE limit_id = @id AND holds_place = 1 AND status = 'QUEUED'
      UNION ALL SELECT id FROM runs INDEXED BY runs_live WHERE status = 'EXECUTING' AND status <> 'QUEUED'
        AND ${IS_LISTED} AND limit_id = @id AND holds_place = 1
      UNION ALL SELECT id FROM runs NOT INDEXED WHERE ${IS_NEWBORN} AND limit_id = @id AND holds_place = 1
      UNION ALL SELECT run_id FROM lingering WHERE limit_id = @id`),
    isPaused: session.rare("SELECT 1 FROM jobs WHERE id = ? AND is_paused = 1"),
    hasWorker: session.rare("SELECT 1 FROM worker_jobs WHERE job_id = ? LIMIT 1"),
  };
}

/** Why a run has not started. */
export class QueueReads {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  read(runId: string): QueueFacts | null {
    const run = this.#sql.find.get(runId);
    if (run === undefined) return null;
    return {
      ahead: run.status === "QUEUED" ? this.#countAhead(run) : 0,
      limit: run.limit_id === null ? null : this.#readLimit(run.limit_id),
      isPaused: this.#sql.isPaused.get(run.job_id) !== undefined,
      hasWorker: this.#sql.hasWorker.get(run.job_id) !== undefined,
    };
  }

  #countAhead(run: Queued): number {
    const { readyBefore, limitedBefore, pausedBefore, suspectBefore } = this.#sql;
    switch (run.hold) {
      case null:
        return readyBefore.get(run)?.count ?? 0;
      case "limit":
        return limitedBefore.get(run)?.count ?? 0;
      case "paused":
        return pausedBefore.get(run)?.count ?? 0;
      case "suspect":
        return suspectBefore.get(run)?.count ?? 0;
    }
  }

  #readLimit(id: string): QueueFacts["limit"] {
    const limit = this.#sql.limit.get(id);
    if (limit === undefined) return null;
    return { id, ...limit, heldBy: this.#sql.holders.all({ id }).map((row) => row.run_id) };
  }
}
