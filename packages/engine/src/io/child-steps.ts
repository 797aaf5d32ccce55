import { OperationError, UnavailableError } from "@beckon/core/runtime";
import type { InvokeRequest } from "@beckon/core/runtime";
import { asRefusalOfItem } from "../batch-item.ts";
import { decodeError, encodeError, toStoredError, toThrowable } from "../error-text.ts";
import { LostParentError } from "../invoke.ts";
import { copyPayload } from "../payload-text.ts";
import type { TaskRecord } from "../store/records.ts";
import { StoreUnavailableError } from "../store/store-unavailable-error.ts";
import { untilStored } from "../until-stored.ts";
import { type CallItem, type ChildCall, findCall, toCallItem } from "./child-calls.ts";
import { inOrder } from "./completion-order.ts";
import type { Place } from "./frame.ts";
import { finished, saveStep, toStepRecord } from "./step.ts";

type BegunCall = Exclude<ChildCall, { readonly kind: "over" }>;
type NewCall = BegunCall & { readonly kind: "new" };

/**
 * `job.invoke` and `job.batchInvoke` inside a run: each child is made once, however often the parent replays, and
 * what was refused stays refused. Child rows and steps are one transaction.
 */
export async function invokeChildren(place: Place, request: InvokeRequest): Promise<readonly string[]> {
  const { frame, scope } = place;
  return frame.work(scope, async () => {
    // Later turns see the same, as outside of a run: there a payload is on its way to disk in the turn of its call.
    const items = request.items.map(({ payload, options }) => ({ payload: copyPayload(payload), options }));
    const made = toCallItems(place, { ...request, items });
    const calls = await findCalls(place, made);
    try {
      return await answerCalls(place, request, calls);
    } catch (error) {
      giveBack(place, made, calls);
      throw error;
    }
  });
}

async function answerCalls(
  place: Place,
  request: InvokeRequest,
  calls: readonly BegunCall[],
): Promise<readonly string[]> {
  const known = calls.filter(({ kind }) => kind === "known").map(({ step }) => step);
  const refused = known.find(({ status }) => status === "FAILURE");
  // Calls that took the place of a refused batch may have made the others, after it was refused.
  const last = refused ?? inOrder(known).at(-1);
  if (last !== undefined) await place.frame.completions.turnOf(last);
  if (refused !== undefined) throw toThrowable(decodeError(refused.error ?? ""));
  const births = calls.filter((call) => call.kind === "new");
  const madeIds = births.length === 0 ? [].values() : (await makeChildren(place, request, births)).values();
  return calls.map(({ kind, step }) => (kind === "known" ? (step.childRunId ?? "") : (madeIds.next().value as string)));
}

/** All of them before one is looked for: a batch that is refused for this takes nothing from the calls at the same time. */
function toCallItems(place: Place, { jobId, items, isBatch }: InvokeRequest): readonly CallItem[] {
  return items.map((item, index) => toCallItem(place, { jobId, item, index: isBatch ? index : undefined }));
}

/** Of a refused batch only one item is recorded: what comes after it is not looked for. */
async function findCalls(place: Place, made: readonly CallItem[]): Promise<readonly BegunCall[]> {
  const calls: BegunCall[] = [];
  try {
    for (const item of made) {
      const call = await findCall(place, item);
      if (call.kind === "over") return await letGo(place, calls);
      calls.push(call);
      if (call.step.status === "FAILURE") break;
    }
    return calls;
  } catch (error) {
    giveBack(place, made, calls);
    throw error;
  }
}

async function makeChildren(
  place: Place,
  request: InvokeRequest,
  births: readonly NewCall[],
): Promise<readonly string[]> {
  const { frame, scope } = place;
  if (scope.isOver || scope.isEnding) return letGo(place, births);
  await frame.beforeNewStep(scope);
  // In the turn in which they are on their way to disk: what ends after them must not be seen before them.
  const ended = births.map((birth) => ({ ...birth, step: endStep(place, birth.step) }));
  try {
    // Until it has settled, also where the attempt that asked for it is over: the next one must find the child, or none.
    const make = ({ step }: NewCall) =>
      frame.work(null, () => frame.completions.afterSaving(step, callChildren(place, request, ended)));
    const last = ended.at(-1);
    const runIds = last === undefined ? [] : await make(last);
    for (const [index, { step }] of ended.entries()) frame.memo.put({ ...step, childRunId: runIds[index] ?? null });
    return runIds;
  } catch (error) {
    forget(place, ended);
    if (!(error instanceof LostParentError)) throw await recordRefusal(place, births, error);
    frame.abort("lost-lease", "This run was canceled or taken over.");
    throw error;
  }
}

