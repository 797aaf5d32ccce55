import { isTerminal } from "@beckon/core/runtime";
import { usePrefetchQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { api } from "../../api/trpc.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Problem } from "../../ui/problem.tsx";
import { outlineOf } from "./outline-query.ts";
import { RunShown } from "./run-shown.tsx";

const RECHECK_MS = 10_000;

const route = getRouteApi("/runs/$runId");

/** One run: what it was given, what it did and when, and what came of it. */
export function RunPage() {
  const { runId } = route.useParams();
  usePrefetchQuery(outlineOf(runId));
  const {
    data: run,
    error,
    refetch,
  } = useQuery({
    ...api.runs.get.queryOptions({ id: runId }),
    // Its events tell of changes at once; this is for when they were away for too long.
    refetchInterval: ({ state }) => (state.data !== undefined && isTerminal(state.data.status) ? false : RECHECK_MS),
  });
  if (run !== undefined) {
    return (
      <>
        {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
        <RunShown key={run.id} run={run} />
      </>
    );
  }
  if (error === null)
    return (
      <div aria-busy className="p-4 text-ink-faint">
        Loading the run…
      </div>
    );
  if (error.data?.code === "NOT_FOUND" || /There is no run/.test(error.message)) {
    return (
      <EmptyState title="There is no such run">
        No run has the id <code className="font-mono">{runId}</code>; finished runs are removed after the retention
        time.{" "}
        <Link to="/runs" className="text-accent underline">
          All runs
        </Link>
      </EmptyState>
    );
  }
  return <Problem error={error} onRetry={() => void refetch()} />;
}
