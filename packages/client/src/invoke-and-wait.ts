import type { InvokeAndWaitRequest, RunResult } from "@beckon/core/runtime";
import { awaitResult, GRACE_MS } from "./await-result.ts";
import { CallFailure } from "./call-failure.ts";
import type { Connection } from "./connection.ts";
import { type HeldAnswer, HELD_MS, type HeldCall, type JobDoors } from "./job-doors.ts";
import { createPatience, LONGEST_ABSENCE_MS } from "./patience.ts";
import { pause, pauseMs, withRetries } from "./with-retries.ts";
import { within } from "./within.ts";

type Call = Omit<HeldCall, "signal">;

/** Makes the run; made again it is the same one. @throws CallFailure */
type Make = (signal?: AbortSignal) => Promise<HeldAnswer>;

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
  const make: Make = (signal) => makeUnheld(doors, call, signal);
  const patience = { connection, deadline: begunAt + Math.min(timeoutMs ?? LONGEST_ABSENCE_MS, LONGEST_ABSENCE_MS) };
  const answer =
    release === null
      ? await withRetries(true, make)
      : await within(HELD_MS + GRACE_MS, (signal) => doors.invokeAndWait({ ...call, signal }))
          .finally(release)
          .catch((thrown: unknown) => makeAfter(thrown, make, patience));
  if (!("pending" in answer)) return answer;
  const waitedMs = release === null ? 0 : Date.now() - begunAt;
  return awaitResult(connection, { path: doors.resultPath(call.jobId), runId: answer.id, timeoutMs, waitedMs });
}

/** One that is waited for less is asked for by its id. */
function mayHold(timeoutMs = Number.POSITIVE_INFINITY): boolean {
  return timeoutMs >= HELD_MS;
}

async function makeUnheld(doors: JobDoors, call: Call, signal: AbortSignal | undefined): Promise<HeldAnswer> {
  const { jobId, item, requestId } = call;
  const [id] = await doors.invoke({ jobId, items: [item], isBatch: false }, requestId, signal);
  return { id: id as string, pending: true };
}

interface LastingCall {
  readonly connection: Connection;
  readonly deadline: number;
}

/** The held request failed. */
async function makeAfter(thrown: unknown, make: Make, patience: LastingCall): Promise<HeldAnswer> {
  if (!(thrown instanceof CallFailure)) throw thrown;
  if (thrown.kind === "lost") return makePatiently(thrown, make, patience);
  if (thrown.kind === "unavailable") await pause(pauseMs(1, thrown));
  // An older server holds no requests, and knows nothing by that name.
  else if (thrown.error.code !== "NOT_FOUND" || thrown.isOurs) throw thrown.error;
  return withRetries(true, make);
}

/** The run may be there and go on: as a wait for it would, this outlives a server that is away. */
async function makePatiently(
  lost: CallFailure,
  make: Make,
  { connection, deadline }: LastingCall,
): Promise<HeldAnswer> {
  const patience = createPatience(connection);
  for (let failure = lost; ;) {
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) throw failure.error;
    await patience.endure(failure, AbortSignal.timeout(leftMs));
    try {
      return await make(AbortSignal.timeout(Math.max(deadline - Date.now(), 1)));
    } catch (thrown) {
      if (!(thrown instanceof CallFailure)) throw thrown;
      failure = thrown;
    }
  }
}
