import type { ReactNode } from "react";
import { cn } from "../../ui/class-names.ts";

interface PanelProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled card of the overview. */
export function Panel({ title, note, className, children }: PanelProps) {
  return (
    <section aria-label={title} className={cn("card flex min-w-0 flex-col overflow-hidden", className)}>
      <div className="flex items-baseline justify-between gap-4 px-4 pt-3 pb-2">
        <h2>{title}</h2>
        {note !== undefined && <span className="text-right text-xs text-ink-soft">{note}</span>}
      </div>
      {children}
    </section>
  );
}
