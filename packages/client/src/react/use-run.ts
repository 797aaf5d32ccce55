"use client";

import type { Run, RunResult } from "@beckon/core";
import { useQuery } from "@tanstack/react-query";
import { applyEvent, NO_PROGRESS, type RunProgress } from "./run-progress.ts";

/** A run as it is now. `error`: it cannot be watched, say because the server is gone or knows no such run. */
export interface WatchedRun<Output, Err> extends RunProgress<Output, Err> {
  readonly error: Error | null;
}

/**
 * Watches a run live, from its first event to its result. Components that watch the same run share one stream. One that ended
 * in a failure may be retried by hand: it is asked about again whenever TanStack Query asks anew for what is stale.
 *
 * @example
 * const invoke = useInvoke(beckon.importContacts);
 * const { status, statuses, result } = useRun(invoke.data);
 */
export function useRun<Output, Err>(run: Run<Output, Err> | null | undefined): WatchedRun<Output, Err> {
  const { data, error } = useQuery<RunProgress<Output, Err>>({
    queryKey: ["beckon", "run", run?.id ?? null],
    enabled: run !== null && run !== undefined,
    // The stream goes on by itself. What a cache was kept with before the run had ended is no end, though, nor is a failure.
    staleTime: ({ state }) => (state.data?.result?.ok ? Number.POSITIVE_INFINITY : 0),
    // It would compare all that has come at each event, which takes seconds for thousands. `applyEvent` keeps what did not change.
    structuralSharing: false,
    retry: false,
    queryFn: async ({ client, queryKey, signal }) => {
      const known = client.getQueryData<RunProgress<Output, Err>>(queryKey);
      // Its events begin anew, and with them what is shown: not for a run that is as it was.
      if (known?.result && (await isStillEnd(run, known.result))) return known;
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

/** Whether the run neither goes on again nor has ended anew since. */
async function isStillEnd<Output, Err>(
  run: Run<Output, Err> | null | undefined,
  { completedAt }: RunResult<Output, Err>,
): Promise<boolean> {
  // One that goes on has none. Why else there is none, its events will tell.
  const latest = await run?.result({ timeout: 0 }).catch(() => null);
  // Of a cache that was kept as JSON it is a text.
  return latest?.completedAt.getTime() === new Date(completedAt).getTime();
}
