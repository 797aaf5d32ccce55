import { isTerminal } from "@beckon/core/runtime";
import type { RunPage, RunSummary, RunView } from "@beckon/engine";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
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
  const { data: page } = useQuery({
    ...api.runs.list.queryOptions({ parent: run.id, limit: MOST }),
    refetchInterval: ({ state }) => {
      const isOver = isTerminal(run.status) && (state.data?.runs.every(({ status }) => isTerminal(status)) ?? false);
      return isOver ? false : REFRESH_MS;
    },
  });
  const byId = useMemo(() => new Map(page?.runs.map((child) => [child.id, child])), [page]);
  return { page, byId };
}
