import { frontOfLines, MOST_MERGED, type ReadyLines, toMergeSize } from "./ready-lines.ts";
import { BEGUN_COLUMNS, type RecordRow } from "./run-row.ts";
import type { Session, Statement } from "./session.ts";

export interface ClaimedRow extends RecordRow {
  readonly number: number;
  readonly limited_ms: number;
  readonly lease: number;
  readonly input: string;
  readonly payload: string | null;
  readonly context: string | null;
  readonly beside: number;
}

export const CLAIM = `UPDATE runs SET status = 'EXECUTING', worker_id = @workerId, lease = lease + 1,
  execution_count = execution_count + 1, event_count = event_count + 1,
  started_at = coalesce(started_at, @now), started_seq = coalesce(started_seq, event_count + 1)`;
export const CLAIMED = `RETURNING number, ${BEGUN_COLUMNS}, execution_ms - execution_ms_at_retry AS limited_ms,
  lease, input, payload, context, beside`;

/** Behind how many runs with a limit we look for those without one: they are claimed ahead, not looked for at any cost. */
const LIMITED_BETWEEN = 100;

/** Made for so many lines at the most. */
interface Claiming {
  readonly claim: Statement<ClaimedRow>;
  readonly claimFree: Statement<ClaimedRow>;
}

function prepareClaiming(session: Session, size: number): Claiming {
  const front = frontOfLines(size);
  return {
    // QUEUED → EXECUTING for the first of the ready runs of these jobs; runs_ready.
    claim: session.hot(`${CLAIM} WHERE number IN (SELECT number FROM (${front})) ${CLAIMED}`),
    // The same for those among them that may be claimed before they can begin; runs_ready.
    claimFree: session.hot(`${CLAIM} WHERE number IN (
      SELECT number FROM (${front}) WHERE limit_id IS NULL AND expires_at IS NULL LIMIT @limit) ${CLAIMED}`),
  };
}

/** Who claims how many, of which jobs: these in order. */
export interface Claimer {
  readonly jobIds: readonly string[];
  readonly workerId: string;
  readonly limit: number;
  readonly now: number;
}

/** Claims from the lines of ready runs. */
export class ReadyClaims {
  readonly #session: Session;
  readonly #lines: ReadyLines;
  /** By their size, prepared when one is first needed: but for one line, which is all that most claims have. */
  readonly #claiming: Map<number, Claiming>;

  constructor(session: Session, parts: { readonly lines: ReadyLines }) {
    this.#session = session;
    this.#lines = parts.lines;
    this.#claiming = new Map([[1, prepareClaiming(session, 1)]]);
  }

  /** Claims the next in the lines of these jobs: `limit` of them and, where there are so many, `ahead` more. */
  take({ ahead, ...claimer }: Claimer & { readonly ahead: number }): ClaimedRow[] {
    const rows = this.#takeFront("claim", claimer, 0);
    // Claiming starts a run for its limit and its ttl, so one that has either is not claimed before it can begin.
    if (ahead > 0 && rows.length === claimer.limit)
      rows.push(...this.#takeFront("claimFree", { ...claimer, limit: ahead }, LIMITED_BETWEEN));
    return rows;
  }

  /**
   * `between`: behind how many that are not taken we look. Where the next runs may stand in more lines than are merged, no
   * more are looked at than cannot be in more: the others are taken after them.
   */
  #takeFront(kind: keyof Claiming, claimer: Claimer, between: number): ClaimedRow[] {
    const { jobIds, workerId, limit, now } = claimer;
    if (limit === 0) return [];
    const wanted = limit + between;
    const chosen = this.#lines.choose(jobIds, { runs: Math.min(wanted, MOST_MERGED), now });
    if (chosen.length === 0) return [];
    const most = chosen.length < MOST_MERGED ? wanted : Math.min(wanted, MOST_MERGED);
    const statement = this.#claimingFor(chosen.length)[kind];
    const taken = statement.all({ jobIds: JSON.stringify(chosen), workerId, now, most, limit });
    if (most === wanted || taken.length === 0) return taken;
    return [...taken, ...this.#takeFront(kind, { ...claimer, limit: limit - taken.length }, between)];
  }

  #claimingFor(lines: number): Claiming {
    const size = toMergeSize(lines);
    const claiming = this.#claiming.get(size) ?? prepareClaiming(this.#session, size);
    this.#claiming.set(size, claiming);
    return claiming;
  }
}
