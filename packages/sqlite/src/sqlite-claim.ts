import type { Claim } from "@beckon/engine";

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

/** `limitId` null: it counts against no limit; with a key, against its share. */
export function toClaim(
  { runId, lease }: Claim,
  { limitId, concurrencyKey }: { readonly limitId: string | null; readonly concurrencyKey: string | null },
  known: KnownRun,
): SqliteClaim {
  return limitId !== null && concurrencyKey !== null ? { runId, lease, known } : { runId, lease, limitId, known };
}
