import type { RunSummary } from "@beckon/core/runtime";
import { formatDuration } from "./format-duration.ts";
import { useNow } from "./now.ts";

/** From the first start to the end, or to now. */
export function RunDuration({ run }: { readonly run: Pick<RunSummary, "startedAt" | "completedAt"> }) {
  const now = useNow();
  const { startedAt, completedAt } = run;
  if (startedAt === null) return <span className="text-ink-faint">–</span>;
  return <>{formatDuration(Math.max((completedAt?.getTime() ?? now) - startedAt.getTime(), 0))}</>;
}
