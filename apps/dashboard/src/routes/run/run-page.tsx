import { isTerminal, type RunView } from "@beckon/core/runtime";
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
    // Its events tell of changes at once; this is for when they were away for too long, and for a run that is over, which
    // has none until somebody opens it again.
    refetchInterval: RECHECK_MS,
  });
  const trouble = useTrouble(run, error);
  if (run !== undefined) {
    return (
      <>
        {trouble !== null && <Problem error={trouble} onRetry={() => void refetch()} />}
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

/** Why what is shown may be old. What the run waits for is asked for more often than the run, so it tells sooner. */
function useTrouble(run: RunView | undefined, error: unknown): unknown {
  const { error: waitError } = useQuery({ ...api.runs.explain.queryOptions({ id: run?.id ?? "" }), enabled: false });
  const isOpen = run !== undefined && !isTerminal(run.status);
  return error ?? (isOpen ? waitError : null);
}
