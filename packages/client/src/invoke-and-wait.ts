import type { InvokeAndWaitRequest, RunResult } from "@beckon/core/runtime";
import { awaitResult, GRACE_MS } from "./await-result.ts";
import type { Connection } from "./connection.ts";
import { HELD_MS, type HeldCall, type JobDoors } from "./job-doors.ts";
import { withRetries } from "./with-retries.ts";

type Call = Omit<HeldCall, "signal">;

/** Makes a run and waits for its end, in one request where the run is quick. @throws WaitTimeoutError */
export async function invokeAndWait(
  connection: Connection,
  doors: JobDoors,
  { timeoutMs, ...call }: InvokeAndWaitRequest & Call,
): Promise<RunResult<unknown, unknown>> {
  const wait = { path: doors.resultPath(call.jobId), timeoutMs };
  const release = mayHold(timeoutMs) ? connection.holdOpen() : null;
  if (release === null) return awaitResult(connection, { ...wait, runId: await makeUnheld(doors, call) });
  const answer = await withRetries(true, () => doors.invokeAndWait(toHeld(call))).finally(release);
  if (!("pending" in answer)) return answer;
  return awaitResult(connection, { ...wait, runId: answer.id, waitedMs: HELD_MS });
}

/** One that is waited for less is asked for by its id. */
function mayHold(timeoutMs = Number.POSITIVE_INFINITY): boolean {
  return timeoutMs >= HELD_MS;
}

async function makeUnheld(doors: JobDoors, { jobId, item, requestId }: Call): Promise<string> {
  const [id] = await doors.invoke({ jobId, items: [item], isBatch: false }, requestId);
  return id as string;
}

function toHeld(call: Call): HeldCall {
  return { ...call, signal: AbortSignal.timeout(HELD_MS + GRACE_MS) };
}
