import { encode, ENVELOPE_DEPTH, isTerminal, type RunEvent, UnavailableError } from "@beckon/core/runtime";
import { toTRPCError } from "@beckon/router";
import { wantsRich } from "../http/api-body.ts";
import { toPlainJson } from "../plain-json.ts";
import type { ApiCall } from "./api-route.ts";

/** How often a stream that has nothing to say shows that it lives: proxies close what is silent for a minute. */
const HEARTBEAT_MS = 15_000;

const STREAM_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "x-accel-buffering": "no",
};

/**
 * Answers with the run's events as they happen. The stream closes with the run, or with the server; browsers then
 * come back with the last id they saw, and 204 tells them that there is no more.
 */
export async function streamEvents(call: ApiCall, after: number): Promise<Response> {
  const { caller, id, request } = call;
  const lastEventId = /^\d+$/.exec(request.headers.get("last-event-id") ?? "")?.[0];
  const { status } = await caller.runs.get({ id });
  // Nobody reads what follows the headers, so nothing is to be begun that an end of reading would end.
  if (request.method === "HEAD") return new Response(null, { headers: STREAM_HEADERS });
  const events = (await caller.runs.events({ id, after, lastEventId }))[Symbol.asyncIterator]();
  // Only where the run has ended is the first event there, or never coming, at once.
  const first = isTerminal(status) ? await events.next() : undefined;
  if (first?.done) return new Response(null, { status: 204 });
  const write = wantsRich(request) ? (event: RunEvent) => encode(event, "event", ENVELOPE_DEPTH) : toPlainJson;
  const stream = toStream({
    events,
    first: first?.value,
    write: (event) => `id: ${event.id}\nevent: ${event.data.type}\ndata: ${write(event.data)}\n\n`,
    abort: call.abort,
  });
  return new Response(stream, { headers: STREAM_HEADERS });
}

interface TrackedEvent {
  readonly id: string;
  readonly data: RunEvent;
}

interface EventSource {
  readonly events: AsyncIterator<TrackedEvent>;
  readonly first: TrackedEvent | undefined;
  readonly write: (event: TrackedEvent) => string;
  /** Ends the wait for the next event. */
  readonly abort: () => void;
}

/** That the server stops is no failure, of which its log would be told; that its store cannot be read is one, and is the cause. */
function isOfStop(error: unknown): boolean {
  const { cause } = toTRPCError(error);
  return cause instanceof UnavailableError && cause.cause === undefined;
}

function toStream({ events, first, write, abort }: EventSource): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let heartbeat: NodeJS.Timeout;
  const leave = async (): Promise<void> => {
    clearInterval(heartbeat);
    abort();
    // Between two events nothing hears the abort, and what watches the run would go on. Nobody is there for what fails in this.
    await events.return?.().catch(() => undefined);
  };
  return new ReadableStream({
    start(controller) {
      heartbeat = setInterval(() => controller.enqueue(encoder.encode(": alive\n\n")), HEARTBEAT_MS);
      if (first !== undefined) controller.enqueue(encoder.encode(write(first)));
    },
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (!done) return controller.enqueue(encoder.encode(write(value)));
      } catch (error) {
        // The stream ends with it, and is not canceled for that: a client comes back after the last event that it has.
        await leave();
        if (!isOfStop(error)) throw error;
      }
      clearInterval(heartbeat);
      controller.close();
    },
    cancel: leave,
  });
}
