import { invokeTrigger, type IO } from "@beckon/core";
import { z } from "zod";
import { client } from "./client.ts";

const ATTEMPTS = 5;

/** Posts to a URL that may be down, busy or wrong: tries again where that helps, and when it was told to. */
export const flakyWebhook = client.defineJob({
  id: "flaky-webhook",
  name: "Flaky webhook",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.object({
      url: z.url({ protocol: /^https?$/ }),
      body: z.json().default({}),
    }),
    examples: [
      { id: "nobody-there", name: "A port where nobody listens", payload: { url: "http://127.0.0.1:47111/hook" } },
    ],
  }),
  run: async ({ url, body }, io) => {
    return io.runTask(
      "post",
      async ({ attempt, idempotencyKey, signal }) => {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
          body: JSON.stringify(body),
          signal,
        });
        if (!response.ok) throw new RefusedError(response);
        return { status: response.status, attempts: attempt };
      },
      { retry: { limit: ATTEMPTS, minTimeoutInMs: 500, factor: 2 }, timeout: "10s" },
      async (error, { attempt }, taskIo) => {
        // A network error has no answer to read, and the last attempt no successor: the retry policy decides.
        if (!(error instanceof RefusedError) || attempt === ATTEMPTS) return undefined;
        return error.isFinal ? { skipRetrying: true } : decideRetry(error.retryAfter, attempt, taskIo);
      },
    );
  },
});

/** The server answered, but not with a 2xx. */
class RefusedError extends Error {
  /** Sending the same again would be refused again. */
  readonly isFinal: boolean;
  /** When the server wants to be asked again. */
  readonly retryAfter: string | null;

  constructor({ status, headers }: Response) {
    super(`The server answered with status ${status}.`);
    this.name = "RefusedError";
    this.isFinal = status < 500 && status !== 408 && status !== 429;
    this.retryAfter = headers.get("retry-after");
  }
}

/** What the header says, where it says something: a number of seconds or a date. */
async function decideRetry(retryAfter: string | null, attempt: number, io: IO): Promise<{ retryAt: Date } | undefined> {
  if (retryAfter === null) return undefined;
  // `io.now` gives this attempt the same time on a replay.
  const now = await io.now(["refused at", attempt]);
  const seconds = Number(retryAfter);
  const retryAt = Number.isNaN(seconds) ? new Date(retryAfter) : new Date(now.getTime() + seconds * 1_000);
  return Number.isNaN(retryAt.getTime()) ? undefined : { retryAt };
}
