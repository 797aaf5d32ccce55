import type { HandVerbs, LogWrite } from "@beckon/engine";
import type { Deliveries } from "./deliveries.ts";
import type { Events } from "./events.ts";
import type { ForgottenSteps } from "./forgotten-steps.ts";
import type { IdempotencyKeys } from "./idempotency.ts";
import type { JobLimits } from "./job-limits.ts";
import type { Line } from "./line.ts";
import type { LiveRun, LiveRuns } from "./live-run.ts";
import type { Session } from "./session.ts";
import type { Waits } from "./waits.ts";

function prepare(session: Session) {
  return {
    // A failed run is not finished any more; primary key.
    reopen:
      session.hot(`UPDATE runs SET completed_at = NULL, is_newborn = NULL, attempt = attempt + 1, execution_ms_at_retry = execution_ms
      WHERE number = ?`),
  };
}

interface RetryParts {
  readonly runs: LiveRuns;
  readonly keys: IdempotencyKeys;
  readonly events: Events;
  readonly forgotten: ForgottenSteps;
  readonly waits: Waits;
  readonly deliveries: Deliveries;
  readonly jobLimits: JobLimits;
  readonly line: Line;
}

/** Opens failed runs again. */
export class Retries {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #parts: RetryParts;

  constructor(session: Session, parts: RetryParts) {
    this.#sql = prepare(session);
    this.#parts = parts;
  }

  retry({ runId, told, now }: Parameters<HandVerbs["retryRun"]>[0]): Awaited<ReturnType<HandVerbs["retryRun"]>> {
    const run = this.#parts.runs.find(runId);
    if (run === undefined) return { kind: "not-found" };
    if (run.completed_at === null || run.status === "SUCCESS") return { kind: "refused", status: run.status };
    const holder = this.#takeKey(run, now);
    if (holder !== null) return { kind: "key-taken", runId: holder };
    // The row will no longer tell of this end.
    this.#parts.events.appendStatus(run.id, run.event_count, { at: run.completed_at, status: run.status });
    this.#reopen({ ...run, event_count: this.#tell(run, told) }, now);
    return { kind: "reopened" };
  }

  /** The run that has the key by now, or null when this one has it again. */
  #takeKey(run: LiveRun, now: number): string | null {
    const { job_id: jobId, idempotency_key: key, idempotency_digest: digest, idempotency_expires_at: expiresAt } = run;
    if (key === null || digest === null || expiresAt === null) return null;
    const holder = this.#parts.keys.find({ jobId, key }, now);
    if (holder !== undefined) return holder.run_id;
    this.#parts.keys.take({ jobId, key }, { run_id: run.id, digest, expires_at: expiresAt });
    return null;
  }

  /** The run's number of events after it. */
  #tell({ id, event_count: count }: LiveRun, told: LogWrite | undefined): number {
    if (told === undefined) return count;
    this.#parts.events.append(id, count + 1, told);
    return count + 1;
  }

  #reopen(run: LiveRun, now: number): void {
    const { forgotten, waits, deliveries, jobLimits, line } = this.#parts;
    forgotten.forgetFailed(run);
    deliveries.dropOfRun(run.id);
    this.#sql.reopen.run(run.number);
    line.queue({ ...run, limit_id: jobLimits.renew(run) }, { now, queuedAt: now });
    waits.registerAgain(run.id, now);
    waits.awaitAgain(run.id);
  }
}
