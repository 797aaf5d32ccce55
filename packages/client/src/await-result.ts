import { type RunResult, WaitTimeoutError } from "@beckon/core/runtime";
import { lostCall } from "./call-failure.ts";
import type { Connection } from "./connection.ts";
import { createPatience } from "./patience.ts";
import { within } from "./within.ts";

/** How long the server is asked to wait for the end before it answers that there was none: less than proxies do. */
const POLL_MS = 25_000;

/** An answer that is later than this by so much will not come: the connection is dead. */
export const GRACE_MS = 10_000;

/** Timers of platforms know no longer time. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface ResultWait {
  /** The procedure that tells the result. */
  readonly path: string;
  readonly runId: string;
  /** undefined: for as long as it takes. */
  readonly timeoutMs: number | undefined;
  /** Of that, what is over. */
  readonly waitedMs?: number;
}

interface Question extends Pick<ResultWait, "path" | "runId"> {
  readonly leftMs: number;
}

type Answer = RunResult<unknown, unknown> | { readonly pending: true };

/** Asks for the result, again and again until the run has ended, also over a restart of the server. @throws WaitTimeoutError */
export async function awaitResult(connection: Connection, wait: ResultWait): Promise<RunResult<unknown, unknown>> {
  const { path, runId, timeoutMs = Number.POSITIVE_INFINITY, waitedMs = 0 } = wait;
  const deadline = Date.now() + timeoutMs - waitedMs;
  const patience = createPatience(connection);
  for (;;) {
    const leftMs = Math.max(deadline - Date.now(), 0);
    try {
      const answer = await ask(connection, { path, runId, leftMs });
      if (!("pending" in answer)) return answer;
      patience.renew();
    } catch (error) {
      await patience.endure(error, AbortSignal.timeout(Math.min(leftMs, POLL_MS)));
    }
    if (Date.now() < deadline) continue;
    throw new WaitTimeoutError(`Run ${runId} did not end within ${timeoutMs} ms; it goes on.`);
  }
}

/** By a request that is answered when the run has ended, or once it has with all others that are waited for in one stream. */
async function ask(connection: Connection, question: Question): Promise<Answer> {
  const release = connection.holdOpen();
  if (release === null) return askShared(connection, question);
  const { path, runId, leftMs } = question;
  const timeoutMs = Math.min(leftMs, POLL_MS);
  try {
    const input = { id: runId, timeoutMs };
    const call = (signal: AbortSignal) => connection.callAlone("query", path, { input, signal });
    return (await within(timeoutMs + GRACE_MS, call)) as Answer;
  } finally {
    release();
  }
}

/** Asked first: a stream that is joined begins anew for all, which the result of a run that has ended is not worth. */
async function askShared(connection: Connection, { path, runId, leftMs }: Question): Promise<Answer> {
  const askNow = async (): Promise<Answer> =>
    (await connection.callOnce("query", path, { id: runId, timeoutMs: 0 })) as Answer;
  const first = await askNow();
  if (!("pending" in first) || leftMs === 0) return first;
  const signal = AbortSignal.timeout(Math.min(leftMs, LONGEST_TIMER_MS));
  await untilTold(connection, runId, signal);
  const answer = await askNow();
  // Asked again without a pause, a stream that tells no more of a run which goes on would be asked as fast as it answers.
  if ("pending" in answer && !signal.aborted)
    throw lostCall(connection.description, new Error("the stream was closed"));
  return answer;
}

/** Resolves when there is no more to be told of the run, or over the time. */
async function untilTold({ shared }: Connection, runId: string, signal: AbortSignal): Promise<void> {
  for await (const told of shared.follow({ runId, after: undefined, signal })) if (told === "end") return;
}
