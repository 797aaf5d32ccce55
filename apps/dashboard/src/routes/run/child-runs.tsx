import { isTerminal } from "@beckon/core/runtime";
import type { RunView } from "@beckon/engine";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/trpc.ts";
import { RunDuration } from "../../ui/run-duration.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { Section } from "./section.tsx";

const SHOWN = 20;
const REFRESH_MS = 1_500;

/** The runs that this one made. */
export function ChildRuns({ run }: { readonly run: RunView }) {
  const { data } = useQuery({
    ...api.runs.list.queryOptions({ parent: run.id, limit: SHOWN }),
    refetchInterval: isTerminal(run.status) ? false : REFRESH_MS,
  });
  if (data === undefined || data.runs.length === 0) return null;
  return (
    <Section title="Runs it made">
      <ul className="card divide-y overflow-hidden">
        {data.runs.map((child) => (
          <li key={child.id} className="relative flex items-center gap-2 px-2.5 py-1.5 hover:bg-sunken">
            <StatusBadge status={child.status} />
            <Link
              to="/runs/$runId"
              params={{ runId: child.id }}
              className="min-w-0 flex-1 truncate font-medium after:absolute after:inset-0"
            >
              {child.job.id}
            </Link>
            <span className="text-xs text-ink-soft tabular-nums">
              <RunDuration run={child} />
            </span>
          </li>
        ))}
      </ul>
      {data.nextCursor !== null && (
        <Link to="/runs" search={{ parent: run.id }} className="text-xs text-accent underline">
          All of them
        </Link>
      )}
    </Section>
  );
}
