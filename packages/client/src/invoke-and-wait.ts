import type { RunResult } from "@beckon/core/runtime";
import { awaitResult, GRACE_MS, LATE_MS } from "./await-result.ts";
import { CallFailure } from "./call-failure.ts";
import type { Connection } from "./connection.ts";
import { type HeldAnswer, HELD_MS, type JobDoors, type WrittenCall } from "./job-doors.ts";
import { createPatience, LONGEST_ABSENCE_MS } from "./patience.ts";
import { pause, pauseMs, withRetries } from "./with-retries.ts";
import { within } from "./within.ts";

interface WaitedCall extends WrittenCall {
  /** Of the wait; undefined: none. */
  readonly timeoutMs: number | undefined;
}

/** Makes the run; made again it is the same one. @throws CallFailure */
type Make = (signal: AbortSignal) => Promise<HeldAnswer>;

/**
 * Makes a run and waits for its end, in one request where the run is quick. @throws WaitTimeoutError
 *
 * Where that request has no answer, the run is made by one that stays open for nothing, under the same request id, and is
 * waited for by its id.
 */
export async function invokeAndWait(
  connection: Connection,
  doors: JobDoors,
  { timeoutMs, ...call }: WaitedCall,
): Promise<RunResult<unknown, unknown>> {
  const release = mayHold(timeoutMs) ? connection.holdOpen() : null;
  const begunAt = Date.now();
  const madeMs = Math.min(timeoutMs ?? LONGEST_ABSENCE_MS, LONGEST_ABSENCE_MS) + LATE_MS;
  const make: Make = (signal) => makeUnheld(doors, call, signal);
  const answer = await within(madeMs, (signal) =>
    release === null
      ? makeAgain(make, signal)
      : within(Math.min(HELD_MS + GRACE_MS, madeMs), (held) => doors.invokeAndWait(call, held))
          .finally(release)
          .catch((thrown: unknown) => makeAfter(thrown, make, { connection, signal })),
  );
  if (!("pending" in answer)) return answer;
  return awaitResult(connection, { path: doors.resultPath(call.jobId), runId: answer.id, timeoutMs, begunAt });
}

/** One that is waited for less is asked for by its id. */
function mayHold(timeoutMs = Number.POSITIVE_INFINITY): boolean {
  return timeoutMs >= HELD_MS;
}

async function makeUnheld(doors: JobDoors, call: WrittenCall, signal: AbortSignal): Promise<HeldAnswer> {
  const [id] = await doors.invoke(call, signal);
  return { id: id as string, pending: true };
}

interface LastingCall {
  readonly connection: Connection;
  /** Aborts when the run must have been made. */
  readonly signal: AbortSignal;
}

/** The held request failed. */
async function makeAfter(thrown: unknown, make: Make, lasting: LastingCall): Promise<HeldAnswer> {
  const { signal } = lasting;
  if (!(thrown instanceof CallFailure)) throw thrown;
  if (thrown.kind === "lost") return makePatiently(thrown, make, lasting);
  // An older server holds no requests, and knows nothing by that name.
  const isOlder = thrown.error.code === "NOT_FOUND" && !thrown.isOurs;
  if (thrown.kind === "unavailable") await pause(pauseMs(1, thrown), signal);
  else if (!isOlder) throw thrown.error;
  if (signal.aborted) throw thrown.error;
  return makeAgain(make, signal);
}

function makeAgain(make: Make, signal: AbortSignal): Promise<HeldAnswer> {
  return withRetries(true, () => make(signal), signal);
}

/** The run may be there and go on: as a wait for it would, this outlives a server that is away. */
async function makePatiently(lost: CallFailure, make: Make, { connection, signal }: LastingCall): Promise<HeldAnswer> {
  const patience = createPatience(connection);
  for (let failure = lost; ;) {
    await patience.endure(failure, signal);
    if (signal.aborted) throw failure.error;
    try {
      return await make(signal);
    } catch (thrown) {
      if (!(thrown instanceof CallFailure)) throw thrown;
      failure = thrown;
    }
  }
}
