import type { ReactNode } from "react";

/** A titled part of the details. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5" aria-label={title}>
      <h2 className="text-xs text-ink-soft">{title}</h2>
      {children}
    </section>
  );
}
