import { CircleCheck, TriangleAlert } from "lucide-react";
import { useSyncExternalStore } from "react";

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly isProblem: boolean;
}

const SHOWN_MS = 6_000;

let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  for (const tell of listeners) tell();
}

/** Tells, for some seconds, what came of something that was done. */
export function notify(text: string, options: { readonly isProblem?: boolean } = {}): void {
  lastId += 1;
  const id = lastId;
  set([...notices, { id, text, isProblem: options.isProblem ?? false }]);
  setTimeout(() => set(notices.filter((notice) => notice.id !== id)), SHOWN_MS);
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
    <div role="status" className="pointer-events-none fixed right-4 bottom-4 z-50 flex max-w-sm flex-col gap-2">
      {shown.map(({ id, text, isProblem }) => (
        <div key={id} className="card flex items-start gap-2 p-3 shadow-lg">
          {isProblem ? (
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failure" />
          ) : (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
          )}
          <span className="min-w-0 break-words">{text}</span>
        </div>
      ))}
    </div>
  );
}
