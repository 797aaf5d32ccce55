import { type RunResult, WaitTimeoutError } from "@beckon/core/runtime";
import type { Connection } from "./connection.ts";
import { createPatience } from "./patience.ts";

/** How long the server is asked to wait for the end before it answers that there was none: less than proxies do. */
const POLL_MS = 25_000;

/** An answer that is later than this by so much will not come: the connection is dead. */
const GRACE_MS = 10_000;

interface ResultWait {
  /** The procedure that tells the result. */
  readonly path: string;
  readonly runId: string;
  /** undefined: for as long as it takes. */
  readonly timeoutMs: number | undefined;
}

type Answer = RunResult<unknown, unknown> | { readonly pending: true };

/** Asks for the result, again and again until the run has ended, also over a restart of the server. @throws WaitTimeoutError */
export async function awaitResult(connection: Connection, wait: ResultWait): Promise<RunResult<unknown, unknown>> {
  const { path, runId, timeoutMs = Number.POSITIVE_INFINITY } = wait;
  const deadline = Date.now() + timeoutMs;
  const patience = createPatience(connection);
  for (;;) {
    const waitMs = Math.min(Math.max(deadline - Date.now(), 0), POLL_MS);
    try {
      const input = { id: runId, timeoutMs: waitMs };
      const answer = (await connection.callAlone(path, input, AbortSignal.timeout(waitMs + GRACE_MS))) as Answer;
      if (!("pending" in answer)) return answer;
      patience.renew();
    } catch (error) {
      await patience.endure(error, AbortSignal.timeout(waitMs));
    }
    if (Date.now() < deadline) continue;
    throw new WaitTimeoutError(`Run ${runId} did not end within ${timeoutMs} ms; it goes on.`);
  }
}
