import { decode, encode, WaitCycleError, WaitTimeoutError } from "@beckon/core/runtime";
import type { RunResult } from "@beckon/core/runtime";
import { digestOf } from "../digest.ts";
import { readResults } from "../read-result.ts";
import type { Place } from "./frame.ts";
import { toOwnStepId } from "./step-id.ts";
import { finished, noteStep, saveStep, type StepIdentity } from "./step.ts";
import { awaitEnd, beginWait } from "./wait-steps.ts";

export interface ResultsRequest {
  readonly jobId: string;
  readonly runIds: readonly string[];
  readonly timeoutMs: number | undefined;
}

type Results = readonly RunResult<unknown, unknown>[];

/** Waiting for runs inside a run: one durable wait, over when the last of them has ended. Asking again gives the same answer. */
export async function awaitRuns(place: Place, request: ResultsRequest): Promise<Results> {
  const { frame, scope } = place;
  const { runIds, jobId } = request;
  const [first = ""] = runIds;
  const subject = `result:${runIds.length === 1 ? first : digestOf(runIds)}`;
  const timeouts = scope.countTimeouts(subject);
  const identity: StepIdentity = {
    id: toOwnStepId(scope.id, timeouts === 0 ? subject : `${subject}#${timeouts + 1}`),
    kind: "result",
    name: runIds.length === 1 ? `result of ${jobId}` : `results of ${runIds.length} × ${jobId}`,
  };
  return frame.shareStep(identity.id, async () => {
    try {
      return await frame.work(() => awaitOnce(place, identity, request));
    } catch (error) {
      // Asking again after that is another wait.
      if (error instanceof WaitTimeoutError) scope.noteTimeout(subject);
      throw error;
    }
  });
}

async function awaitOnce(place: Place, identity: StepIdentity, request: ResultsRequest): Promise<Results> {
  const { frame } = place;
  const { runIds, timeoutMs } = request;
  const known = frame.memo.get(identity.id);
  if (known?.output != null) {
    await frame.completions.turnOf(known);
    return decode(known.output) as Results;
  }
  const begun = await beginWait(place, {
    identity,
    begin: () => ({
      wait: { kind: "runs", runIds },
      wakeAt: timeoutMs === undefined ? null : frame.parts.clock.now() + timeoutMs,
      childRunId: runIds.length === 1 ? (runIds[0] ?? null) : null,
    }),
  });
  if (begun.status === "WAITING") await refuseCycle(place, identity, runIds);
  const record = await awaitEnd(place, identity);
  if (record.output !== null) return decode(record.output) as Results;
  const results = await readResults(frame.parts.store, runIds);
  // The answer is kept: a child that is retried by hand later must not change what its parent has seen.
  noteStep(place, identity, finished(place, encode(results, `The ${identity.name}`)));
  return results;
}

/** A run that waits for itself, directly or through others, would wait for ever. */
async function refuseCycle(place: Place, identity: StepIdentity, runIds: readonly string[]): Promise<void> {
  const { frame } = place;
  const cycle = await findCycle(frame.claimed.run.id, runIds, frame.parts.store);
  if (cycle === null) return;
  const error = new WaitCycleError(
    `Run ${frame.claimed.run.id} would wait for itself: ${cycle.join(" waits for ")}. Break the circle, for example with invoke instead of invokeAndWait.`,
  );
  await saveStep(place, identity, {
    status: "FAILURE",
    error: encode({ name: error.name, message: error.message }, "error"),
  });
  throw error;
}

async function findCycle(
  self: string,
  awaited: readonly string[],
  store: { readAwaitedRuns(runId: string): Promise<readonly string[]> },
): Promise<readonly string[] | null> {
  const seen = new Set<string>();
  const open = awaited.map((runId) => [self, runId]);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const last = path.at(-1) ?? self;
    if (last === self) return path;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of await store.readAwaitedRuns(last)) open.push([...path, next]);
  }
  return null;
}
