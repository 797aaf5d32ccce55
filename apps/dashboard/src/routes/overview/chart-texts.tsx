const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** An instant on a time axis. */
export function toClock(at: number): string {
  return CLOCK.format(at);
}

interface TooltipState {
  readonly active?: boolean;
  readonly label?: unknown;
  readonly payload?: readonly {
    readonly name?: unknown;
    readonly value?: unknown;
    readonly color?: string | undefined;
  }[];
}

/** What is told of the stretch under the pointer. */
export function toTooltip(format: (value: number) => string) {
  return function ChartTooltip({ active, label, payload = [] }: TooltipState) {
    if (active !== true) return null;
    return (
      <div className="card px-2.5 py-1.5 text-xs shadow-lg">
        <p className="text-ink-soft">{toClock(Number(label))}</p>
        {payload.map(({ name, value, color }) => (
          <p key={String(name)} className="flex items-center justify-between gap-4">
            <span className="flex items-center gap-1.5">
              <span aria-hidden className="size-2 rounded-full" style={{ background: color }} />
              {String(name)}
            </span>
            <span className="tabular-nums">{typeof value === "number" ? format(value) : "–"}</span>
          </p>
        ))}
      </div>
    );
  };
}
