import type { ActivityView, QueuesView } from "@beckon/core/runtime";
import { formatCount, formatDuration } from "../../ui/format-duration.ts";
import { formatRate, successRateOf } from "../jobs/job-rows.ts";

interface NumbersProps {
  readonly activity: ActivityView | undefined;
  readonly queues: QueuesView | undefined;
}

/** The few numbers that say whether all is well. */
export function Numbers({ activity, queues }: NumbersProps) {
  const total = activity?.total;
  const rate = total === undefined ? null : successRateOf(total);
  const live = queues?.samples.at(-1)?.live;
  const numbers: readonly (readonly [label: string, text: string, isBad?: boolean])[] = [
    ["Ended", total === undefined ? "–" : formatCount(total.succeeded + total.failed + total.canceled)],
    ["Failed", total === undefined ? "–" : formatCount(total.failed), (total?.failed ?? 0) > 0],
    ["Success", rate === null ? "–" : formatRate(rate)],
    ["Half within", durationText(total?.p50)],
    ["95 % within", durationText(total?.p95)],
    ["99 % within", durationText(total?.p99)],
    ["Queued now", live === undefined ? "–" : formatCount(live.QUEUED)],
    ["Executing now", live === undefined ? "–" : formatCount(live.EXECUTING)],
  ];
  return (
    <dl className="card grid grid-cols-2 gap-px overflow-hidden bg-line sm:grid-cols-4 lg:col-span-2 xl:grid-cols-8">
      {numbers.map(([label, text, isBad]) => (
        <div key={label} className="bg-surface px-4 py-3">
          <dt className="text-xs text-ink-soft">{label}</dt>
          <dd className={isBad === true ? "text-xl text-failure tabular-nums" : "text-xl tabular-nums"}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function durationText(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? "–" : formatDuration(ms);
}
