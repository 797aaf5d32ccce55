import type { LogLevel, LogView } from "@beckon/core/runtime";
import { useEffect, useState } from "react";
import { cn } from "../../ui/class-names.ts";
import { formatClock, formatExact } from "../../ui/format-duration.ts";
import { Problem } from "../../ui/problem.tsx";
import { Select } from "../../ui/select.tsx";
import { useVirtualRows } from "../../ui/use-virtual-rows.ts";
import { toValueText } from "../../values/value-text.ts";
import { useLogs } from "./use-logs.ts";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const LEVEL_COLOR: Readonly<Record<LogLevel, string>> = {
  debug: "text-ink-faint",
  info: "text-executing",
  warn: "text-warning",
  error: "text-failure",
};

interface LogListProps {
  readonly runId: string;
  /** null: of the run and all its steps. */
  readonly stepId: string | null;
  readonly version: number;
}

/** What the run logged. Of any number of messages only those on the screen are there. */
export function LogList({ runId, stepId, version }: LogListProps) {
  const [least, setLeast] = useState<LogLevel>("debug");
  const { messages, isComplete, problem, readMore, retry } = useLogs(runId, version);
  const from = LEVELS.indexOf(least);
  const shown = messages.filter(
    ({ level, taskId }) =>
      LEVELS.indexOf(level) >= from && (stepId === null || taskId === stepId || taskId?.startsWith(`${stepId}/`)),
  );
  const isFiltered = stepId !== null || from > 0;
  useEffect(() => {
    if (isFiltered && !isComplete) readMore();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- after each page the next one is read, until all are there
  }, [isFiltered, isComplete, messages.length, readMore]);
  return (
    <div className="flex h-full min-h-80 flex-col">
      <div className="flex shrink-0 items-center gap-3 border-b px-4 py-1.5 text-xs">
        <LevelChoice least={least} onChange={setLeast} />
        <span className="ml-auto text-ink-faint tabular-nums" role="status">
          {shown.length} {shown.length === 1 ? "message" : "messages"}
          {!isComplete && " so far"}
        </span>
      </div>
      {problem !== null && <Problem error={problem} onRetry={retry} />}
      {isComplete && shown.length === 0 && (
        <p className="p-4 text-ink-faint">
          {messages.length === 0
            ? 'Nothing was logged. Inside run, io.logger.info("…") writes here.'
            : "None of this level."}
        </p>
      )}
      <Lines messages={shown} onEnd={isComplete ? undefined : readMore} />
    </div>
  );
}

interface LevelChoiceProps {
  readonly least: LogLevel;
  readonly onChange: (least: LogLevel) => void;
}

function LevelChoice({ least, onChange }: LevelChoiceProps) {
  return (
    <label className="flex items-center gap-2">
      <span className="text-ink-soft">Level</span>
      <Select value={least} onChange={(event) => onChange(event.target.value as LogLevel)} className="w-40">
        {LEVELS.map((level) => (
          <option key={level} value={level}>
            {level === "error" ? level : `${level} and above`}
          </option>
        ))}
      </Select>
    </label>
  );
}

interface LinesProps {
  readonly messages: readonly LogView[];
  readonly onEnd: (() => void) | undefined;
}

function Lines({ messages, onEnd }: LinesProps) {
  const { scroller, virtual, items } = useVirtualRows({
    count: messages.length,
    rowPx: 24,
    ahead: 50,
    onNearEnd: onEnd,
  });
  return (
    <div
      ref={scroller}
      role="log"
      aria-label="Log messages"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start, key }) => {
          const message = messages[index];
          if (message === undefined) return null;
          return (
            <div
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              style={{ transform: `translateY(${start}px)` }}
              className="absolute inset-x-0"
            >
              <Line message={message} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Line({ message: { at, level, message, data } }: { readonly message: LogView }) {
  return (
    <div className="flex gap-2.5 px-4 py-0.5 font-mono text-xs leading-5 hover:bg-sunken">
      <time dateTime={at.toISOString()} title={formatExact(at)} className="shrink-0 text-ink-faint tabular-nums">
        {formatClock(at)}
      </time>
      <span className={cn("w-9 shrink-0", LEVEL_COLOR[level])}>{level}</span>
      <span className="min-w-0 break-words whitespace-pre-wrap">
        {message}
        {data !== undefined && data !== null && <span className="text-ink-soft"> {compact(data)}</span>}
      </span>
    </div>
  );
}

const LONGEST = 500;

function compact(data: unknown): string {
  const text = toValueText(data).replaceAll(/\s*\n\s*/g, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
