import type { ReactElement } from "react";
import { ResponsiveContainer } from "recharts";
import { Panel } from "./panel.tsx";

export interface Series {
  readonly key: string;
  readonly name: string;
  readonly color: string;
}

interface ChartFrameProps {
  readonly title: string;
  readonly series: readonly Series[];
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly format: (value: number) => string;
  readonly isWide?: boolean;
  readonly children: ReactElement;
}

/** A chart with its legend; readers who cannot see it are told its last numbers. */
export function ChartFrame({ title, series, data, format, isWide = false, children }: ChartFrameProps) {
  const last = data.at(-1);
  const legend = (
    <span className="flex flex-wrap justify-end gap-x-3">
      {series.map(({ key, name, color }) => (
        <span key={key} className="relative flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-full" style={{ background: color }} />
          {name}
          <span className="sr-only">, last: {textOf(last?.[key], format)}</span>
        </span>
      ))}
    </span>
  );
  return (
    <Panel title={title} note={legend} {...(isWide && { className: "lg:col-span-2" })}>
      <div className="h-48 px-2 pb-2">
        <ResponsiveContainer width="100%" height="100%">
          {children}
        </ResponsiveContainer>
      </div>
    </Panel>
  );
}

function textOf(value: unknown, format: (value: number) => string): string {
  return typeof value === "number" ? format(value) : "none";
}
