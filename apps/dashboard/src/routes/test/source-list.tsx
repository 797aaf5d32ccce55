import type { CatalogDetail, RunSummary } from "@beckon/core/runtime";
import { type ReactNode, useRef, useState } from "react";
import { beckon } from "../../api/jobs-client.ts";
import { cn } from "../../ui/class-names.ts";
import { notify } from "../../ui/notices.tsx";
import { messageOf } from "../../ui/problem.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { ExampleIcon } from "./example-icon.tsx";

interface SourceListProps {
  readonly job: CatalogDetail;
  /** The example or run that the payload is of as the page opens. */
  readonly start: string | null;
  readonly onChoose: (payload: unknown) => void;
}

interface SourceProps {
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

function Source({ isChosen, onChoose, children }: SourceProps) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={cn(
        "flex w-full items-center gap-2 rounded-[7px] px-2 py-1.5 text-left hover:bg-sunken",
        isChosen && "bg-accent-soft",
      )}
    >
      {children}
    </button>
  );
}

/** Which source was taken last. What comes late does not replace what was chosen since. */
function useChoice(start: string | null, onChoose: (payload: unknown) => void) {
  const [chosen, setChosen] = useState(start);
  const lastClick = useRef<object>(null);
  const choose = async (id: string, load: () => unknown): Promise<void> => {
    const click = {};
    lastClick.current = click;
    try {
      const payload = await load();
      if (lastClick.current !== click) return;
      setChosen(id);
      onChoose(payload);
    } catch (error) {
      notify(messageOf(error), { isProblem: true });
    }
  };
  return { chosen, choose };
}

/** Payloads to start from: the examples that the job defines, and those of its last runs. */
export function SourceList({ job, start, onChoose }: SourceListProps) {
  const { chosen, choose } = useChoice(start, onChoose);
  return (
    <section
      aria-label="Start from"
      className="flex shrink-0 flex-col gap-4 border-b p-3 lg:w-60 lg:overflow-y-auto lg:border-r lg:border-b-0"
    >
      <div>
        <h2 className="px-2 pb-1 text-xs text-ink-soft">Examples</h2>
        {job.examples.length === 0 && (
          <p className="px-2 text-ink-faint">None. Give invokeTrigger() some with its option examples.</p>
        )}
        {job.examples.map(({ id, name, icon, payload }) => (
          <Source key={id} isChosen={chosen === id} onChoose={() => void choose(id, () => payload)}>
            <ExampleIcon name={icon} />
            <span className="min-w-0 break-words">{name}</span>
          </Source>
        ))}
      </div>
      <RecentPayloads
        runs={job.recentRuns}
        chosen={chosen}
        onChoose={(id) => void choose(id, async () => (await beckon.runs.get({ id })).payload)}
      />
    </section>
  );
}

interface RecentPayloadsProps {
  readonly runs: readonly RunSummary[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

function RecentPayloads({ runs, chosen, onChoose }: RecentPayloadsProps) {
  if (runs.length === 0) return null;
  return (
    <div>
      <h2 className="px-2 pb-1 text-xs text-ink-soft">Payloads of recent runs</h2>
      {runs.map(({ id, status, createdAt }) => (
        <Source key={id} isChosen={chosen === id} onChoose={() => onChoose(id)}>
          <StatusBadge status={status} />
          <span className="ml-auto text-xs text-ink-soft">
            <RelativeTime at={createdAt} />
          </span>
        </Source>
      ))}
    </div>
  );
}
