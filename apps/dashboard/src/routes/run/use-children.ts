import { isTerminal, type RunPage, type RunSummary, type RunView } from "@beckon/core/runtime";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api } from "../../api/trpc.ts";

const MOST = 100;
const REFRESH_MS = 1_000;

export interface Children {
  /** The newest; more than these are on the page of runs. */
  readonly page: RunPage | undefined;
  readonly byId: ReadonlyMap<string, RunSummary>;
}

/** The runs that a run made, kept up to date while any of them goes on. */
export function useChildren(run: RunView): Children {
  const client = useQueryClient();
  const isRunOver = isTerminal(run.status);
  const { data: page } = useQuery({
    ...api.runs.list.queryOptions({ parent: run.id, limit: MOST }),
    refetchInterval: ({ state: { data, isInvalidated } }) => {
      const isFinal = isRunOver && !isInvalidated;
      return isFinal && data?.runs.every(({ status }) => isTerminal(status)) ? false : REFRESH_MS;
    },
  });
  useEffect(() => {
    // A run may make others until it ends: what was answered before that is not the last word.
    if (isRunOver) void client.invalidateQueries({ queryKey: api.runs.list.queryKey({ parent: run.id, limit: MOST }) });
  }, [client, isRunOver, run.id]);
  const byId = useMemo(() => new Map(page?.runs.map((child) => [child.id, child])), [page]);
  return { page, byId };
}
