import type { RunSummary } from "@beckon/core/runtime";
import { useState } from "react";
import type { RunSearch } from "../../app/run-search.ts";
import { findChosen } from "./find-chosen.ts";
import type { RunList } from "./use-run-list.ts";

export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly chosen: readonly RunSummary[];
  readonly select: (ids: ReadonlySet<string>) => void;
  /** Takes these out, and leaves whatever was selected meanwhile. */
  readonly unselect: (ids: readonly string[]) => void;
}

/** The runs that are to be acted on together. Other filters begin another selection. */
export function useSelection(list: RunList, search: RunSearch): Selection {
  const [picked, setPicked] = useState<readonly RunSummary[]>([]);
  const filters = JSON.stringify(search);
  const [known, setKnown] = useState(filters);
  if (filters !== known) {
    setKnown(filters);
    setPicked([]);
  }
  const chosen = findChosen(picked, list);
  return {
    chosen,
    selected: new Set(chosen.map(({ id }) => id)),
    select: (ids) => {
      const shown = new Set(list.runs.map(({ id }) => id));
      const all = [...list.runs, ...chosen.filter(({ id }) => !shown.has(id))];
      setPicked(all.filter(({ id }) => ids.has(id)));
    },
    unselect: (ids) => setPicked((before) => before.filter(({ id }) => !ids.includes(id))),
  };
}
