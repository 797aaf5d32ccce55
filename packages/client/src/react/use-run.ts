"use client";

import type { Run } from "@beckon/core";
import { useQuery } from "@tanstack/react-query";
import { applyEvent, NO_PROGRESS, type RunProgress } from "./run-progress.ts";

/** A run as it is now. `error`: it cannot be watched, say because the server is gone or knows no such run. */
export interface WatchedRun<Output, Err> extends RunProgress<Output, Err> {
  readonly error: Error | null;
}

/**
 * Watches a run live, from its first event to its result. Components that watch the same run share one stream.
 *
 * @example
 * const invoke = useInvoke(beckon.importContacts);
 * const { status, statuses, result } = useRun(invoke.data);
 */
export function useRun<Output, Err>(run: Run<Output, Err> | null | undefined): WatchedRun<Output, Err> {
  const { data, error } = useQuery<RunProgress<Output, Err>>({
    queryKey: ["beckon", "run", run?.id ?? null],
    enabled: run !== null && run !== undefined,
    // The stream goes on by itself. What a cache was kept with before the run had ended is no end, though.
    staleTime: ({ state }) => (state.data?.result ? Number.POSITIVE_INFINITY : 0),
    // It would compare all that has come at each event, which takes seconds for thousands. `applyEvent` keeps what did not change.
    structuralSharing: false,
    retry: false,
    queryFn: async ({ client, queryKey, signal }) => {
      let progress: RunProgress<Output, Err> = NO_PROGRESS;
      for await (const event of run?.events({ signal }) ?? []) {
        progress = applyEvent(progress, event);
        client.setQueryData(queryKey, progress);
      }
      // Nobody looks any more: asking for the result would hold a connection until the run has ended.
      signal.throwIfAborted();
      const result = (await run?.result()) ?? null;
      return { ...progress, result };
    },
  });
  return { ...(data ?? NO_PROGRESS), error };
}
