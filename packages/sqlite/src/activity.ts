import type { EndedCount, LimitFacts } from "@beckon/engine";
import type { Session } from "./session.ts";

function prepare(session: Session) {
  return {
    // What ended in a stretch of time; runs_finished covers it, so that no row of a run is read. The class is that of
    // `durationClassOf` in the engine.
    ended:
      session.rare<EndedCount>(`SELECT (completed_at / CAST(@stretchMs AS INTEGER)) * CAST(@stretchMs AS INTEGER) AS "from", job_id AS jobId, status,
        CAST(CASE WHEN started_at IS NULL THEN 0 ELSE log2(max(completed_at - started_at, 0) + 1) * 4 END AS INTEGER)
          AS durationClass,
        count(*) AS count,
        sum(max(coalesce(started_at - queued_at, 0), 0)) AS queuedMs
      FROM runs INDEXED BY runs_finished
      WHERE completed_at IS NOT NULL AND completed_at >= @from AND completed_at < @to
      GROUP BY 1, 2, 3, 4`),
    // The limits that are used most, and how many wait for each as far as it is counted; runs_backlog.
    limits: session.rare<LimitFacts>(`SELECT id, max, taken,
        (SELECT count(*) FROM (SELECT 1 FROM runs
          WHERE limit_id = limits.id AND status = 'QUEUED' AND hold = 'limit' LIMIT @countTo)) AS waiting
      FROM limits ORDER BY taken DESC LIMIT @limit`),
  };
}

/** What overviews are made of. */
export class ActivityReads {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  countEnded(request: { readonly from: number; readonly to: number; readonly stretchMs: number }): EndedCount[] {
    return this.#sql.ended.all(request);
  }

  listLimits(request: { readonly limit: number; readonly countTo: number }): LimitFacts[] {
    return this.#sql.limits.all(request);
  }
}
