import type { CatalogDetail } from "@beckon/core/runtime";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { api } from "../../api/trpc.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Problem } from "../../ui/problem.tsx";
import { JobActions } from "./job-actions.tsx";
import { JobDefinition } from "./job-definition.tsx";
import { JobRuns } from "./job-runs.tsx";

const route = getRouteApi("/jobs/$jobId");
const REFRESH_MS = 3_000;

/** One job: what it takes, how it is to be run, and its runs. */
export function JobPage() {
  const { jobId } = route.useParams();
  const {
    data: job,
    error,
    refetch,
  } = useQuery({
    ...api.catalog.get.queryOptions({ id: jobId }),
    refetchInterval: REFRESH_MS,
  });
  // Also of one that was there: a deploy may have removed it while its page is open.
  if (error !== null && /There is no job/.test(error.message)) return <NoSuchJob jobId={jobId} />;
  const problem = error !== null && <Problem error={error} onRetry={() => void refetch()} />;
  if (job === undefined) return problem || <div className="p-4 text-ink-faint">Loading the job…</div>;
  return (
    <>
      {problem}
      <JobHeader job={job} />
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
        <JobRuns job={job} />
        <JobDefinition job={job} />
      </div>
    </>
  );
}

function NoSuchJob({ jobId }: { readonly jobId: string }) {
  return (
    <EmptyState title="There is no such job">
      This server defines no job <code className="font-mono">{jobId}</code>.{" "}
      <Link to="/jobs" className="text-accent underline">
        All jobs
      </Link>
    </EmptyState>
  );
}

function JobHeader({ job }: { readonly job: CatalogDetail }) {
  return (
    <PageHeader
      above={
        <>
          <Link to="/jobs" className="text-ink-soft hover:text-ink">
            Jobs
          </Link>
          <span aria-hidden className="text-ink-faint">
            /
          </span>
        </>
      }
      title={job.name}
      actions={<JobActions job={job} />}
    >
      <p className="flex flex-wrap gap-x-4 text-xs text-ink-soft">
        <code className="font-mono">{job.id}</code>
        <span>version {job.version}</span>
        {!job.isEnabled && <span className="text-warning">disabled: invoking it is refused</span>}
        {job.isPaused && <span className="text-warning">paused: none of its runs starts until it is resumed</span>}
      </p>
    </PageHeader>
  );
}
