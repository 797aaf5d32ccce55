import type { LiveStatus } from "@beckon/core/runtime";
import type { JobFacts } from "@beckon/engine";
import { IS_LISTED, IS_NEWBORN } from "./newborns.ts";
import type { Session } from "./session.ts";

interface LiveCount {
  readonly job_id: string;
  readonly status: LiveStatus;
  readonly count: number;
}

interface VersionRow {
  readonly job_id: string;
  readonly version: string;
  readonly first_seen_at: number;
}

/** Over the live runs alone, in three parts; runs_ready, runs_live and the newest rows. */
export const COUNT_LIVE = `SELECT job_id, status, count(*) AS count FROM runs INDEXED BY runs_ready
    WHERE status = 'QUEUED' AND hold IS NULL GROUP BY job_id
  UNION ALL SELECT job_id, status, count(*) FROM runs INDEXED BY runs_live
    WHERE ${IS_LISTED} AND (status <> 'QUEUED' OR hold IS NOT NULL) GROUP BY job_id, status
  UNION ALL SELECT job_id, status, count(*) FROM runs NOT INDEXED WHERE ${IS_NEWBORN} GROUP BY job_id`;

function prepare(session: Session) {
  return {
    live: session.rare<LiveCount>(COUNT_LIVE),
    paused: session.rare<{ readonly id: string }>("SELECT id FROM jobs WHERE is_paused = 1"),
    versions: session.rare<VersionRow>(
      "SELECT job_id, version, first_seen_at FROM job_versions ORDER BY first_seen_at",
    ),
  };
}

/** What is known of jobs. */
export class JobReads {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  list(): readonly JobFacts[] {
    const live = Map.groupBy(this.#sql.live.all(), (row) => row.job_id);
    const versions = Map.groupBy(this.#sql.versions.all(), (row) => row.job_id);
    const paused = new Set(this.#sql.paused.all().map(({ id }) => id));
    return [...new Set([...live.keys(), ...versions.keys()])].toSorted().map((id) => ({
      id,
      isPaused: paused.has(id),
      live: toLiveCounts(live.get(id) ?? []),
      versions: (versions.get(id) ?? []).map((row) => ({ version: row.version, firstSeenAt: row.first_seen_at })),
    }));
  }
}

function toLiveCounts(rows: readonly LiveCount[]): JobFacts["live"] {
  const counts = { DELAYED: 0, QUEUED: 0, EXECUTING: 0, WAITING: 0 };
  for (const { status, count } of rows) counts[status] += count;
  return counts;
}
