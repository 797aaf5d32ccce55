import { Link } from "@tanstack/react-router";
import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { buttonClass } from "./button.tsx";
import { cn } from "./class-names.ts";

interface NoticeOptions {
  readonly isProblem?: boolean;
  /** It stays until somebody dismisses it: for what has to be read, and cannot be looked up elsewhere. */
  readonly isKept?: boolean;
  /** The run that it tells of, to which it leads. */
  readonly runId?: string | null;
}

interface Notice extends Required<NoticeOptions> {
  readonly id: number;
  /** Each line of it is one on the screen. */
  readonly text: string;
}

const SHOWN_MS = 6_000;

let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  for (const tell of listeners) tell();
}

/** Tells, for some seconds where it is not kept, what came of something that was done. */
export function notify(text: string, { isProblem = false, isKept = false, runId = null }: NoticeOptions = {}): void {
  lastId += 1;
  const id = lastId;
  set([...notices, { id, text, isProblem, isKept, runId }]);
  if (!isKept) setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  set(notices.filter((notice) => notice.id !== id));
}

export function Notices() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
  return (
    // Above the bars that lie at the end of pages: one that is kept would cover their buttons.
    <div role="status" className="pointer-events-none fixed right-4 bottom-16 z-50 flex max-w-sm flex-col gap-2">
      {shown.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice: { id, text, isProblem, isKept, runId } }: { readonly notice: Notice }) {
  return (
    <div
      className={cn("card flex items-start gap-2 p-3 shadow-lg", (isKept || runId !== null) && "pointer-events-auto")}
    >
      {isProblem ? (
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failure" />
      ) : (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
      )}
      <span className="min-w-0 flex-1 break-words whitespace-pre-line">
        {text}
        {runId !== null && (
          <Link to="/runs/$runId" params={{ runId }} className="block font-mono text-xs text-accent hover:underline">
            {runId}
          </Link>
        )}
      </span>
      {isKept && (
        <button
          type="button"
          aria-label="Dismiss"
          onClick={() => dismiss(id)}
          className={cn(buttonClass("quiet", "icon"), "-m-1 size-6")}
        >
          <X />
        </button>
      )}
    </div>
  );
}
