import type { Hold } from "@beckon/core/runtime";
import { isSuspect } from "@beckon/engine";
import type { Events } from "./events.ts";
import type { Limits, Standing } from "./limits.ts";
import type { LiveRun } from "./live-run.ts";
import type { Session } from "./session.ts";

function prepare(session: Session) {
  return {
    isPaused: session.hot<{ readonly found: 1 }>("SELECT 1 AS found FROM jobs WHERE id = ? AND is_paused = 1"),
    // DELAYED, WAITING, EXECUTING or failed → QUEUED; primary key.
    queue: session.hot(`UPDATE runs SET status = 'QUEUED', hold = ?, holds_place = ?, queued_at = ?, expires_at = ?,
      wake_at = NULL, worker_id = NULL, is_newborn = NULL, event_count = ? WHERE number = ?`),
  };
}

type Newcomer = Standing & Pick<LiveRun, "job_id" | "limit_id" | "crash_count">;

/** The line of runs that want to be executed: whoever becomes QUEUED comes in through here. */
export class Line {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #limits: Limits;
  readonly #events: Events;

  constructor(session: Session, parts: { readonly limits: Limits; readonly events: Events }) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#limits = parts.limits;
    this.#events = parts.events;
  }

  isPaused(jobId: string): boolean {
    return this.#sql.isPaused.get(jobId) !== undefined;
  }

  /** What keeps the run from starting; null: it may start, has taken its limit's place, and is announced as ready. */
  enter(run: Newcomer): Hold | null {
    const hold = this.admit(run, this.isPaused(run.job_id));
    // A suspect, too, may be claimed, by a worker that executes none.
    if (hold === null || hold === "suspect") this.#session.changes.noteReady();
    return hold;
  }

  /** The same for a run that somebody may take at once: whether it is announced is the caller's. */
  admit(run: Newcomer, isPaused: boolean): Hold | null {
    if (isPaused) return "paused";
    if (isSuspect({ crashCount: run.crash_count })) return "suspect";
    return run.limit_id === null || this.#limits.take(run.limit_id, run) ? null : "limit";
  }

  /**
   * Makes the run QUEUED. It must hold no place of its limit. `queuedAt`: its place in the line where that is
   * set anew; else it keeps the one it had.
   */
  queue(run: LiveRun, request: { readonly now: number; readonly queuedAt?: number }): void {
    const queuedAt = request.queuedAt ?? run.queued_at ?? request.now;
    const expiresAt = request.queuedAt === undefined ? run.expires_at : expiryOf(run, queuedAt);
    const hold = this.enter({ ...run, queued_at: queuedAt });
    const holdsPlace = hold === null && run.limit_id !== null ? 1 : 0;
    const seq = run.event_count + 1;
    this.#events.appendStatus(run.id, seq, { at: request.now, status: "QUEUED" });
    this.#sql.queue.run(hold, holdsPlace, queuedAt, expiresAt, seq, run.number);
    this.#session.changes.note(run.id, "QUEUED");
  }
}

/** Only the first start is awaited. */
function expiryOf({ ttl_ms: ttlMs, started_at: startedAt }: LiveRun, queuedAt: number): number | null {
  return ttlMs === null || startedAt !== null ? null : queuedAt + ttlMs;
}
