import type { RunSummary } from "@beckon/engine";
import type { CatalogDetail } from "@beckon/router";
import { useState } from "react";
import { beckon } from "../../api/jobs-client.ts";
import { cn } from "../../ui/class-names.ts";
import { notify } from "../../ui/notices.tsx";
import { messageOf } from "../../ui/problem.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { ExampleIcon } from "./example-icon.tsx";

interface SourceListProps {
  readonly job: CatalogDetail;
  readonly onChoose: (payload: unknown) => void;
}

/** Payloads to start from: the examples that the job defines, and those of its last runs. */
export function SourceList({ job, onChoose }: SourceListProps) {
  const [chosen, setChosen] = useState(job.examples[0]?.id ?? null);
  const chooseRun = async (run: RunSummary) => {
    try {
      const { payload } = await beckon.runs.get({ id: run.id });
      setChosen(run.id);
      onChoose(payload);
    } catch (error) {
      notify(messageOf(error), { isProblem: true });
    }
  };
  const item = (id: string) =>
    cn(
      "flex w-full items-center gap-2 rounded-[7px] px-2 py-1.5 text-left hover:bg-sunken",
      chosen === id && "bg-accent-soft",
    );
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
        {job.examples.map((example) => (
          <button
            key={example.id}
            type="button"
            aria-pressed={chosen === example.id}
            className={item(example.id)}
            onClick={() => {
              setChosen(example.id);
              onChoose(example.payload);
            }}
          >
            <ExampleIcon name={example.icon} />
            <span className="min-w-0 break-words">{example.name}</span>
          </button>
        ))}
      </div>
      {job.recentRuns.length > 0 && (
        <div>
          <h2 className="px-2 pb-1 text-xs text-ink-soft">Payloads of recent runs</h2>
          {job.recentRuns.map((run) => (
            <button
              key={run.id}
              type="button"
              aria-pressed={chosen === run.id}
              className={cn(item(run.id), "justify-between")}
              onClick={() => void chooseRun(run)}
            >
              <StatusBadge status={run.status} />
              <span className="text-xs text-ink-soft">
                <RelativeTime at={run.createdAt} />
              </span>
            </button>
          ))}
        </div>
      )}
    </section>
  );
}
