import { isTerminal, type RunEvent, type RunStatus } from "@beckon/core/runtime";
import { toFailure } from "./call-failure.ts";
import type { Connection } from "./connection.ts";
import { openStream, type Told } from "./open-stream.ts";
import { createPatience } from "./patience.ts";
import { toWire } from "./procedure-calls.ts";
import type { Followed } from "./shared-stream.ts";

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
  /** When this was the last `seq` that had come, the run was asked, and had ended. */
  endsBehind: number | undefined;
  /** There is no more to come. */
  isOver: boolean;
}

/**
 * Every event of a run after the given one, once and in order, until it has ended. When the connection drops or
 * the server restarts, goes on after the last event that came.
 */
export async function* watchEvents(connection: Connection, { runId, after, signal }: Watch): AsyncGenerator<RunEvent> {
  const patience = createPatience(connection);
  const cursor: Cursor = { seq: after, hasEnded: false, endsBehind: undefined, isOver: false };
  const isAborted = (): boolean => signal?.aborted ?? false;
  while (!isAborted()) {
    try {
      const stream = openEvents(connection, { runId, after: cursor.seq, signal });
      yield* followStream(stream, cursor, {
        renew: () => patience.renew(),
        hasEnded: () => hasEnded(connection, runId),
      });
      if (cursor.isOver) return;
      throw new Error("the stream was closed");
    } catch (error) {
      if (isAborted() || cursor.hasEnded) return;
      await patience.endure(toFailure(error, connection.description), signal);
    }
  }
}

interface Following {
  readonly renew: () => void;
  readonly hasEnded: () => Promise<boolean>;
}

/** The events of one connection, as far as they are new. */
async function* followStream(
  stream: AsyncIterable<Told<RunEvent>>,
  cursor: Cursor,
  following: Following,
): AsyncGenerator<RunEvent> {
  for await (const event of stream) {
    following.renew();
    if (event === "end") await findOut(cursor, following);
    if (typeof event !== "object" || event.seq <= cursor.seq) continue;
    cursor.seq = event.seq;
    cursor.hasEnded = event.type === "status" && isTerminal(event.status);
    yield event;
  }
}

/**
 * A server that is stopping may close its streams as if their runs had ended, so the run is asked. Where it has, the next server may
 * have brought it there: it is over when a stream that was opened since then told nothing new.
 */
async function findOut(cursor: Cursor, following: Following): Promise<void> {
  cursor.isOver = cursor.hasEnded || cursor.endsBehind === cursor.seq;
  if (!cursor.isOver && (await following.hasEnded())) cursor.endsBehind = cursor.seq;
}

/** By a request of its own, where there may be one more; else with the others that are watched. */
async function* openEvents(connection: Connection, watch: Followed): AsyncGenerator<Told<RunEvent>> {
  const { runId, after, signal } = watch;
  const input = encodeURIComponent(toWire({ id: runId, after }));
  const release = connection.holdOpen();
  if (release === null) return yield* connection.shared.follow(watch);
  try {
    yield* openStream<RunEvent>(connection, `runs.events?input=${input}`, { signal });
  } finally {
    release();
  }
}

async function hasEnded(connection: Connection, runId: string): Promise<boolean> {
  const run = (await connection.call("query", "runs.get", { id: runId })) as { readonly status: RunStatus };
  return isTerminal(run.status);
}
