import type { RunSummary } from "@beckon/engine";
import { useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { Checkbox } from "../../ui/checkbox.tsx";
import { cn } from "../../ui/class-names.ts";
import { COLUMN_LAYOUT, features, runColumns } from "./run-columns.tsx";
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
  const scroller = useRef<HTMLDivElement>(null);
  const table = useTable({ features, columns: runColumns, data: list.runs, getRowId: (run: RunSummary) => run.id });
  const { rows } = table.getRowModel();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { loadMore } = list;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - AHEAD) loadMore();
  }, [last, rows.length, loadMore]);
  const toggle = (id: string, isOn: boolean): void => {
    const next = new Set(selected);
    if (isOn) next.add(id);
    else next.delete(id);
    onSelect(next);
  };
  return (
    <div role="table" aria-label="Runs" aria-rowcount={-1} className="flex min-h-0 flex-1 flex-col">
      <Head table={table} list={list} selected={selected} onSelect={onSelect} />
      <div
        ref={scroller}
        role="rowgroup"
        className={cn("relative min-h-0 flex-1 overflow-y-auto", list.isStale && "opacity-60")}
      >
        <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div
                key={row.id}
                role="row"
                aria-rowindex={index + 2}
                style={{ transform: `translateY(${start}px)`, height: ROW_PX }}
                className="absolute inset-x-0 flex items-center gap-3 border-b bg-surface px-4 hover:bg-sunken"
              >
                <div role="cell" className="relative z-10 flex">
                  <Checkbox
                    isChecked={selected.has(row.id)}
                    onChange={(isOn) => toggle(row.id, isOn)}
                    label={`Select run ${row.id}`}
                  />
                </div>
                {row.getAllCells().map((cell) => (
                  <div key={cell.id} role="cell" className={cn("flex items-center", COLUMN_LAYOUT[cell.column.id])}>
                    <table.FlexRender cell={cell} />
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface HeadProps extends RunTableProps {
  readonly table: ReturnType<typeof useTable<typeof features, RunSummary>>;
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
            onChange={(isOn) => onSelect(new Set(isOn ? list.runs.map((run) => run.id) : []))}
            label={`Select all ${list.runs.length} runs that are loaded`}
          />
        </div>
        {table.getHeaderGroups().flatMap((group) =>
          group.headers.map((header) => (
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
