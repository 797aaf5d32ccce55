import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { api } from "../../api/trpc.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Problem } from "../../ui/problem.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { toJobRows } from "./job-rows.ts";
import { JobTable } from "./job-table.tsx";

const route = getRouteApi("/jobs");
const REFRESH_MS = 3_000;
const ACTIVITY_MS = 10_000;

/** Every job that this server runs, and how it fared over the last day. */
export function JobsPage() {
  const { q = "" } = route.useSearch();
  const navigate = useNavigate();
  const jobs = useQuery({ ...api.catalog.list.queryOptions(), refetchInterval: REFRESH_MS });
  const activity = useQuery({
    ...api.catalog.activity.queryOptions({ span: "day" }),
    refetchInterval: ACTIVITY_MS,
  });
  useShortcuts([{ keys: "/", label: "Search", run: () => document.getElementById("job-search")?.focus() }]);
  const rows = toJobRows(jobs.data ?? [], activity.data, q);
  return (
    <>
      <PageHeader title="Jobs">
        <div role="search">
          <SearchField
            id="job-search"
            value={q}
            onChange={(text) => void navigate({ to: "/jobs", search: text === "" ? {} : { q: text }, replace: true })}
            placeholder="Name or id"
            label="Search jobs by name or id"
          />
        </div>
      </PageHeader>
      {jobs.error !== null && <Problem error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {jobs.data?.length === 0 && <NoJobs />}
      {jobs.data !== undefined && jobs.data.length > 0 && rows.length === 0 && (
        <EmptyState title="No job has this in its name or id">Search for less of it.</EmptyState>
      )}
      {rows.length > 0 && <JobTable rows={rows} />}
    </>
  );
}

const FIRST_JOB = `export const exampleJob = client.defineJob({
  id: "example-job",
  name: "Example job",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ userId: z.string() }) }),
  run: async (payload, io, ctx) => { … },
});`;

function NoJobs() {
  return (
    <EmptyState title="This server has no jobs" command={FIRST_JOB}>
      Define one in your jobs package, export it, and give the module to createServer({"{ jobs }"}).
    </EmptyState>
  );
}