function endStep(place: Place, { id, kind, name, childJobId, childDigest }: TaskRecord): TaskRecord {
  return toStepRecord(place, { id, kind, name }, { ...finished(place, null), childJobId, childDigest });
}

/** A store that cannot write holds the call back, as it holds back a task's result: nothing has happened yet. */
function callChildren(
  { frame }: Place,
  { jobId, isBatch }: InvokeRequest,
  births: readonly NewCall[],
): Promise<readonly string[]> {
  const { claim, run } = frame.claimed;
  const steps = births.map(({ step }) => step);
  const parent = { claim, steps, jobId: run.jobId, isTest: run.isTest };
  const call = async (): Promise<readonly string[]> => {
    if (frame.isClosed) throw new LostParentError("The run that makes this call is not executing any more.");
    try {
      return await frame.parts.callChild({ jobId, items: births.map((birth) => birth.call.item), isBatch, parent });
    } catch (error) {
      if (error instanceof UnavailableError) throw new StoreUnavailableError(error.message, { cause: error });
      throw error;
    }
  };
  return untilStored(call, frame.parts.clock, frame.writer);
}

function forget({ frame }: Place, calls: readonly BegunCall[]): void {
  for (const { kind, step } of calls) if (kind === "new" && frame.isNewest(step)) frame.memo.drop(step.id);
}

/**
 * A refused batch has no children: what it has come by is there for the calls that the function makes in its place. Only once it
 * sees the refusal, because until then a replay finds these taken, too. The refusal itself stays this batch's.
 */
function giveBack(place: Place, made: readonly CallItem[], calls: readonly BegunCall[]): void {
  const { frame, scope } = place;
  forget(place, calls);
  for (const { kind, step } of calls)
    if (kind === "known" && step.childDigest !== null && step.status !== "FAILURE")
      scope.unkeyedCalls(step.childJobId ?? "", frame.memo).giveBack(step);
  for (const { by } of made) if ("key" in by && frame.memo.get(by.id)?.status !== "FAILURE") scope.giveKeyBack(by.id);
}

/** Calls of an attempt that is over, or fails, are not begun: what looks for the call after them must not find their steps. Never answers. */
async function letGo(place: Place, calls: readonly BegunCall[]): Promise<readonly never[]> {
  forget(place, calls);
  await place.frame.beforeNewStep(place.scope);
  return [];
}

/**
 * A refusal is kept: on replay the key may have become free, and the calls after this one must find their own. Resolves with
 * what every replay will throw: of Beckon's own class where it is one's, and of no other.
 */
async function recordRefusal(place: Place, births: readonly NewCall[], refusal: unknown): Promise<unknown> {
  const refused = births[indexOf(refusal)];
  // A call without a key that stands before it, and is not recorded, would take one that was made since for its own.
  const bearer = births.every(({ call }) => "key" in call.by) ? (refused ?? births[0]) : births[0];
  if (bearer === undefined) return refusal;
  const { id, kind, name, childJobId, childDigest } = bearer.step;
  // In its place among the calls: an equal one that was made since must not find the refusal.
  place.frame.memo.put(bearer.step);
  const stored = toStoredError(asRefusalOfItem(refusal, refused?.call.index));
  await saveStep(
    place,
    { id, kind, name },
    {
      status: "FAILURE",
      error: encodeError(stored),
      completedAt: place.frame.parts.clock.now(),
      childJobId,
      childDigest,
    },
  );
  return toThrowable(stored);
}

/** Among the new ones of a batch: those that are known from before were not asked for. */
function indexOf(refusal: unknown): number {
  const index: unknown = refusal instanceof OperationError ? Reflect.get(refusal, "index") : undefined;
  return typeof index === "number" ? index : -1;
}
