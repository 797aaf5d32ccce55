import { getRouteApi } from "@tanstack/react-router";
import { readRunSearch } from "../../app/run-search.ts";
import { type Shortcut, useShortcuts } from "../../app/shortcuts.ts";
import { PageHeader } from "../../ui/page-header.tsx";
import { Problem } from "../../ui/problem.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { LiveMark } from "./live-mark.tsx";
import { NoRuns } from "./no-runs.tsx";
import { RunTable } from "./run-table.tsx";
import { useRunList } from "./use-run-list.ts";
import { useSelection } from "./use-selection.ts";

const route = getRouteApi("/runs");

/** Every run there is: filtered by the URL, live, and open to being acted on together. */
export function RunsPage() {
  // The router adds whatever else the URL says, and what was left out of it.
  const search = readRunSearch({ ...route.useSearch() });
  const list = useRunList(search);
  const { selected, chosen, select, unselect } = useSelection(list, search);
  useShortcuts(RUN_LIST_KEYS);
  const isEmpty = !list.isLoading && list.runs.length === 0 && list.error === null;
  return (
    <>
      <PageHeader title="Runs" actions={<LiveMark list={list} />}>
        <FilterBar search={search} />
      </PageHeader>
      {list.error !== null && <Problem error={list.error} onRetry={list.retry} />}
      {isEmpty ? (
        <NoRuns isFiltered={Object.keys(search).length > 0} />
      ) : (
        // With other filters it is another list, and begins at its top.
        <RunTable key={JSON.stringify(search)} list={list} selected={selected} onSelect={select} />
      )}
      {chosen.length > 0 && <BulkBar runs={chosen} onDone={unselect} onClear={() => select(new Set())} />}
    </>
  );
}

function moveFocus(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-run-link]")];
  const index = links.findIndex((link) => link === document.activeElement);
  links[index === -1 ? 0 : index + step]?.focus();
}

const RUN_LIST_KEYS: readonly Shortcut[] = [
  { keys: "/", label: "Search", run: () => document.getElementById("run-search")?.focus() },
  { keys: "j", label: "Next run", run: () => moveFocus(1), mayRepeat: true },
  { keys: "k", label: "Previous run", run: () => moveFocus(-1), mayRepeat: true },
  {
    keys: "x",
    label: "Select the run",
    run: () =>
      document.activeElement?.closest('[role="row"]')?.querySelector<HTMLElement>('[role="checkbox"]')?.click(),
  },
];
