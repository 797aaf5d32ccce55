import type { RunView } from "@beckon/core/runtime";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { DetailPane } from "./detail-pane.tsx";
import { outlineOf } from "./outline-query.ts";
import { RunHeader } from "./run-header.tsx";
import { toSegments } from "./run-segments.ts";
import { Timeline } from "./timeline.tsx";
import { useChildren } from "./use-children.ts";
import { useLiveRun } from "./use-live-run.ts";
import { WhyWaiting } from "./why-waiting.tsx";

const route = getRouteApi("/runs/$runId");
const NO_STEPS: readonly never[] = [];

/** A run that is there. */
export function RunShown({ run }: { readonly run: RunView }) {
  const live = useLiveRun(run);
  const { data: steps = NO_STEPS } = useQuery(outlineOf(run.id));
  const children = useChildren(run);
  const { step: chosenId } = route.useSearch();
  const navigate = useNavigate();
  const choose = (step: string | null): void => {
    void navigate({
      to: "/runs/$runId",
      params: { runId: run.id },
      search: step === null ? {} : { step },
      replace: true,
    });
  };
  const segments = useMemo(() => toSegments(live.events), [live.events]);
  const chosen = steps.find(({ id }) => id === chosenId) ?? null;
  return (
    <>
      <RunHeader run={run} />
      <WhyWaiting run={run} />
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
        <Timeline
          run={run}
          steps={steps}
          segments={segments}
          childRuns={children}
          chosenId={chosen?.id ?? null}
          onChoose={choose}
        />
        <DetailPane run={run} step={chosen} logVersion={live.version} made={children.page} />
      </div>
    </>
  );
}
