import { CLAIM, CLAIMED, type ClaimedRow } from "./claim-ready.ts";
import { comesBefore, type Limits, type Standing } from "./limits.ts";
import type { Session } from "./session.ts";

interface Suspect extends Standing {
  readonly number: number;
  readonly job_id: string;
  readonly limit_id: string | null;
  readonly crash_count: number;
}

function prepare(session: Session) {
  return {
    // All suspects: as many as dead processes executed, at the most, and mostly none; runs_backlog.
    list: session.hot<Suspect>(`SELECT number, id, job_id, priority, queued_at, limit_id, crash_count
      FROM runs INDEXED BY runs_backlog WHERE status = 'QUEUED' AND hold = 'suspect'`),
    // QUEUED → EXECUTING for one of them; primary key.
    claim: session.hot<ClaimedRow>(
      `${CLAIM}, hold = NULL, holds_place = @holdsPlace WHERE number = @number ${CLAIMED}`,
    ),
  };
}

/** Claims from the line of suspects. */
export class SuspectClaims {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #limits: Limits;

  constructor(session: Session, parts: { readonly limits: Limits }) {
    this.#sql = prepare(session);
    this.#limits = parts.limits;
  }

  /** The first for which there is a place: one that fell free in this transaction goes to the backlog, which may give way again. */
  take({
    jobIds,
    mostCrashes = Number.POSITIVE_INFINITY,
    ...claimer
  }: {
    readonly jobIds: readonly string[];
    readonly workerId: string;
    readonly mostCrashes: number | undefined;
    readonly now: number;
  }) {
    const suspects = this.#sql.list
      .all()
      .filter((one) => one.crash_count <= mostCrashes && jobIds.includes(one.job_id));
    const next = suspects.toSorted(byCrashes).find(this.#takePlace());
    if (next === undefined) return [];
    return this.#sql.claim.all({ ...claimer, number: next.number, holdsPlace: next.limit_id === null ? 0 : 1 });
  }

  /** Asks each limit once that turns out to be full: there may be many suspects of it, at each claim. */
  #takePlace(): (one: Suspect) => boolean {
    const full = new Map<string, Standing | undefined>();
    return (one) => {
      const limitId = one.limit_id;
      if (limitId === null) return true;
      const last = full.get(limitId);
      const isRefused = full.has(limitId) && (last === undefined || !comesBefore(one, last));
      if (isRefused) return false;
      if (this.#limits.take(limitId, one)) return true;
      full.set(limitId, this.#limits.findLastReady(limitId));
      return false;
    };
  }
}

/** The fewest crashes, then the newest. */
function byCrashes(one: Suspect, other: Suspect): number {
  return one.crash_count - other.crash_count || (one.id > other.id ? -1 : 1);
}
