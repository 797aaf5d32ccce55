import type { Claim } from "@beckon/engine";
import type { Limits } from "./limits.ts";
import type { LiveRun } from "./live-run.ts";
import type { Session } from "./session.ts";

interface Place {
  readonly limit_id: string;
}

function prepare(session: Session) {
  return {
    // A run ended under its function; primary key.
    keep: session.hot("INSERT INTO lingering (run_id, lease, worker_id, limit_id) VALUES (?, ?, ?, ?)"),
    // That function has settled; primary key.
    release: session.hot<Place>("DELETE FROM lingering WHERE run_id = ? AND lease = ? RETURNING limit_id"),
    // The process of such functions is gone; lingering_of_worker.
    releaseOfWorker: session.hot<Place>("DELETE FROM lingering WHERE worker_id = ? RETURNING limit_id"),
  };
}

/**
 * Functions that still run though their run has ended (canceled, timed out). They hold a place of their limit
 * by their own claim, not by the run's row, so that the run may be opened again meanwhile.
 */
export class Lingering {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #limits: Limits;

  constructor(session: Session, parts: { readonly limits: Limits }) {
    this.#sql = prepare(session);
    this.#limits = parts.limits;
  }

  keepPlaceOf(run: LiveRun): void {
    if (run.holds_place === 0 || run.limit_id === null) return;
    this.#sql.keep.run(run.id, run.lease, run.worker_id, run.limit_id);
  }

  release(claim: Claim): void {
    this.#free(this.#sql.release.all(claim.runId, claim.lease));
  }

  releaseOfWorker(workerId: string): void {
    this.#free(this.#sql.releaseOfWorker.all(workerId));
  }

  #free(places: readonly Place[]): void {
    for (const { limit_id: limitId } of places) {
      this.#limits.free(limitId);
      this.#limits.dropUnused(limitId);
    }
  }
}
