import type { RunSummary } from "@beckon/core/runtime";
import { useTable } from "@tanstack/react-table";
import { ArrowUp } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { cn } from "../../ui/class-names.ts";
import { useVirtualRows } from "../../ui/use-virtual-rows.ts";
import { COLUMN_LAYOUT, features, runColumns } from "./run-columns.tsx";
import { useKeptPlace } from "./use-kept-place.ts";
import type { RunList } from "./use-run-list.ts";

const ROW_PX = 44;
/** How near its end the list asks for more. */
const AHEAD = 30;

interface RunTableProps {
  readonly list: RunList;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
}

/** Only the rows on the screen are there: a list of a million costs what a page of it costs. */
export function RunTable({ list, selected, onSelect }: RunTableProps) {
  const table = useTable({ features, columns: runColumns, data: list.runs, getRowId: (run: RunSummary) => run.id });
  const { rows } = table.getRowModel();
  const { scroller, virtual, items, newer, onScroll, onFocus } = useRunRows(list);
  const shown = items.map(({ index, start }) => {
    const row = rows[index];
    if (row === undefined) return null;
    return (
      <TableRow
        key={row.id}
        place={{ index, start }}
        runId={row.id}
        isSelected={selected.has(row.id)}
        isStale={list.isStale}
        onFocus={() => onFocus(row.id)}
        onSelect={(isOn) => onSelect(withMember(selected, row.id, isOn))}
      >
        <Cells cells={row.getAllCells()} FlexRender={table.FlexRender} />
      </TableRow>
    );
  });
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div role="table" aria-label="Runs" aria-rowcount={-1} className="flex min-h-0 flex-1 flex-col">
        <Head table={table} list={list} selected={selected} onSelect={onSelect} />
        <div
          ref={scroller}
          role="rowgroup"
          onScroll={onScroll}
          className={cn("relative min-h-0 flex-1 overflow-y-auto", list.isStale && "opacity-60")}
        >
          <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
            {shown}
          </div>
        </div>
      </div>
      {newer > 0 && <Newer count={newer} onShow={() => scroller.current?.scrollTo({ top: 0 })} />}
    </div>
  );
}

/** Which rows are there, and where: what is read and what has the focus stay when the list grows above them. */
function useRunRows({ runs, loadMore }: RunList) {
  const ids = useMemo(() => runs.map(({ id }) => id), [runs]);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const focused = focusedId === null ? -1 : ids.indexOf(focusedId);
  const rows = useVirtualRows({
    count: ids.length,
    rowPx: ROW_PX,
    // With its neighbors, where the keys go next.
    kept: focused === -1 ? [] : [focused - 1, focused, focused + 1],
    ahead: AHEAD,
    onNearEnd: loadMore,
  });
  return { ...rows, ...useKeptPlace({ scroller: rows.scroller, ids, rowPx: ROW_PX }), onFocus: setFocusedId };
}

/** Over the rows: there is something above them that was not there when they were looked at. */
function Newer({ count, onShow }: { readonly count: number; readonly onShow: () => void }) {
  return (
    <Button size="sm" onClick={onShow} className="absolute top-10 left-1/2 z-20 -translate-x-1/2 shadow-lg">
      <ArrowUp aria-hidden />
      {count} newer {count === 1 ? "run" : "runs"}
    </Button>
  );
}

type RunTableModel = ReturnType<typeof useTable<typeof features, RunSummary>>;

interface CellsProps {
  readonly cells: ReturnType<RunTableModel["getRowModel"]>["rows"][number]["getAllCells"] extends () => infer Cells
    ? Cells
    : never;
  readonly FlexRender: RunTableModel["FlexRender"];
}

function Cells({ cells, FlexRender }: CellsProps) {
  return cells.map((cell) => (
    <div key={cell.id} role="cell" className={cn("flex items-center", COLUMN_LAYOUT[cell.column.id])}>
      <FlexRender cell={cell} />
    </div>
  ));
}

function withMember(set: ReadonlySet<string>, id: string, isIn: boolean): ReadonlySet<string> {
  return new Set(isIn ? [...set, id] : [...set].filter((one) => one !== id));
}

interface TableRowProps {
  readonly place: { readonly index: number; readonly start: number };
  readonly runId: string;
  readonly isSelected: boolean;
  /** It is what other filters found, and may be gone in a moment: it is not to be ticked. */
  readonly isStale: boolean;
  readonly onFocus: () => void;
  readonly onSelect: (isSelected: boolean) => void;
  readonly children: ReactNode;
}

function TableRow({ place, runId, isSelected, isStale, onFocus, onSelect, children }: TableRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={place.index + 2}
      onFocus={onFocus}
      style={{ transform: `translateY(${place.start}px)`, height: ROW_PX }}
      className="absolute inset-x-0 flex items-center gap-3 border-b bg-surface px-4 hover:bg-sunken"
    >
      <div role="cell" className="relative z-10 flex">
        <Checkbox isChecked={isSelected} isDisabled={isStale} onChange={onSelect} label={`Select run ${runId}`} />
      </div>
      {children}
    </div>
  );
}

interface HeadProps extends RunTableProps {
  readonly table: RunTableModel;
}

function Head({ table, list, selected, onSelect }: HeadProps) {
  const isAll = list.runs.length > 0 && list.runs.every((run) => selected.has(run.id));
  const isSome = list.runs.some((run) => selected.has(run.id));
  return (
    <div role="rowgroup">
      <div role="row" className="flex h-8 items-center gap-3 border-b bg-canvas px-4 text-xs text-ink-soft">
        <div role="columnheader" className="flex">
          <Checkbox
            isChecked={isAll || (isSome && "indeterminate")}
            isDisabled={list.isStale}
            onChange={(isOn) => onSelect(new Set(isOn ? list.runs.map((run) => run.id) : []))}
            label={`Select all ${list.runs.length} runs that are loaded`}
          />
        </div>
        {table.getHeaderGroups().flatMap((group) =>
          group.headers.map((header) => (
            // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- its text is rendered by the table
            <div
              key={header.id}
              role="columnheader"
              className={cn("flex items-center", COLUMN_LAYOUT[header.column.id])}
            >
              <table.FlexRender header={header} />
            </div>
          )),
        )}
      </div>
    </div>
  );
}
