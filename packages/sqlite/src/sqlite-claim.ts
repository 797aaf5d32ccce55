import type { Claim, RunRecord, TaskRecord } from "@beckon/engine";
import type { Session } from "./session.ts";

/** What this store hands out and is given back. */
export interface SqliteClaim extends Claim {
  /**
   * The limit of which the run has a place, null: of none. With it, most ends need not read the run. Not there where it is a
   * key's share, which goes with its last run, or in a claim that was made from its fields alone.
   */
  readonly limitId?: string | null;
  /** Not there in a claim that was made from its fields alone. */
  readonly known?: KnownRun;
}

/** What the holder of a claim knows of its run, so that most of its writes need not look for it. */
export class KnownRun {
  /**
   * Of its row. The number of a run that was pruned may be given to another: a statement that uses it asks for the id, too,
   * where the claim is not known to be good.
   */
  readonly number: number;
  /**
   * How many events it has, as far as the holder knows, who alone writes its steps. Others that append events write the
   * run's row, which has the larger number then.
   */
  eventCount: number;
  /** How many transactions had been rolled back then: what was counted in one of them is not true. */
  rollbacks: number;
  /** The calm in which the claim is good, and its row counts no more events than the holder knows of; null: it has to be looked at. */
  goodIn: object | null;
  /** Several processes died under it in a row: the next of its steps that ends takes that back, and so looks at the run. */
  hasCrashed = false;
  /** Nothing hangs on its end but the place of its limit, as far as is known. */
  endsPlainly = true;
  /** Steps that have a row and had not ended: their end changes it. Made for the first: most steps end as they begin. */
  #begun: Set<string> | undefined;

  constructor(number: number, eventCount: number, { rollbacks, calm }: Session) {
    this.number = number;
    this.eventCount = eventCount;
    this.rollbacks = rollbacks;
    this.goodIn = calm;
  }

  /** These steps of the run have a row. */
  learnSteps(tasks: readonly TaskRecord[]): void {
    for (const { id, kind, status, completedAt } of tasks) {
      if (status === "WAITING") this.endsPlainly = false;
      if (kind === "task" && completedAt === null) (this.#begun ??= new Set()).add(id);
    }
  }

  hasBegun(taskId: string): boolean {
    return this.#begun?.has(taskId) ?? false;
  }
}

/** `hasBeside`: some of its texts lie beside the row. */
export function toClaim(
  run: RunRecord,
  { lease, known, hasBeside }: { readonly lease: number; readonly known: KnownRun; readonly hasBeside: boolean },
): SqliteClaim {
  const { id: runId, limitId, concurrencyKey } = run;
  known.endsPlainly = !hasBeside && !isWaitedFor(run);
  return limitId !== null && concurrencyKey !== null ? { runId, lease, known } : { runId, lease, limitId, known };
}

/** By its parent, or by somebody who is to be told. */
function isWaitedFor({ parentRunId, isDetached, callbackUrl, hasHooks }: RunRecord): boolean {
  return (parentRunId !== null && !isDetached) || callbackUrl !== null || hasHooks;
}
