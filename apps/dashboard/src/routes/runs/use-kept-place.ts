import { type RefObject, useLayoutEffect, useRef, useState } from "react";

interface PlaceInList {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly ids: readonly string[];
  readonly rowPx: number;
}

interface KeptPlace {
  /** So many came above the place that is kept. */
  readonly newer: number;
  readonly onScroll: () => void;
}

/**
 * Leaves the rows that somebody reads where they are when others come above them: what lies under the pointer must be
 * what was seen there. At the top of the list, where nothing in it has the focus, news push it down instead.
 */
export function useKeptPlace({ scroller, ids, rowPx }: PlaceInList): KeptPlace {
  const [newer, setNewer] = useState(0);
  const known = useRef(ids);
  // Before the rows are painted in their new order.
  useLayoutEffect(() => {
    const before = known.current;
    known.current = ids;
    const list = scroller.current;
    if (list === null || (list.scrollTop === 0 && !list.contains(document.activeElement))) return;
    const moved = rowsAbove({ before, ids, first: Math.floor(list.scrollTop / rowPx) });
    if (moved === 0) return;
    list.scrollBy({ top: moved * rowPx, behavior: "instant" });
    setNewer((count) => Math.max(0, count + moved));
  }, [scroller, ids, rowPx]);
  return { newer, onScroll: () => void (scroller.current?.scrollTop === 0 && setNewer(0)) };
}

interface Change {
  readonly before: readonly string[];
  readonly ids: readonly string[];
  /** The first row on the screen. */
  readonly first: number;
}

/** How many rows more than before are above the first one on the screen that is still there. */
export function rowsAbove({ before, ids, first }: Change): number {
  const places = new Map(ids.map((id, index) => [id, index]));
  const stayed = before.findIndex((id, index) => index >= first && places.has(id));
  return stayed === -1 ? 0 : (places.get(before[stayed] ?? "") ?? stayed) - stayed;
}
