import type { RunStatus } from "./run.ts";

/** One reason why a run is not finished. Instants are Dates. */
export type RunReason =
  | { readonly kind: "delayed"; readonly until: Date }
  | { readonly kind: "retrying"; readonly until: Date; readonly attempt: number }
  /** The same of a task: `message` is that of the error that its last attempt failed with. */
  | {
      readonly kind: "retrying-task";
      readonly key: string;
      readonly message: string;
      readonly attempt: number;
      readonly until: Date;
    }
  /** `position` 1 starts next. */
  | { readonly kind: "queued"; readonly position: number }
  | {
      readonly kind: "limited";
      readonly limit: string;
      readonly taken: number;
      readonly max: number;
      readonly heldBy: readonly string[];
    }
  | { readonly kind: "paused" }
  /** So many processes in a row died under it: of such runs each server executes one at a time. */
  | { readonly kind: "suspect"; readonly crashes: number }
  /** No running server defines the job. */
  | { readonly kind: "no-worker" }
  /** `since`: when this execution began; of a run that waited, not its first. */
  | { readonly kind: "executing"; readonly since: Date; readonly tasks: readonly string[] }
  | { readonly kind: "waiting-until"; readonly key: string; readonly until: Date }
  /** One for each run that has not ended, five at the most for one step. */
  | { readonly kind: "waiting-for-run"; readonly key: string; readonly runId: string; readonly until: Date | null }
  /** `id`: which signal of that name; null: one that was sent without an id. */
  | {
      readonly kind: "waiting-for-signal";
      readonly key: string;
      readonly signal: string;
      readonly id: string | null;
      readonly until: Date | null;
    }
  | { readonly kind: "waiting-for-request"; readonly key: string; readonly until: Date | null }
  /** The step's result cannot be saved; it is kept in memory and saved when the disk allows. */
  | { readonly kind: "cannot-save"; readonly message: string }
  | { readonly kind: "finished"; readonly at: Date };

/** Why a run is not finished: a sentence for people, and the same as data. */
export interface RunExplanation {
  readonly runId: string;
  readonly status: RunStatus;
  readonly summary: string;
  readonly reasons: readonly RunReason[];
}
