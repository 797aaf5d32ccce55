import { encode, formatIssues, retryDelayMs } from "@beckon/core/runtime";
import type { Issue, JobDefinition } from "@beckon/core/runtime";
import type { Interruption } from "./io/interruption.ts";
import { type RunError, toUncaught } from "./run-error.ts";
import type { Settlement } from "./store/records.ts";

/** What came out of a run's function. */
export type Outcome =
  | { readonly kind: "returned"; readonly output: unknown }
  | { readonly kind: "threw"; readonly error: RunError }
  | { readonly kind: "invalid-payload"; readonly issues: readonly Issue[] };

type SettlementKinds = Settlement extends infer S
  ? S extends Settlement
    ? Omit<S, "claim" | "executedMs" | "events" | "statuses" | "tasks">
    : never
  : never;

/** How an execution ends: the settlement to write, or nothing where the run was ended from outside already. */
export type Ending = SettlementKinds | { readonly kind: "lost" };

export interface EndFacts {
  readonly definition: JobDefinition;
  readonly attempt: number;
  readonly now: number;
  readonly random: () => number;
}

/** Decides how an execution ends. Pure: the settlement is written by `settle`. */
export function decideEnd(end: Outcome | Interruption, facts: EndFacts): Ending {
  switch (end.kind) {
    case "returned":
      return succeed(end.output, facts);
    case "threw":
      return failOrRetry(end.error, facts);
    case "invalid-payload":
      return fail({
        code: "INVALID_PAYLOAD",
        message: `The stored payload no longer fits the schema of job "${facts.definition.id}": ${formatIssues(end.issues, "payload")}`,
        issues: end.issues,
      });
    case "mismatched":
      return fail({ code: "STEP_MISMATCH", message: end.message });
    case "timed-out":
      return { kind: "end", status: "TIMED_OUT", output: null, error: null, isStillRunning: true };
    case "parked":
      return { kind: "park", taskIds: end.taskIds };
    case "drained":
    case "shut-down":
      return { kind: "give-back" };
    case "lost":
      return { kind: "lost" };
  }
}

function succeed(output: unknown, facts: EndFacts): Ending {
  try {
    return {
      kind: "end",
      status: "SUCCESS",
      output: encode(output, `The output of job "${facts.definition.id}"`),
      error: null,
      isStillRunning: false,
    };
  } catch (error) {
    // What a run returns is the user's: whatever it throws while it is written, its run has failed.
    return fail(toUncaught(error));
  }
}

function failOrRetry(error: RunError, facts: EndFacts): Ending {
  const { retry } = facts.definition;
  const delayMs = retry === null ? null : retryDelayMs(retry, facts.attempt, facts.random);
  if (delayMs === null) return fail(error);
  return { kind: "back-off", wakeAt: facts.now + delayMs, error: encode(error, "error") };
}

/** For an end that the store refuses: the run ends, and says why. */
export function failBecause(refusal: unknown, isStillRunning: boolean): SettlementKinds {
  return { ...fail(toUncaught(refusal)), isStillRunning };
}

function fail(error: RunError): SettlementKinds & { readonly kind: "end" } {
  return { kind: "end", status: "FAILURE", output: null, error: encode(error, "error"), isStillRunning: false };
}
