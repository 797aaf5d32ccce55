import type { Claim, ClaimedRun, NewRun, TaskRecord } from "./records.ts";

export interface CreateRunsRequest {
  readonly runs: readonly NewRun[];
  /** Minted by the caller: the same id within 24 h gives the first answer again. */
  readonly requestId: string | null;
  /** The run that makes these, and one `child` step for each; `childRunId` is filled in by the store. */
  readonly parent: { readonly claim: Claim; readonly steps: readonly TaskRecord[] } | null;
  /** This worker has `limit` free slots for the new runs. Default: they wait for a claim. */
  readonly claim?: { readonly workerId: string; readonly limit: number } | null | undefined;
  readonly now: number;
}

export type CreateRunsOutcome =
  /**
   * `runs`: in the order of the request. `isAdopted`: the idempotency key or the request id led to a run that was there.
   * `claimed`: those of them that are the worker's already, in the order of their turns.
   */
  | {
      readonly kind: "created";
      readonly runs: readonly { readonly id: string; readonly isAdopted: boolean }[];
      readonly claimed: readonly ClaimedRun[];
    }
  /** The key of the item at `index` belongs to a run with another payload, or to an item before it; nothing was written. */
  | { readonly kind: "conflict"; readonly index: number; readonly runId: string }
  /** The parent's claim is no longer good; nothing was written. */
  | { readonly kind: "lost" };

export interface BirthVerbs {
  /**
   * Makes all runs or none, with their idempotency rows and the parent's steps. Equal keys within one request give one run.
   *
   * With `claim`, the new runs that `claimRuns` of that worker and `limit` would give it right after this are claimed in
   * the same transition, as that would have done it, so that a run which need not wait is written once. A store hands over
   * fewer of them, or none, wherever that is simpler: always where another run that the worker could claim is ready.
   */
  createRuns(request: CreateRunsRequest): Promise<CreateRunsOutcome>;
}
