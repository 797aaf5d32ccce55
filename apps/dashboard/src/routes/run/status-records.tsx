import type { StatusRecord } from "@beckon/core/runtime";
import { CircleCheck, CircleSlash, CircleX, LoaderCircle } from "lucide-react";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { ValueView } from "../../values/value-view.tsx";
import { readProgress } from "./read-progress.ts";
import { Section } from "./section.tsx";

interface StatusRecordsProps {
  readonly records: readonly StatusRecord[];
  readonly isRunOver: boolean;
}

/** What the run itself says about how far it is. */
export function StatusRecords({ records, isRunOver }: StatusRecordsProps) {
  return (
    <Section title="Progress">
      <div className="flex flex-col gap-2">
        {records.map((record) => (
          <Record key={record.key} record={record} isRunOver={isRunOver} />
        ))}
      </div>
    </Section>
  );
}

interface RecordProps {
  readonly record: StatusRecord;
  readonly isRunOver: boolean;
}

function Record({ record, isRunOver }: RecordProps) {
  const progress = readProgress(record.data);
  return (
    <div className="card flex flex-col gap-2 p-2.5">
      <div className="flex items-center gap-2">
        <StateMark state={record.state} isRunOver={isRunOver} />
        <span className="min-w-0 flex-1 truncate font-medium">{record.label}</span>
        {progress !== null && <span className="text-xs tabular-nums text-ink-soft">{progress.text}</span>}
        <span className="text-xs text-ink-faint">
          <RelativeTime at={record.updatedAt} />
        </span>
      </div>
      {progress !== null && (
        <div
          role="progressbar"
          aria-label={record.label}
          aria-valuenow={Math.round(progress.part * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
          className="h-1.5 overflow-hidden rounded-full bg-line"
        >
          <div
            className="h-full rounded-full bg-accent-fill transition-[width]"
            style={{ width: `${progress.part * 100}%` }}
          />
        </div>
      )}
      {progress === null && record.data !== null && record.data !== undefined && (
        <ValueView value={record.data} label={record.label} />
      )}
    </div>
  );
}

interface StateMarkProps {
  readonly state: StatusRecord["state"];
  readonly isRunOver: boolean;
}

function StateMark({ state, isRunOver }: StateMarkProps) {
  if (state === "success") return <CircleCheck aria-label="done" className="size-3.5 text-success" />;
  if (state === "failure") return <CircleX aria-label="failed" className="size-3.5 text-failure" />;
  if (state === "loading" && isRunOver)
    return <CircleSlash aria-label="left unfinished" className="size-3.5 text-idle" />;
  if (state === "loading")
    return <LoaderCircle aria-label="going on" className="size-3.5 animate-spin text-executing" />;
  return null;
}
