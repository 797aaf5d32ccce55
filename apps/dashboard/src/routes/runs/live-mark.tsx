import { Button } from "../../ui/button.tsx";
import type { RunList } from "./use-run-list.ts";

/** Whether the list moves by itself. */
export function LiveMark({ list }: { readonly list: RunList }) {
  if (list.isLive) {
    return (
      <span className="flex items-center gap-1.5 text-xs text-ink-soft">
        <span aria-hidden className="size-1.5 animate-pulse rounded-full bg-success" />
        Live
      </span>
    );
  }
  const isLost = list.error !== null;
  return (
    <Button size="sm" onClick={isLost ? list.retry : list.restart}>
      {isLost ? "Connection lost: try again" : "Paused while you look back: refresh"}
    </Button>
  );
}
