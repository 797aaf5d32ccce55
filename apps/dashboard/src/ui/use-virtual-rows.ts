import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";

interface VirtualRows {
  readonly count: number;
  readonly rowPx: number;
  /** Rows that are there also when they are not near the screen, such as one that has the focus. */
  readonly kept?: readonly number[];
  /** Is called while fewer rows than this are left below. */
  readonly ahead?: number;
  readonly onNearEnd?: (() => void) | undefined;
}

const OVERSCAN = 15;

/** Of a list of any length, only the rows that are on the screen or near it. */
export function useVirtualRows({ count, rowPx, kept = [], ahead = 0, onNearEnd }: VirtualRows) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    rangeExtractor: (range) => {
      const near = defaultRangeExtractor(range);
      const others = kept.filter((row) => row >= 0 && row < count && !near.includes(row));
      return [...near, ...others].toSorted((one, other) => one - other);
    },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (count > 0 && last >= count - ahead) onNearEnd?.();
  }, [last, count, ahead, onNearEnd]);
  return { scroller, virtual, items };
}
