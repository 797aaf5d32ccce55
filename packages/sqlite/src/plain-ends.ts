import { isShort } from "./bodies.ts";
import { NotTogetherError } from "./group-commit.ts";
import type { Limits } from "./limits.ts";
import { ManyRows, toParameterRows } from "./many-rows.ts";
import type { Session, Statement } from "./session.ts";
import type { SqliteClaim } from "./sqlite-claim.ts";
import type { ToldEvents } from "./told-events.ts";

/** A success that brings nothing but its output. */
export interface PlainEnd {
  readonly claim: SqliteClaim;
  readonly output: string | null;
  readonly executedMs: number;
  readonly now: number;
}

const VALUE_COUNT = 8;
const ASKED = (): string => "?";
const GIVEN = (column: number): string => `column${column}`;

const toSet = (value: (column: number) => string): string => `UPDATE runs SET status = 'SUCCESS', worker_id = NULL,
  holds_place = 0, completed_at = ${value(1)}, output = ${value(2)}, error = NULL, execution_ms = execution_ms + ${value(3)},
  crash_count = 0, event_count = max(event_count, ${value(4)}) + 1`;
const toWhere = (value: (column: number) => string): string => `WHERE number = ${value(5)} AND id = ${value(6)}
  AND lease = ${value(7)} AND limit_id IS ${value(8)} AND holds_place = (limit_id IS NOT NULL)
  AND status = 'EXECUTING' AND beside = 0 AND callback_url IS NULL AND has_hooks = 0
  AND NOT EXISTS (SELECT 1 FROM waits WHERE waits.run_id = runs.id)
  AND NOT EXISTS (SELECT 1 FROM waits WHERE awaited_run_id = runs.id)`;

interface EndParts {
  readonly limits: Limits;
  readonly told: ToldEvents;
}

/** The ends of most runs: they succeed while nobody waits for them, and nothing of theirs is left to be put away. */
export class PlainEnds {
  // EXECUTING → SUCCESS for claimed runs on which nothing hangs; primary key, waits_of_task and waits_for_run.
  readonly #update: ManyRows;
  // Of ends that were written together some were not; primary key.
  readonly #ended: Statement;
  readonly #session: Session;
  readonly #parts: EndParts;

  constructor(session: Session, parts: EndParts) {
    this.#update = new ManyRows(session, VALUE_COUNT, {
      one: `${toSet(ASKED)} ${toWhere(ASKED)}`,
      many: (rows) => `${toSet(GIVEN)} FROM ${toParameterRows(rows, VALUE_COUNT)} ${toWhere(GIVEN)}`,
    });
    this.#ended = session.hot(
      "SELECT 1 FROM runs WHERE number = ? AND id = ? AND lease = ? AND status = 'SUCCESS' AND completed_at = ?",
    );
    this.#session = session;
    this.#parts = parts;
  }

  /** Ends the run, where it is such a one and still claimed; false: nothing was written. */
  end(end: PlainEnd): boolean {
    const values = this.#toValues(end);
    if (values === null || this.#update.run(values) === 0) return false;
    this.#note(end);
    return true;
  }

  /** The same for many, by one statement for several; gives which it was done for. */
  endAll(ends: readonly PlainEnd[]): readonly boolean[] {
    const written = this.#update.run(ends.flatMap((end) => this.#toValues(end) ?? []));
    const areEnded = ends.map((end) => written === ends.length || this.#isEnded(end));
    // Who settles twice is told the second time that the claim is lost, and here cannot tell which was the first.
    if (areEnded.filter(Boolean).length > written) throw new NotTogetherError();
    for (const [index, end] of ends.entries()) if (areEnded[index]) this.#note(end);
    return areEnded;
  }

  #isEnded({ claim: { known, runId, lease }, now }: PlainEnd): boolean {
    return this.#ended.get(known?.number, runId, lease, now) !== undefined;
  }

  #note({ claim }: PlainEnd): void {
    const { runId, limitId } = claim;
    this.#parts.told.doubt(claim);
    if (limitId !== undefined && limitId !== null) this.#parts.limits.free(limitId);
    this.#session.changes.note(runId, "SUCCESS");
  }

  /** null: it is known beforehand that it is not plain. */
  #toValues(end: PlainEnd): readonly unknown[] | null {
    const { claim, output, executedMs, now } = end;
    const { runId, lease, known, limitId } = claim;
    if (known === undefined || !looksPlain(end)) return null;
    return [now, output, executedMs, this.#parts.told.count(claim), known.number, runId, lease, limitId];
  }
}

/** Whether the claim says enough and nothing against it, and the output stands in the row. */
export function looksPlain({ claim: { limitId, known }, output }: Pick<PlainEnd, "claim" | "output">): boolean {
  return known?.endsPlainly === true && limitId !== undefined && isShort(output);
}
