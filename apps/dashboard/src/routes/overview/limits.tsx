import type { QueuesView } from "@beckon/core/runtime";
import { formatCount } from "../../ui/format-duration.ts";
import { Sparkline } from "../../ui/sparkline.tsx";
import { Panel } from "./panel.tsx";

const SHOWN = 8;
/** So many points are enough for a line of this width. */
const POINTS = 60;

/** Concurrency limits: how many places are taken, how that went, and who waits. */
export function Limits({ queues }: { readonly queues: QueuesView | undefined }) {
  const limits = queues?.limits.slice(0, SHOWN) ?? [];
  const samples = queues?.samples.slice(-POINTS) ?? [];
  return (
    <Panel title="Concurrency limits">
      {queues !== undefined && limits.length === 0 && (
        <p className="px-4 pb-4 text-ink-soft">
          None is in use. Give a job a <code className="font-mono text-xs">concurrencyLimit</code> to bound how many of
          its runs execute at once.
        </p>
      )}
      <ul className="divide-y border-t empty:hidden">
        {limits.map((limit) => (
          <LimitRow key={limit.id} limit={limit} samples={samples} />
        ))}
      </ul>
    </Panel>
  );
}

interface LimitRowProps {
  readonly limit: QueuesView["limits"][number];
  readonly samples: QueuesView["samples"];
}

function LimitRow({ limit: { id, max, taken, waiting }, samples }: LimitRowProps) {
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-mono text-xs">{id}</span>
        <span className="block text-xs text-ink-soft">
          {waiting === 0 ? "nobody waits" : `${formatCount(waiting)} waiting`}
        </span>
      </span>
      {/* Of one sample it would be a dot, which says nothing. */}
      {samples.length > 1 && (
        <Sparkline values={samples.map((sample) => sample.taken[id] ?? 0)} label={`Places of ${id} taken over time`} />
      )}
      <span
        role="meter"
        aria-label={`Places of ${id} taken`}
        aria-valuenow={taken}
        aria-valuemin={0}
        aria-valuemax={max}
        className="w-20 text-right tabular-nums"
      >
        {taken} of {max}
      </span>
    </li>
  );
}
