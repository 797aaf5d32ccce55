import type { AbortReason } from "@beckon/core/runtime";
import { toCancelRefusal } from "../cancel-refusal.ts";
import { decodeError, encodeError, toStoredError, toThrowable } from "../error-text.ts";
import type { TaskRecord } from "../store/records.ts";
import { untilStored } from "../until-stored.ts";
import type { Place } from "./frame.ts";
import { toOwnStepId } from "./step-id.ts";
import { finished, saveStep, type StepIdentity } from "./step.ts";

export interface CancelRequest {
  readonly jobId: string;
  readonly runId: string;
}

/** `run.cancel` inside a run: done once, and refused on replay where it was, whatever has become of the run since. */
export async function cancelInside(place: Place, request: CancelRequest): Promise<void> {
  const { frame, scope } = place;
  if (hasEnded(place)) return cancelAfterEnd(place, request);
  const step = identify(place, request);
  await frame.work(scope, async () => {
    const known = frame.memo.get(step.id);
    if (known !== undefined) {
      await frame.completions.turnOf(known);
      return answer(known);
    }
    await frame.beforeNewStep(scope);
    const refusal = await cancel(place, request.runId);
    if (refusal === null) return saveStep(place, step, finished(place, null));
    const stored = toStoredError(refusal);
    await saveStep(place, step, { ...finished(place, null), status: "FAILURE", error: encodeError(stored) });
    throw toThrowable(stored);
  });
}

/** By the end of its function, or of the run itself: nobody executes it again, so that nothing is to be recorded of it. */
function hasEnded({ frame }: Place): boolean {
  if (!frame.isClosed) return false;
  const { kind } = (frame.signal.reason ?? {}) as Partial<AbortReason>;
  return frame.interruption.current === null || kind === "canceled" || kind === "max-duration";
}

/** What the code of a run that is over cleans up is canceled as from outside. */
async function cancelAfterEnd({ frame }: Place, { runId }: CancelRequest): Promise<void> {
  const { store, clock } = frame.parts;
  const refusal = toCancelRefusal(runId, await store.cancelRun({ runId, now: clock.now() }));
  if (refusal !== null) throw refusal;
}

/** Each call is a step of its own: the same run may have been opened again in between. */
function identify({ scope }: Place, { jobId, runId }: CancelRequest): StepIdentity {
  const subject = `cancel:${runId}`;
  return {
    id: toOwnStepId(scope.id, `${subject}#${scope.takeNumber(subject)}`),
    kind: "value",
    name: `cancel ${jobId}`,
  };
}

function answer({ error }: TaskRecord): void {
  if (error !== null) throw toThrowable(decodeError(error));
}

/** A run that is canceled already is as it was to be: this call may have canceled it before a crash. */
async function cancel({ frame }: Place, runId: string): Promise<Error | null> {
  const { store, clock } = frame.parts;
  const outcome = await untilStored(() => store.cancelRun({ runId, now: clock.now() }), clock, frame.writer);
  const isCanceled = outcome.kind === "finished" && outcome.status === "CANCELED";
  return isCanceled ? null : toCancelRefusal(runId, outcome);
}
