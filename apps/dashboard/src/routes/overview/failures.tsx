import type { ActivitySpan, FailuresView } from "@beckon/core/runtime";
import { Link } from "@tanstack/react-router";
import { formatCount } from "../../ui/format-duration.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { Panel } from "./panel.tsx";

interface FailuresProps {
  readonly failures: FailuresView | undefined;
  readonly span: ActivitySpan;
}

const SHOWN = 8;

/** Failed runs by what went wrong, the commonest first. */
export function Failures({ failures, span }: FailuresProps) {
  const groups = failures?.groups.slice(0, SHOWN) ?? [];
  const note = failures?.isPartial === true ? `of the newest ${failures.looked} failures` : undefined;
  return (
    <Panel title="Failures by error" note={note}>
      {failures !== undefined && groups.length === 0 && (
        <p className="px-4 pb-4 text-ink-soft">Nothing failed in the last {span}.</p>
      )}
      <ul className="divide-y border-t empty:hidden">
        {groups.map(({ jobId, code, message, count, lastAt, lastRunId }) => (
          <li key={`${jobId} ${code} ${message}`} className="relative flex items-start gap-3 px-4 py-2 hover:bg-sunken">
            <span className="w-9 shrink-0 text-right font-medium text-failure tabular-nums">{formatCount(count)}</span>
            <span className="min-w-0 flex-1">
              <Link
                to="/runs/$runId"
                params={{ runId: lastRunId }}
                className="line-clamp-2 break-words after:absolute after:inset-0"
              >
                {message}
              </Link>
              <span className="text-xs text-ink-soft">
                {jobId} · <code className="font-mono">{code}</code> · <RelativeTime at={lastAt} />
              </span>
            </span>
          </li>
        ))}
      </ul>
      {groups.length > 0 && (
        <Link
          to="/runs"
          search={{ status: "FAILURE,TIMED_OUT,EXPIRED", from: span === "hour" ? "1h" : "24h" }}
          className="border-t px-4 py-2 text-accent hover:underline"
        >
          All failed runs
        </Link>
      )}
    </Panel>
  );
}
