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
      { id: "nobody-there", name: "A port where nobody listens", payload: { url: "http://127.0.0.1:9/hook" } },
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
        taskIo.logger.warn(`Attempt ${attempt} of ${ATTEMPTS} failed: ${String(error)}`);
        // A network error has no answer to read: the retry policy decides.
        if (!(error instanceof RefusedError)) return;
        if (error.isFinal) return { skipRetrying: true };
        if (error.retryAfter === null || attempt === ATTEMPTS) return;
        return { retryAt: await toInstant(error.retryAfter, attempt, taskIo) };
      },
    );
  },
});

/** The server answered, but not with a 2xx. */
class RefusedError extends Error {
  /** Sending the same again would be refused again. */
  readonly isFinal: boolean;
  /** When the server wants to be asked again: seconds from now, or a date. */
  readonly retryAfter: string | null;

  constructor({ status, headers }: Response) {
    super(`The server answered with status ${status}.`);
    this.name = "RefusedError";
    this.isFinal = status < 500 && status !== 408 && status !== 429;
    this.retryAfter = headers.get("retry-after");
  }
}

/** `io.now` is the time that this attempt will also see on a replay. */
async function toInstant(retryAfter: string, attempt: number, io: IO): Promise<Date> {
  const seconds = Number(retryAfter);
  if (Number.isNaN(seconds)) return new Date(retryAfter);
  const now = await io.now(["refused at", attempt]);
  return new Date(now.getTime() + seconds * 1_000);
}
