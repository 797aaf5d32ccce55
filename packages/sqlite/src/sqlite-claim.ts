import type { Claim } from "@beckon/engine";

/** What this store hands out and is given back. */
export interface SqliteClaim extends Claim {
  /** The limit of which the run has a place: with it, most ends need not read the run. */
  readonly limitId?: string;
  /** Not there in a claim that was made from its fields alone. */
  readonly known?: KnownEvents;
}

/**
 * How many events a run has, as far as the holder of its claim knows, who alone writes its steps. Others that append
 * events write the run's row, which has the larger number then.
 */
export class KnownEvents {
  count: number;
  /** How many transactions had been rolled back then: what was known in one of them is not true. */
  rollbacks: number;

  constructor(count: number, rollbacks: number) {
    this.count = count;
    this.rollbacks = rollbacks;
  }
}

/** `limitId` null: it counts against no limit. */
export function toClaim(claimed: Claim & { readonly limitId: string | null }, known: KnownEvents): SqliteClaim {
  const { runId, lease, limitId } = claimed;
  return limitId === null ? { runId, lease, known } : { runId, lease, limitId, known };
}
