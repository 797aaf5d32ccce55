import type { RunPage } from "@beckon/core/runtime";
import { Link } from "@tanstack/react-router";
import { RunDuration } from "../../ui/run-duration.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { Section } from "./section.tsx";

const SHOWN = 20;

interface ChildRunsProps {
  readonly runId: string;
  readonly page: RunPage | undefined;
}

/** The runs that this one made. */
export function ChildRuns({ runId, page }: ChildRunsProps) {
  if (page === undefined || page.runs.length === 0) return null;
  return (
    <Section title="Runs it made">
      <ul className="card divide-y overflow-hidden">
        {page.runs.slice(0, SHOWN).map((child) => (
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
      {page.runs.length > SHOWN && (
        <Link to="/runs" search={{ parent: runId }} className="text-xs text-accent underline">
          All of them
        </Link>
      )}
    </Section>
  );
}
