import type { RunEvent } from "@beckon/core/runtime";

interface Following {
  /** Opens the stream of what comes after the event with that `seq`. */
  readonly open: (after: number) => AsyncIterable<RunEvent> | readonly RunEvent[];
  readonly take: (event: RunEvent) => void;
  /** The stream failed: resolves when it is to be opened again. */
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** Takes every event once and in order until the run's end, however often the stream fails for good. */
export async function keepFollowing(after: number, { open, take, pause, signal }: Following): Promise<void> {
  let seen = after;
  const takeAll = async (): Promise<void> => {
    for await (const event of open(seen)) {
      // One that was on its way when the page was left: the stream after this one brings it.
      if (signal.aborted) return;
      seen = event.seq;
      take(event);
    }
  };
  while (!signal.aborted) {
    try {
      return await takeAll();
    } catch {
      // What is wrong is told by the queries of the page, which ask the same server.
      await pause();
    }
  }
}
