import { StepMismatchError } from "@beckon/core/runtime";
import type { InvokeItem, StepKey } from "@beckon/core/runtime";
import { asRefusalOfItem } from "../batch-item.ts";
import { digestOf } from "../digest.ts";
import { encodePayload } from "../payload-text.ts";
import type { TaskRecord } from "../store/records.ts";
import type { Place } from "./frame.ts";
import { formatKey, toOwnStepId } from "./step-id.ts";
import { toStepRecord } from "./step.ts";
import type { ClaimedCall, UnkeyedCalls } from "./unkeyed-calls.ts";

/** A call of a job inside a run, as it was made. */
interface MadeCall {
  readonly jobId: string;
  readonly item: InvokeItem;
  /** Its place in the batch, where it is in one. */
  readonly index: number | undefined;
}

/** The same, with what its step is found by: its key, or the digest of its payload. */
export interface CallItem extends MadeCall {
  readonly by: { readonly key: StepKey; readonly id: string } | { readonly digest: string };
}

/**
 * The step that is recorded of a call, or the one that will record it, which has not ended yet. `over`: the attempt that makes it is,
 * and it is not begun.
 */
export type ChildCall =
  | { readonly kind: "known"; readonly step: TaskRecord }
  | { readonly kind: "new"; readonly step: TaskRecord; readonly call: CallItem }
  | { readonly kind: "over" };

/**
 * How long a call that fits no recorded one is held when no step is under way: the function may be busy with
 * something else, and make the recorded call after that.
 */
const PATIENCE_MS = 5_000;

/** Claims the key of a call, or takes its payload's digest. @throws DuplicateStepKeyError @throws InvalidPayloadError */
export function toCallItem({ scope }: Place, call: MadeCall): CallItem {
  const { key } = call.item.options;
  return { ...call, by: key === undefined ? { digest: digestOfPayload(call) } : { key, id: scope.claimKey(key) } };
}

/** Finds the step of a call by its key, or by its payload. */
export function findCall(place: Place, call: CallItem): ChildCall | Promise<ChildCall> {
  // What it would find, or miss, may be what a later attempt has made.
  if (place.scope.isOver) return { kind: "over" };
  const { by } = call;
  return "key" in by ? findKeyedCall(place, call, by) : findUnkeyedCall(place, call, by.digest);
}

function findKeyedCall(
  place: Place,
  call: CallItem,
  { key, id }: { readonly key: StepKey; readonly id: string },
): ChildCall {
  const step = place.frame.memo.get(id);
  if (step === undefined) return newCall(place, call, { id, digest: null });
  if (step.kind === "child" && step.childJobId === call.jobId) return { kind: "known", step };
  const recorded = step.kind === "child" ? `a call of job "${step.childJobId}"` : `a step of the kind "${step.kind}"`;
  throw mismatch(
    place,
    `invoked job "${call.jobId}" under the key ${formatKey(key)}, under which ${recorded} is recorded ` +
      `${whereIn(place)}: give the new call a key of its own.`,
  );
}

/**
 * An unkeyed call takes the oldest recorded call of this job with an equal payload that this execution has
 * not come by. If only others remain, they may still be on their way (under Promise.all the order can
 * change), so it lets everything else go first; if they remain even then, the code makes other calls than it
 * recorded, and the run ends rather than swap its children.
 */
async function findUnkeyedCall(place: Place, call: CallItem, digest: string): Promise<ChildCall> {
  const { jobId } = call;
  const calls = place.scope.unkeyedCalls(jobId, place.frame.memo);
  const claimed = await claimPatiently(place, calls, digest);
  if (place.scope.isOver) return { kind: "over" };
  switch (claimed.kind) {
    case "found":
      return { kind: "known", step: claimed.step };
    case "none":
      return newCall(place, call, { id: toOwnStepId(place.scope.id, `${jobId}#${calls.nextNumber()}`), digest });
    case "others":
      throw mismatch(
        place,
        `invoked job "${jobId}" with a payload that it had not invoked it with before, while a recorded call of that ` +
          `job ${whereIn(place)} was not made again. To end this run without a second child, deploy code that makes the ` +
          `recorded calls again, and retry it by hand. For the runs to come give each call a key, such as ` +
          `${jobId}.invoke(payload, { key: ["${jobId}", item.id] }), and keep what payloads are made of inside tasks.`,
      );
  }
}

async function claimPatiently({ frame, scope }: Place, calls: UnkeyedCalls, digest: string): Promise<ClaimedCall> {
  let claimed = calls.claim(digest);
  if (claimed.kind !== "others") return claimed;
  await frame.waitForQuiet(scope);
  const { clock } = frame.parts;
  const { promise: patienceOver, resolve } = Promise.withResolvers<void>();
  const endsAt = clock.now() + PATIENCE_MS;
  const stopTimer = clock.setTimer(endsAt, resolve, "deadline");
  frame.interruption.onInterruption(() => resolve());
  while ((claimed = calls.claim(digest)).kind === "others" && clock.now() < endsAt && !frame.isClosed)
    await Promise.race([calls.nextChange, patienceOver]);
  stopTimer();
  return claimed;
}

/** The error of a call that does not fit what was recorded: it ends the run whoever catches it. */
function mismatch({ frame }: Place, what: string): StepMismatchError {
  const error = new StepMismatchError(`On replay this run ${what}`);
  frame.release({ kind: "mismatched", message: error.message });
  return error;
}

function whereIn({ scope }: Place): string {
  return scope.id === null ? "in this run" : `inside step "${scope.id}"`;
}

function digestOfPayload(call: MadeCall): string {
  try {
    return digestOf(call.item.payload);
  } catch (error) {
    // What has no digest cannot be stored either, and is refused as outside of a run.
    checkStorable(call);
    throw error;
  }
}

function checkStorable({ jobId, item, index }: MadeCall): void {
  try {
    encodePayload(item.payload, jobId);
  } catch (error) {
    throw asRefusalOfItem(error, index);
  }
}

function newCall(
  place: Place,
  call: CallItem,
  { id, digest }: { readonly id: string; readonly digest: string | null },
): ChildCall {
  const step = toStepRecord(
    place,
    { id, kind: "child", name: call.jobId },
    { status: "RUNNING", childJobId: call.jobId, childDigest: digest },
  );
  return { kind: "new", step, call };
}
