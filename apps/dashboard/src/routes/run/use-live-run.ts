import { isTerminal, type RunEvent, type RunView } from "@beckon/core/runtime";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { beckon } from "../../api/jobs-client.ts";
import { api } from "../../api/trpc.ts";
import { usePageVisible } from "../../ui/use-page-visible.ts";
import { type Followed, startOf } from "./followed.ts";
import { keepFollowing } from "./keep-following.ts";
import { refresher, throttle } from "./throttle.ts";

/** The client has tried for minutes by then. */
const REOPEN_MS = 5_000;

export interface LiveRun {
  readonly events: readonly RunEvent[];
  /** Grows whenever something happened. */
  readonly version: number;
}

const NONE: LiveRun = { events: [], version: 0 };

/**
 * Follows a run while it goes on and the page is looked at, and has what is shown of it read anew. Goes on after the
 * server was away. A page that nobody sees holds no stream: browsers open six connections to a server over HTTP/1.1 for
 * all their tabs together, and six tabs with a stream each would leave none for calls.
 */
export function useLiveRun(run: RunView): LiveRun {
  const client = useQueryClient();
  const [live, setLive] = useState(NONE);
  const { id, eventCount, status } = run;
  const isOver = isTerminal(status);
  const isVisible = usePageVisible();
  // Grows also without a stream: somebody opened the run again elsewhere, and it has ended once more.
  const endedWith = isOver ? eventCount : null;
  const followed = useRef<Followed | null>(null);
  useEffect(() => {
    if (!isVisible) return undefined;
    const abort = new AbortController();
    const { after, goesOn, isBehind } = startOf(followed.current, { runId: id, isOver, eventCount });
    followed.current = { runId: id, isOver, seen: after };
    if (!goesOn) setLive(NONE);
    const refresh = refresher(() => readAnew(client, id), abort.signal);
    // What happened since the stream before this one was lost may be behind eventCount, and would not be noticed.
    if (isBehind) refresh();
    const collect = collector((events) => {
      // The next stream brings them again: it begins behind what was shown.
      if (abort.signal.aborted) return;
      followed.current = { runId: id, isOver, seen: events.at(-1)?.seq ?? after };
      setLive((before) => ({ events: [...before.events, ...events], version: before.version + 1 }));
    });
    void keepFollowing(after, {
      open: (seen) => beckon["any"]?.run(id).events({ after: seen, signal: abort.signal }) ?? [],
      take: (event) => {
        collect(event);
        if (event.seq > eventCount) refresh();
      },
      pause: async () => {
        await new Promise((wake) => setTimeout(wake, REOPEN_MS));
        if (!abort.signal.aborted) refresh();
      },
      signal: abort.signal,
    });
    return () => abort.abort();
    // oxlint-disable-next-line react/exhaustive-deps -- each event raises eventCount; a new stream is wanted only for another run, one that ended or was opened again, or a page that is looked at again
  }, [id, endedWith, isVisible, client]);
  return live;
}

/** Whatever the page shows of the run, other than its log, which is only added to. */
async function readAnew(client: QueryClient, id: string): Promise<void> {
  const { get, outline, tasks, explain } = api.runs;
  const keys = [get.queryKey({ id }), outline.queryKey({ id }), tasks.queryKey(), explain.queryKey({ id })];
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
}

/** Hands on what came within a moment at once: a thousand events are one change of the page. */
function collector(take: (events: readonly RunEvent[]) => void): (event: RunEvent) => void {
  let waiting: RunEvent[] = [];
  const flush = throttle(() => {
    take(waiting);
    waiting = [];
  });
  return (event) => {
    waiting.push(event);
    flush();
  };
}
