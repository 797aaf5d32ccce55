import { StepMismatchError } from "@beckon/core/runtime";
import type { InvokeItem, InvokeRequest } from "@beckon/core/runtime";
import { digestOf } from "../digest.ts";
import { LostParentError } from "../invoke.ts";
import type { TaskRecord } from "../store/records.ts";
import { inOrder } from "./completion-order.ts";
import type { Place } from "./frame.ts";
import { toOwnStepId } from "./step-id.ts";
import { finished, toStepRecord } from "./step.ts";

/** One call of a job inside a run: the child that is known for it, or the step that will record it. */
type ChildCall =
  | { readonly kind: "known"; readonly runId: string; readonly step: TaskRecord }
  | { readonly kind: "new"; readonly item: InvokeItem; readonly step: TaskRecord };

/**
 * `job.invoke` and `job.batchInvoke` inside a run: each child is made once, however often the parent replays.
 * Child rows and steps are one transaction.
 */
export async function invokeChildren(place: Place, request: InvokeRequest): Promise<readonly string[]> {
  const { frame } = place;
  return frame.work(async () => {
    const calls: ChildCall[] = [];
    for (const item of request.items) calls.push(await findCall(place, request.jobId, item));
    const lastKnown = inOrder(calls.filter(({ kind }) => kind === "known").map(({ step }) => step)).at(-1);
    if (lastKnown !== undefined) await frame.completions.turnOf(lastKnown);
    const births = calls.filter((call) => call.kind === "new");
    if (births.length === 0) return calls.map((call) => (call.kind === "known" ? call.runId : ""));
    await frame.beforeNewStep(place.scope);
    const runIds = await makeChildren(place, request, births);
    const madeIds = runIds.values();
    return calls.map((call) => (call.kind === "known" ? call.runId : (madeIds.next().value as string)));
  });
}

async function makeChildren(
  place: Place,
  request: InvokeRequest,
  births: readonly (ChildCall & { kind: "new" })[],
): Promise<readonly string[]> {
  const { frame } = place;
  const { claim, run } = frame.claimed;
  const steps = births.map(({ step }) => step);
  try {
    const runIds = await frame.parts.callChild({
      jobId: request.jobId,
      items: births.map(({ item }) => item),
      isBatch: request.isBatch,
      parent: { claim, steps, jobId: run.jobId, isTest: run.isTest },
    });
    for (const [index, step] of steps.entries()) frame.memo.put({ ...step, childRunId: runIds[index] ?? null });
    return runIds;
  } catch (error) {
    for (const step of steps) frame.memo.drop(step.id);
    if (error instanceof LostParentError) frame.abort("lost-lease", "This run was canceled or taken over.");
    throw error;
  }
}

function findCall(place: Place, jobId: string, item: InvokeItem): ChildCall | Promise<ChildCall> {
  const { key } = item.options;
  if (key === undefined) return findUnkeyedCall(place, jobId, item);
  const id = place.scope.claimKey(key);
  const step = place.frame.memo.get(id);
  return step?.childRunId
    ? { kind: "known", runId: step.childRunId, step }
    : newCall(place, { id, jobId, item, digest: null });
}

/**
 * An unkeyed call takes the oldest recorded call of this job with an equal payload that this execution has
 * not come by. If only others remain, they may still be on their way (under Promise.all the order can
 * change), so it lets everything else go first; if they remain even then, the code makes other calls than it
 * recorded, and the run ends rather than swap its children.
 */
async function findUnkeyedCall(place: Place, jobId: string, item: InvokeItem): Promise<ChildCall> {
  const { frame, scope } = place;
  const digest = digestOf(item.payload);
  const isSettled = (): ChildCall | null => {
    const open = frame.memo.recordedCalls(scope.id, jobId).filter(({ id }) => !scope.hasClaimedCall(id));
    const match = open.find((task) => task.childDigest === digest);
    if (match !== undefined) {
      scope.claimCall(match.id);
      return { kind: "known", runId: match.childRunId ?? "", step: match };
    }
    return open.length > 0 ? null : newUnkeyedCall(place, { jobId, item, digest });
  };
  const call = isSettled();
  if (call !== null) return call;
  await frame.waitForQuiet(scope);
  const late = isSettled();
  if (late !== null) return late;
  const error = new StepMismatchError(
    `On replay this run invoked job "${jobId}" with a payload that it had not invoked it with before, while a recorded call of that job ` +
      `${scope.id === null ? "in this run" : `inside step "${scope.id}"`} was not made again: give each call a key, such as ` +
      `${jobId}.invoke(payload, { key: ["${jobId}", item.id] }), and keep what payloads are made of inside tasks.`,
  );
  frame.release({ kind: "mismatched", message: error.message });
  throw error;
}

function newUnkeyedCall(
  place: Place,
  call: { readonly jobId: string; readonly item: InvokeItem; readonly digest: string },
): ChildCall {
  const numbers = place.frame.memo
    .recordedCalls(place.scope.id, call.jobId)
    .map(({ id }) => Number(/#(\d+)$/.exec(id)?.[1] ?? 0));
  const number = place.scope.nextCallNumber(call.jobId, Math.max(0, ...numbers));
  const id = toOwnStepId(place.scope.id, `${call.jobId}#${number}`);
  place.scope.claimCall(id);
  return newCall(place, { id, ...call });
}

function newCall(
  place: Place,
  call: { readonly id: string; readonly jobId: string; readonly item: InvokeItem; readonly digest: string | null },
): ChildCall {
  const identity = { id: call.id, kind: "child", name: call.jobId } as const;
  const step = toStepRecord(place, identity, {
    ...finished(place, null),
    childJobId: call.jobId,
    childDigest: call.digest,
  });
  return { kind: "new", item: call.item, step };
}
