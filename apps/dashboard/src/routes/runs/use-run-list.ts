import type { RunPage, RunSummary } from "@beckon/core/runtime";
import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { beckon } from "../../api/jobs-client.ts";
import { type RunSearch, toListQuery } from "../../app/run-search.ts";

const PAGE = 100;
/** Deeper than this the list stands still: a reader who scrolled back wants to find again what was there. */
const LIVE_PAGES = 3;
const REFRESH_MS = 1_500;

export interface RunList {
  readonly runs: readonly RunSummary[];
  /** There are older ones that are not loaded. */
  readonly hasMore: boolean;
  readonly isLive: boolean;
  readonly isLoading: boolean;
  /** The filters changed, and what is shown is still what they were before. */
  readonly isStale: boolean;
  readonly error: Error | null;
  readonly loadMore: () => void;
  /** Asks again for what is shown. */
  readonly retry: () => void;
  /** Forgets what was scrolled through, and is live again from the top. */
  readonly restart: () => void;
}

/** Runs by filter, newest first, page after page, kept up to date near the top. */
export function useRunList(search: RunSearch): RunList {
  const client = useQueryClient();
  const queryKey = ["runs", search];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) =>
      beckon.runs.list({ ...toListQuery(search, Date.now()), limit: PAGE, cursor: pageParam ?? undefined }),
    initialPageParam: null as string | null,
    getNextPageParam: (last: RunPage) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= LIVE_PAGES ? REFRESH_MS : false),
    refetchOnWindowFocus: false,
  });
  const { data, hasNextPage } = query;
  const runs = useMemo(() => data?.pages.flatMap((page) => page.runs) ?? [], [data]);
  return {
    runs,
    // Of what is shown, which may be what the filters were before: `hasNextPage` is of what they are.
    hasMore: typeof data?.pages.at(-1)?.nextCursor === "string",
    isLive: (data?.pages.length ?? 0) <= LIVE_PAGES && !query.isError,
    isLoading: query.isLoading,
    isStale: query.isPlaceholderData,
    error: query.error,
    loadMore: () => {
      // The list asks for more with each drawing, and a refusal is drawn: it counts until what is shown was read anew.
      if (hasNextPage && !query.isFetching && !query.isError) void query.fetchNextPage();
    },
    retry: () => void query.refetch(),
    // Asking again would ask for every page that is loaded, and there would still be too many of them.
    restart: () => void client.resetQueries({ queryKey, exact: true }),
  };
}
