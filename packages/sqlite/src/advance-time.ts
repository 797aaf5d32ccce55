import type { Endings } from "./end-run.ts";
import type { Line } from "./line.ts";
import { LIVE_COLUMNS, type LiveRun, type LiveRuns } from "./live-run.ts";
import type { Session } from "./session.ts";
import type { Waits } from "./waits.ts";

interface Instant {
  readonly at: number;
}

function prepare(session: Session) {
  return {
    // DELAYED runs that are due; runs_delayed.
    delayed: session.hot<LiveRun>(`SELECT ${LIVE_COLUMNS} FROM runs
      WHERE status = 'DELAYED' AND wake_at <= ? ORDER BY wake_at LIMIT ?`),
    // Unstarted runs that waited too long; runs_expiring.
    expired: session.hot<{ readonly id: string }>(`SELECT id FROM runs
      WHERE status = 'QUEUED' AND started_at IS NULL AND expires_at <= ? ORDER BY expires_at LIMIT ?`),
    // When there is more to do; runs_delayed, waits_due and runs_expiring.
    nextDelayed: session.hot<Instant>(
      "SELECT wake_at AS at FROM runs WHERE status = 'DELAYED' ORDER BY wake_at LIMIT 1",
    ),
    nextWait: session.hot<Instant>("SELECT wake_at AS at FROM waits WHERE wake_at > 0 ORDER BY wake_at LIMIT 1"),
    nextExpiry: session.hot<Instant>(`SELECT expires_at AS at FROM runs
      WHERE status = 'QUEUED' AND started_at IS NULL AND expires_at > 0 ORDER BY expires_at LIMIT 1`),
  };
}

interface TimeParts {
  readonly runs: LiveRuns;
  readonly line: Line;
  readonly waits: Waits;
  readonly endings: Endings;
}

/** What happens by time alone. */
export class DueWork {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #parts: TimeParts;

  constructor(session: Session, parts: TimeParts) {
    this.#sql = prepare(session);
    this.#parts = parts;
  }

  advance({ now, limit }: { readonly now: number; readonly limit: number }): { readonly nextAt: number | null } {
    for (const run of this.#sql.delayed.all(now, limit)) {
      this.#parts.line.queue(run, { now, queuedAt: run.wake_at ?? now });
    }
    this.#parts.waits.resolveDue(now, limit);
    for (const { id } of this.#sql.expired.all(now, limit)) this.#expire(id, now);
    return { nextAt: this.#nextAt() };
  }

  /** Reads the run only now: the end of the one before may have given it a place. */
  #expire(runId: string, now: number): void {
    const run = this.#parts.runs.find(runId);
    if (run === undefined) return;
    const nothing = { output: null, error: null, executedMs: 0, isStillRunning: false };
    this.#parts.endings.end(run, { ...nothing, status: "EXPIRED", now });
  }

  #nextAt(): number | null {
    const { nextDelayed, nextWait, nextExpiry } = this.#sql;
    const instants = [nextDelayed, nextWait, nextExpiry].map((statement) => statement.get()?.at ?? Infinity);
    const nextAt = Math.min(...instants);
    return nextAt === Infinity ? null : nextAt;
  }
}
