import {
  annotate,
  type Annotated,
  isTerminal,
  OperationError,
  restore,
  type RunEvent,
  type RunStatus,
  UnavailableError,
} from "@beckon/core/runtime";
import { CallFailure, lostCall, NOT_OURS, refusedCall } from "./call-failure.ts";
import type { Connection } from "./connection.ts";
import { readEventStream, type StreamMessage } from "./event-stream.ts";
import { createPatience } from "./patience.ts";
import { readRefusal, type WireRefusal } from "./procedure-calls.ts";

interface Watch {
  readonly runId: string;
  /** The `seq` of the last event that the caller has. */
  readonly after: number;
  readonly signal: AbortSignal | undefined;
}

/** How far a caller has come. */
interface Cursor {
  seq: number;
  /** The last status that came is terminal. */
  hasEnded: boolean;
  /** There is no more to come. */
  isOver: boolean;
}

/**
 * Every event of a run after the given one, once and in order, until it has ended. When the connection drops or
 * the server restarts, goes on after the last event that came.
 */
export async function* watchEvents(connection: Connection, { runId, after, signal }: Watch): AsyncGenerator<RunEvent> {
  const patience = createPatience(connection);
  const cursor: Cursor = { seq: after, hasEnded: false, isOver: false };
  const isAborted = (): boolean => signal?.aborted ?? false;
  while (!isAborted()) {
    try {
      const stream = openStream(connection, { runId, after: cursor.seq, signal });
      yield* followStream(stream, cursor, {
        renew: () => patience.renew(),
        hasEnded: () => hasEnded(connection, runId),
      });
      if (cursor.isOver) return;
      throw new Error("the stream was closed");
    } catch (error) {
      if (isAborted() || cursor.hasEnded) return;
      await patience.endure(toFailure(error, connection), signal);
    }
  }
}

/** A stream that breaks is a lost answer; what the server or `withRetries` says, and what makes no sense, stays as it is. */
function toFailure(error: unknown, { description }: Connection): unknown {
  if (error instanceof UnavailableError) return new CallFailure("unavailable", error);
  const isTold = error instanceof CallFailure || error instanceof OperationError || error instanceof SyntaxError;
  return isTold ? error : lostCall(description, error);
}

interface Following {
  readonly renew: () => void;
  readonly hasEnded: () => Promise<boolean>;
}

/** The events of one connection, as far as they are new. */
async function* followStream(
  stream: AsyncIterable<StreamMessage>,
  cursor: Cursor,
  following: Following,
): AsyncGenerator<RunEvent> {
  for await (const message of stream) {
    following.renew();
    const event = readMessage(message);
    if (event === "end") cursor.isOver = cursor.hasEnded || (await following.hasEnded());
    if (typeof event !== "object" || event.seq <= cursor.seq) continue;
    cursor.seq = event.seq;
    cursor.hasEnded = event.type === "status" && isTerminal(event.status);
    yield event;
  }
}

async function* openStream(connection: Connection, { runId, after, signal }: Watch): AsyncGenerator<StreamMessage> {
  const input = encodeURIComponent(JSON.stringify(annotate({ id: runId, after }, "")));
  const response = await connection.stream(`/trpc/runs.events?input=${input}`, {
    headers: { accept: "text/event-stream" },
    ...(signal && { signal }),
  });
  if (!response.ok) throw toRefusal(await response.json(), response);
  yield* readEventStream(response);
}

function toRefusal(body: unknown, { status, headers }: Response): CallFailure {
  const { error } = (body ?? {}) as { readonly error?: WireRefusal };
  return error === undefined
    ? refusedCall({ status, message: NOT_OURS, headers })
    : readRefusal(error, { status, headers });
}

/** `other`: the server shows that it is there. */
function readMessage({ event, data }: StreamMessage): RunEvent | "end" | "other" {
  if (event === "message") return restore(JSON.parse(data) as Annotated) as RunEvent;
  if (event === "serialized-error")
    throw readRefusal(JSON.parse(data) as Annotated, { status: 500, headers: new Headers() });
  return event === "return" ? "end" : "other";
}

/** A server that is stopping closes its streams as if their runs had ended, so the run is asked. */
async function hasEnded(connection: Connection, runId: string): Promise<boolean> {
  const options = { input: { id: runId }, isRepeatable: true };
  const run = (await connection.call("query", "runs.get", options)) as { readonly status: RunStatus };
  return isTerminal(run.status);
}
