import type { InvokeAndWaitRequest, RunResult } from "@beckon/core/runtime";
import { awaitResult, GRACE_MS } from "./await-result.ts";
import { CallFailure } from "./call-failure.ts";
import type { Connection } from "./connection.ts";
import { type HeldAnswer, HELD_MS, type HeldCall, type JobDoors } from "./job-doors.ts";
import { createPatience } from "./patience.ts";
import { pause, pauseMs, withRetries } from "./with-retries.ts";

type Call = Omit<HeldCall, "signal">;

/** Makes the run; made again it is the same one. @throws CallFailure */
type Make = () => Promise<HeldAnswer>;

/**
 * Makes a run and waits for its end, in one request where the run is quick. @throws WaitTimeoutError
 *
 * Where that request has no answer, the run is made by one that stays open for nothing, under the same request id, and is
 * waited for by its id.
 */
export async function invokeAndWait(
  connection: Connection,
  doors: JobDoors,
  { timeoutMs, ...call }: InvokeAndWaitRequest & Call,
): Promise<RunResult<unknown, unknown>> {
  const release = mayHold(timeoutMs) ? connection.holdOpen() : null;
  const begunAt = Date.now();
  const make: Make = () => makeUnheld(doors, call);
  const answer =
    release === null
      ? await withRetries(true, make)
      : await doors
          .invokeAndWait(toHeld(call))
          .finally(release)
          .catch((thrown: unknown) => makeAfter(thrown, make, connection));
  if (!("pending" in answer)) return answer;
  const waitedMs = release === null ? 0 : Date.now() - begunAt;
  return awaitResult(connection, { path: doors.resultPath(call.jobId), runId: answer.id, timeoutMs, waitedMs });
}

/** One that is waited for less is asked for by its id. */
function mayHold(timeoutMs = Number.POSITIVE_INFINITY): boolean {
  return timeoutMs >= HELD_MS;
}

async function makeUnheld(doors: JobDoors, { jobId, item, requestId }: Call): Promise<HeldAnswer> {
  const [id] = await doors.invoke({ jobId, items: [item], isBatch: false }, requestId);
  return { id: id as string, pending: true };
}

function toHeld(call: Call): HeldCall {
  return { ...call, signal: AbortSignal.timeout(HELD_MS + GRACE_MS) };
}

/** The held request failed. */
async function makeAfter(thrown: unknown, make: Make, connection: Connection): Promise<HeldAnswer> {
  if (!(thrown instanceof CallFailure)) throw thrown;
  switch (thrown.kind) {
    case "refused":
      // An older server holds none; and where it is the job that there is none of, it says so again.
      if (thrown.error.code !== "NOT_FOUND") throw thrown.error;
      return withRetries(true, make);
    case "unavailable":
      await pause(pauseMs(1, thrown));
      return withRetries(true, make);
    case "lost":
      return makePatiently(thrown, make, connection);
  }
}

/** The run may be there and go on: as a wait for it would, this outlives a server that is away. */
async function makePatiently(lost: CallFailure, make: Make, connection: Connection): Promise<HeldAnswer> {
  const patience = createPatience(connection);
  for (let failure: unknown = lost; ;) {
    await patience.endure(failure);
    try {
      return await make();
    } catch (thrown) {
      failure = thrown;
    }
  }
}
