import { inline } from "./bodies.ts";
import type { Limits } from "./limits.ts";
import { ManyRows, toParameterRows } from "./many-rows.ts";
import type { Session } from "./session.ts";
import type { SqliteClaim } from "./sqlite-claim.ts";
import type { ToldEvents } from "./told-events.ts";

/** A success that brings nothing but its output. */
export interface PlainEnd {
  readonly claim: SqliteClaim;
  readonly output: string | null;
  readonly executedMs: number;
  readonly now: number;
}

const VALUE_COUNT = 7;
const ASKED = (): string => "?";
const GIVEN = (column: number): string => `column${column}`;

const toSet = (value: (column: number) => string): string => `UPDATE runs SET status = 'SUCCESS', worker_id = NULL,
  completed_at = ${value(1)}, output = ${value(2)}, error = NULL, execution_ms = execution_ms + ${value(3)},
  crash_count = 0, event_count = max(event_count, ${value(4)}) + 1`;
const toWhere = (value: (column: number) => string): string => `WHERE number = ${value(5)} AND id = ${value(6)}
  AND lease = ${value(7)} AND status = 'EXECUTING' AND beside = 0 AND callback_url IS NULL AND has_hooks = 0
  AND NOT EXISTS (SELECT 1 FROM waits WHERE waits.run_id = runs.id)
  AND NOT EXISTS (SELECT 1 FROM waits WHERE awaited_run_id = runs.id)`;

function prepare(session: Session) {
  return {
    // EXECUTING → SUCCESS for claimed runs on which nothing hangs; primary key, waits_of_task and waits_for_run.
    end: new ManyRows(session, VALUE_COUNT, {
      one: `${toSet(ASKED)} ${toWhere(ASKED)} AND limit_id IS NULL`,
      many: (rows) => `${toSet(GIVEN)} FROM ${toParameterRows(rows, VALUE_COUNT)}
        ${toWhere(GIVEN)} AND limit_id IS NULL`,
    }),
    // The same for one that has a place of a limit.
    endOfLimit: session.hot(`${toSet(ASKED)}, holds_place = 0 ${toWhere(ASKED)} AND limit_id = ? AND holds_place = 1
      AND concurrency_key IS NULL`),
  };
}

interface EndParts {
  readonly limits: Limits;
  readonly told: ToldEvents;
}

/** The ends of most runs: they succeed while nobody waits for them, and nothing of theirs is left to be put away. */
export class PlainEnds {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #parts: EndParts;

  constructor(session: Session, parts: EndParts) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#parts = parts;
  }

  /** Ends the run, where it is such a one and still claimed; false: nothing was written. */
  end(end: PlainEnd): boolean {
    const { limitId } = end.claim;
    const values = this.#toValues(end);
    if (values === null) return false;
    const written =
      limitId === undefined ? this.#sql.end.run(values) : this.#sql.endOfLimit.run(...values, limitId).changes;
    if (written === 0) return false;
    if (limitId !== undefined) this.#parts.limits.free(limitId);
    this.#session.changes.note(end.claim.runId, "SUCCESS");
    return true;
  }

  /** The same for many, none of which has a place of a limit; false: it cannot be done for all, and nothing was written. */
  endAll(ends: readonly PlainEnd[]): boolean {
    const values = ends.map((end) => this.#toValues(end) ?? []);
    if (!this.#session.allOrNone(() => this.#sql.end.run(values.flat()) === ends.length)) return false;
    for (const { claim } of ends) this.#session.changes.note(claim.runId, "SUCCESS");
    return true;
  }

  /** null: the claim does not know the row, or the output lies beside it. */
  #toValues({ claim, output, executedMs, now }: PlainEnd): readonly unknown[] | null {
    const { runId, lease, known } = claim;
    if (known === undefined || inline(output) !== output) return null;
    return [now, output, executedMs, this.#parts.told.count(claim), known.number, runId, lease];
  }
}
