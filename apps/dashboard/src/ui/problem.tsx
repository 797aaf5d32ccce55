import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

interface ProblemProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  readonly children?: ReactNode;
}

/** What went wrong, in the server's own sentence. */
export function Problem({ error, onRetry, children }: ProblemProps) {
  return (
    <div role="alert" className="card m-4 flex items-start gap-2 border-failure/40 p-3">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failure" />
      <div className="min-w-0 flex-1">
        <p className="break-words">{messageOf(error)}</p>
        {children}
      </div>
      {onRetry !== undefined && (
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
