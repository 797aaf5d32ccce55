import { type NotFoundError, RunStateError } from "@beckon/core/runtime";
import { notFound } from "./read-result.ts";
import type { Store } from "./store/store.ts";

type CancelOutcome = Awaited<ReturnType<Store["cancelRun"]>>;

/** Why a run was not canceled; null: it was. */
export function toCancelRefusal(runId: string, outcome: CancelOutcome): NotFoundError | RunStateError | null {
  switch (outcome.kind) {
    case "canceled":
      return null;
    case "not-found":
      return notFound(runId);
    case "finished":
      return new RunStateError(`Run ${runId} is finished (${outcome.status}) and cannot be canceled.`);
  }
}
