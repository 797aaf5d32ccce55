import { decode, encode, ENVELOPE_DEPTH, instantAfter, WaitTimeoutError } from "@beckon/core/runtime";
import type { RunResult, WaitCycleError } from "@beckon/core/runtime";
import { digestOf } from "../digest.ts";
import { encodeError, toStoredError } from "../error-text.ts";
import { readResults } from "../read-result.ts";
import type { TaskRecord } from "../store/records.ts";
import { untilStored } from "../until-stored.ts";
import type { Place } from "./frame.ts";
import { findCycle, watchForStall } from "./stall-watch.ts";
import { toOwnStepId } from "./step-id.ts";
import { finished, noteStep, saveStep, type StepIdentity, toStepRecord } from "./step.ts";
import { awaitEnd } from "./wait-steps.ts";

export interface ResultsRequest {
  readonly jobId: string;
  readonly runIds: readonly string[];
  readonly timeoutMs: number | undefined;
}

type Results = readonly RunResult<unknown, unknown>[];

/** Waiting for runs inside a run: one durable wait, over when the last of them has ended. Asking again gives the same answer. */
export async function awaitRuns(place: Place, request: ResultsRequest): Promise<Results> {
  const { frame, scope } = place;
  if (request.timeoutMs !== undefined) return awaitInTime(place, request, request.timeoutMs);
  const identity = identify(place, request, subjectOf(request));
  return frame.sharedSteps.share(scope, identity.id, () =>
    frame.work(scope, () => awaitOnce(place, identity, request)),
  );
}

/** Waits that end at different times are different waits: so is one that begins while another is under way, and one after a timeout. */
async function awaitInTime(place: Place, request: ResultsRequest, timeoutMs: number): Promise<Results> {
  const { frame, scope } = place;
  const subject = `${subjectOf(request)}:${timeoutMs}`;
  const number = scope.takeNumber(subject);
  const identity = identify(place, request, number === 1 ? subject : `${subject}#${number}`);
  try {
    const results = await frame.work(scope, () => awaitOnce(place, identity, request));
    scope.freeNumber(subject, number);
    return results;
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) scope.freeNumber(subject, number);
    throw error;
  }
}

function subjectOf({ runIds }: ResultsRequest): string {
  const [first = ""] = runIds;
  return `result:${runIds.length === 1 ? first : digestOf(runIds)}`;
}

function identify({ scope }: Place, { runIds, jobId }: ResultsRequest, step: string): StepIdentity {
  const name = runIds.length === 1 ? `result of ${jobId}` : `results of ${runIds.length} × ${jobId}`;
  return { id: toOwnStepId(scope.id, step), kind: "result", name };
}

async function awaitOnce(place: Place, identity: StepIdentity, request: ResultsRequest): Promise<Results> {
  const { frame } = place;
  const recorded = frame.memo.get(identity.id);
  const answer = recorded?.output == null ? null : (decode(recorded.output) as Results);
  const isFresh = recorded === undefined || (answer !== null && isOutdated(place, recorded, answer));
  if (answer !== null && recorded !== undefined && !isFresh) {
    await frame.completions.turnOf(recorded);
    return answer;
  }
  const since = isFresh ? frame.parts.clock.now() : recorded.startedAt;
  if (isFresh) await beginWait(place, identity, { ...request, since });
  for (;;) {
    const results = await awaitEnds(place, identity, request);
    if (results.every((result) => result !== null)) return keepAnswer(place, identity, { ...request, results });
    // One was opened again by hand before this run had looked.
    await beginWait(place, identity, { ...request, since });
  }
}

async function awaitEnds(place: Place, identity: StepIdentity, { runIds, jobId }: ResultsRequest) {
  const { frame } = place;
  const isWaiting = frame.memo.get(identity.id)?.status === "WAITING";
  const cycle = isWaiting ? await findCycle(place) : null;
  if (cycle !== null) endInVain(place, identity, cycle);
  const stopWatch = isWaiting ? watchForStall(place, (stall) => endInVain(place, identity, stall)) : () => undefined;
  try {
    await awaitEnd(place, identity);
  } finally {
    stopWatch();
  }
  const { store, clock } = frame.parts;
  return untilStored(() => readResults(store, runIds, jobId), clock, frame.writer);
}

/** Ends a wait that would never end, with an error. */
function endInVain(place: Place, identity: StepIdentity, reason: WaitCycleError): void {
  const { frame } = place;
  const known = frame.memo.get(identity.id);
  if (known?.status !== "WAITING") return;
  const end = {
    status: "FAILURE",
    error: encodeError(toStoredError(reason)),
    completedAt: frame.parts.clock.now(),
  } as const;
  frame.resolveSteps([{ ...known, ...end, wait: null, wakeAt: null }]);
  noteStep(place, identity, end);
}

/** The answer is kept: a child that is retried by hand later must not change what its parent has seen. */
function keepAnswer(
  place: Place,
  identity: StepIdentity,
  { results, ...request }: ResultsRequest & { readonly results: Results },
): Results {
  const output = encode(results, `The ${identity.name}`, ENVELOPE_DEPTH);
  // Without an event: that the wait is over was told when the last run ended.
  place.frame.writer.noteTask(
    toStepRecord(place, identity, { ...stepFacts(place, request), ...finished(place, output) }),
  );
  return results;
}

/** What a failed attempt of this run saw of failed children does not bind the next: they may have been retried by hand. */
function isOutdated({ frame }: Place, record: TaskRecord, results: Results): boolean {
  return record.attempt < frame.claimed.run.attempt && results.some(({ ok }) => !ok);
}

async function beginWait(
  place: Place,
  identity: StepIdentity,
  request: ResultsRequest & { readonly since: number },
): Promise<void> {
  const { runIds, timeoutMs, since } = request;
  await place.frame.beforeNewStep(place.scope);
  await saveStep(place, identity, {
    ...stepFacts(place, request),
    status: "WAITING",
    wait: { kind: "runs", runIds },
    wakeAt: timeoutMs === undefined ? null : instantAfter(since, timeoutMs),
  });
}

/** The run's attempt, and the run whose failure a new attempt does not answer from. */
function stepFacts({ frame }: Place, { runIds }: ResultsRequest): Pick<TaskRecord, "attempt" | "childRunId"> {
  return { attempt: frame.claimed.run.attempt, childRunId: runIds.length === 1 ? (runIds[0] ?? null) : null };
}
