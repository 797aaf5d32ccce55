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
  const isReady = from === undefined || source.data !== undefined;
  return (
    <>
      <PageHeader above={<JobPath jobId={jobId} />} title="Test" />
      {job.error !== null && <Problem error={job.error} onRetry={() => void job.refetch()} />}
      {!isReady && source.error !== null && (
        <Problem error={source.error} onRetry={() => void source.refetch()}>
          <Link to="/jobs/$jobId/test" params={{ jobId }} className="text-accent hover:underline">
            Start without the payload of that run
          </Link>
        </Problem>
      )}
      {isReady && job.data !== undefined && (
        <TestBench key={`${jobId} ${from ?? ""}`} job={job.data} source={source.data ?? null} />
      )}
    </>
  );
}

function JobPath({ jobId }: { readonly jobId: string }) {
  const slash = (
    <span aria-hidden className="text-ink-faint">
      /
    </span>
  );
  return (
    <>
      <Link to="/jobs" className="text-ink-soft hover:text-ink">
        Jobs
      </Link>
      {slash}
      <Link to="/jobs/$jobId" params={{ jobId }} className="text-ink-soft hover:text-ink">
        {jobId}
      </Link>
      {slash}
    </>
  );
}
