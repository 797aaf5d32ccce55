import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly title: string;
  readonly children: ReactNode;
  /** What to do next, ready to be copied. */
  readonly command?: string | undefined;
}

/** Where there is nothing yet: says so, and teaches the next step. */
export function EmptyState({ title, children, command }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-xl flex-col items-center gap-2 px-6 py-14 text-center">
      <h2 className="text-sm">{title}</h2>
      <div className="text-ink-soft text-pretty">{children}</div>
      {command !== undefined && (
        <pre
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
          tabIndex={0}
          className="card mt-3 max-w-full overflow-x-auto bg-sunken px-3 py-2 text-left font-mono text-xs text-ink"
        >
          {command}
        </pre>
      )}
    </div>
  );
}
