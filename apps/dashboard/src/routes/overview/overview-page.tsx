import type { ActivitySpan } from "@beckon/core/runtime";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { api } from "../../api/trpc.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { PartBoundary } from "../../ui/part-boundary.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Failures } from "./failures.tsx";
import { Limits } from "./limits.tsx";
import { Numbers } from "./numbers.tsx";
import { Panel } from "./panel.tsx";

const Charts = lazy(async () => ({ default: (await import("./charts.tsx")).Charts }));

const REFRESH_MS = 5_000;
const SPANS = [
  ["hour", "Last hour"],
  ["day", "Last day"],
] as const;

/** How all jobs fare together. */
export function OverviewPage() {
  const [span, setSpan] = useState<ActivitySpan>("hour");
  const activity = useQuery({ ...api.catalog.activity.queryOptions({ span }), refetchInterval: REFRESH_MS });
  const queues = useQuery({ ...api.catalog.queues.queryOptions(), refetchInterval: REFRESH_MS });
  const failures = useQuery({ ...api.catalog.failures.queryOptions({ span }), refetchInterval: REFRESH_MS });
  const hasRun = activity.data?.jobs.some(({ lastRun }) => lastRun !== null) ?? true;
  return (
    <>
      <PageHeader title="Overview" actions={<SpanChoice span={span} onChange={setSpan} />} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        {activity.error !== null && <Problem error={activity.error} onRetry={() => void activity.refetch()} />}
        {hasRun ? (
          <div className="grid grid-cols-1 gap-4 p-4 lg:grid-cols-2">
            <Numbers activity={activity.data} queues={queues.data} />
            <PartBoundary renderInstead={(error) => <Problem error={error} onRetry={() => location.reload()} />}>
              <Suspense fallback={<Panel title="Runs that ended">{<div className="h-48" />}</Panel>}>
                {activity.data !== undefined && (
                  <Charts activity={activity.data} samples={queues.data?.samples ?? []} />
                )}
              </Suspense>
            </PartBoundary>
            <Failures failures={failures.data} span={span} />
            <Limits queues={queues.data} />
          </div>
        ) : (
          <FirstSteps />
        )}
      </div>
    </>
  );
}

interface SpanChoiceProps {
  readonly span: ActivitySpan;
  readonly onChange: (span: ActivitySpan) => void;
}

function SpanChoice({ span, onChange }: SpanChoiceProps) {
  return (
    <div role="group" aria-label="Time" className="flex rounded-[7px] bg-sunken p-0.5">
      {SPANS.map(([id, label]) => (
        <Button
          key={id}
          look="quiet"
          size="sm"
          aria-pressed={span === id}
          className={span === id ? "bg-surface text-ink shadow-sm" : ""}
          onClick={() => onChange(id)}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}

function FirstSteps() {
  return (
    <EmptyState title="Nothing has run yet" command="npx -y pnpm@12.4.2 invoke example-job">
      Invoke a job from the shell as below, or{" "}
      <Link to="/jobs" className="text-accent underline">
        try one from its test page
      </Link>
      . What it does is counted here from then on.
    </EmptyState>
  );
}
