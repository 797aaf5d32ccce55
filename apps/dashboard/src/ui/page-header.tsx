import type { ReactNode } from "react";

interface PageHeaderProps {
  readonly title: ReactNode;
  /** Where the page lies: links to what is above it. */
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** The head of every page: what it is, and what can be done here. */
export function PageHeader({ title, above, actions, children }: PageHeaderProps) {
  return (
    <header className="flex shrink-0 flex-col gap-2 border-b bg-surface px-4 py-3">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <div className="flex min-w-0 flex-[1_1_15rem] flex-wrap items-center gap-x-2">
          {above}
          <h1 className="flex min-w-0 items-center gap-2">{title}</h1>
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </header>
  );
}
