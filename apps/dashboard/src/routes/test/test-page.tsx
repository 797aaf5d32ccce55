import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { api } from "../../api/trpc.ts";
import { PageHeader } from "../../ui/page-header.tsx";
import { Problem } from "../../ui/problem.tsx";
import { TestBench } from "./test-bench.tsx";

const route = getRouteApi("/jobs/$jobId/test");

/** Tries a job: with an example, a payload of a run before, or one written here. */
export function TestPage() {
  const { jobId } = route.useParams();
  const { from } = route.useSearch();
  const job = useQuery({ ...api.catalog.get.queryOptions({ id: jobId }), refetchOnWindowFocus: false });
  const source = useQuery({ ...api.runs.get.queryOptions({ id: from ?? "" }), enabled: from !== undefined });
  const isReady = job.data !== undefined && (from === undefined || !source.isLoading);
  return (
    <>
      <PageHeader
        above={
          <>
            <Link to="/jobs" className="text-ink-soft hover:text-ink">
              Jobs
            </Link>
            <span aria-hidden className="text-ink-faint">
              /
            </span>
            <Link to="/jobs/$jobId" params={{ jobId }} className="text-ink-soft hover:text-ink">
              {jobId}
            </Link>
            <span aria-hidden className="text-ink-faint">
              /
            </span>
          </>
        }
        title="Test"
      />
      {job.error !== null && <Problem error={job.error} onRetry={() => void job.refetch()} />}
      {isReady && job.data !== undefined && (
        <TestBench
          key={from ?? "new"}
          job={job.data}
          start={source.data === undefined ? job.data.examples[0]?.payload : source.data.payload}
        />
      )}
    </>
  );
}
