import type { Claim, RunRecord } from "@beckon/engine";

/** What this store hands out and is given back. */
export interface SqliteClaim extends Claim {
  /**
   * The limit of which the run has a place, null: of none. With it, most ends need not read the run. Not there where more
   * hangs on the end than that: a key's share, which goes with its last run, a parent, somebody who is to be told, or texts
   * beside the row. Nor in a claim that was made from its fields alone.
   */
  readonly limitId?: string | null;
  /** Not there in a claim that was made from its fields alone. */
  readonly known?: KnownRun;
}

/** What the holder of a claim knows of its run, so that most of its writes need not look for it. */
export class KnownRun {
  /** Of its row. The number of a run that was pruned may be given to another: a statement that uses it asks for the id, too. */
  readonly number: number;
  /**
   * How many events it has, as far as the holder knows, who alone writes its steps. Others that append events write the
   * run's row, which has the larger number then.
   */
  eventCount: number;
  /** How many transactions had been rolled back then: what was counted in one of them is not true. */
  rollbacks: number;

  constructor(number: number, eventCount: number, rollbacks: number) {
    this.number = number;
    this.eventCount = eventCount;
    this.rollbacks = rollbacks;
  }
}

/** `hasBeside`: some of its texts lie beside the row. */
export function toClaim(
  run: RunRecord,
  { lease, known, hasBeside }: { readonly lease: number; readonly known: KnownRun; readonly hasBeside: boolean },
): SqliteClaim {
  const { id: runId, limitId } = run;
  return hasBeside || hangsOn(run) ? { runId, lease, known } : { runId, lease, limitId, known };
}

function hangsOn({ limitId, concurrencyKey, parentRunId, isDetached, callbackUrl, hasHooks }: RunRecord): boolean {
  const hasShare = limitId !== null && concurrencyKey !== null;
  return hasShare || (parentRunId !== null && !isDetached) || callbackUrl !== null || hasHooks;
}
