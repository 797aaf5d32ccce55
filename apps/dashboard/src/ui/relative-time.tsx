import { formatExact, formatRelative } from "./format-duration.ts";
import { useNow } from "./now.ts";

/** How long ago something was; the exact instant shows on hover. */
export function RelativeTime({ at }: { readonly at: Date | null }) {
  const now = useNow();
  if (at === null) return <span className="text-ink-faint">–</span>;
  return (
    <time dateTime={at.toISOString()} title={formatExact(at)} className="whitespace-nowrap">
      {formatRelative(at, Math.max(now, 0))}
    </time>
  );
}
