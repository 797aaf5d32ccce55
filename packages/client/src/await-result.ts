import { type RunResult, WaitTimeoutError } from "@beckon/core/runtime";
import { lostCall } from "./call-failure.ts";
import type { Connection } from "./connection.ts";
import { createPatience } from "./patience.ts";
import { toWire } from "./procedure-calls.ts";
import { within } from "./within.ts";

/** How long the server is asked to wait for the end before it answers that there was none: less than proxies do. */
const POLL_MS = 25_000;

/** An answer that is later than this by so much will not come: the connection is dead. */
export const GRACE_MS = 10_000;

/** What the caller waits longer than it asked for, so that an answer which is on its way arrives: also over a new connection. */
export const LATE_MS = 2_000;

interface ResultWait {
  /** The procedure that tells the result. */
  readonly path: string;
  readonly runId: string;
  /** undefined: for as long as it takes. */
  readonly timeoutMs: number | undefined;
  /** In epoch milliseconds. */
  readonly begunAt?: number;
}

interface Question extends Pick<ResultWait, "path" | "runId"> {
  readonly deadline: number;
}

type Answer = RunResult<unknown, unknown> | { readonly pending: true };

/** Asks for the result, again and again until the run has ended, also over a restart of the server. @throws WaitTimeoutError */
export async function awaitResult(connection: Connection, wait: ResultWait): Promise<RunResult<unknown, unknown>> {
  const { path, runId, timeoutMs = Number.POSITIVE_INFINITY, begunAt = Date.now() } = wait;
  const deadline = begunAt + timeoutMs;
  const patience = createPatience(connection);
  for (;;) {
    try {
      const answer = await ask(connection, { path, runId, deadline });
      if (!("pending" in answer)) return answer;
      patience.renew();
    } catch (error) {
      await patience.endure(error, AbortSignal.timeout(pollMs(deadline)));
    }
    if (Date.now() < deadline) continue;
    throw new WaitTimeoutError(`Run ${runId} did not end within ${timeoutMs} ms; it goes on.`);
  }
}

/** How long the server may hold a question. */
function pollMs(deadline: number): number {
  return Math.max(Math.min(deadline - Date.now(), POLL_MS), 0);
}

/** Makes a request whose answer is given up when the wait is over, or when the connection must be dead. */
async function inTime(deadline: number, request: (signal: AbortSignal) => Promise<unknown>): Promise<Answer> {
  return (await within(Math.min(deadline + LATE_MS - Date.now(), POLL_MS + GRACE_MS), request)) as Answer;
}

/** By a request that is answered when the run has ended, or once it has with all others that are waited for in one stream. */
async function ask(connection: Connection, question: Question): Promise<Answer> {
  const release = connection.holdOpen();
  if (release === null) return askShared(connection, question);
  const { path, runId, deadline } = question;
  try {
    const input = toWire({ id: runId, timeoutMs: pollMs(deadline) });
    return await inTime(deadline, (signal) => connection.callAlone("query", path, { input, signal }));
  } finally {
    release();
  }
}

/** Asked first: a stream that is joined begins anew for all, which the result of a run that has ended is not worth. */
async function askShared(connection: Connection, { path, runId, deadline }: Question): Promise<Answer> {
  const input = toWire({ id: runId, timeoutMs: 0 });
  const askNow = (): Promise<Answer> =>
    inTime(deadline, (signal) => connection.callOnce("query", path, { input, signal }));
  const first = await askNow();
  if (!("pending" in first) || Date.now() >= deadline) return first;
  await within(deadline - Date.now(), (signal) => untilTold(connection, runId, signal));
  const answer = await askNow();
  // Asked again without a pause, a stream that tells no more of a run which goes on would be asked as fast as it answers.
  if ("pending" in answer && Date.now() < deadline)
    throw lostCall(connection.description, new Error("the stream was closed"));
  return answer;
}

/** Resolves when there is no more to be told of the run, or over the time. */
async function untilTold({ shared }: Connection, runId: string, signal: AbortSignal): Promise<void> {
  for await (const told of shared.follow({ runId, after: undefined, signal })) if (told === "end") return;
}
