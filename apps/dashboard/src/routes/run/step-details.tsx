import type { TaskView } from "@beckon/core/runtime";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatDuration, formatExact } from "../../ui/format-duration.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { lookOfTask, MADE_LOOK } from "../../ui/status-look.ts";
import { ValueView } from "../../values/value-view.tsx";
import { hasMadeRun } from "./has-made-run.ts";
import { readableName } from "./readable-name.ts";
import { Stack } from "./run-error-view.tsx";
import { Section } from "./section.tsx";
import { STEP_LOOK } from "./step-look.ts";

interface StepDetailsProps {
  readonly step: TaskView;
  readonly isRunOver: boolean;
}

/** A step: what it was given, what it gave, and what went wrong. */
export function StepDetails({ step, isRunOver }: StepDetailsProps) {
  const { error } = step;
  return (
    <div className="flex flex-col gap-4 p-4">
      <div>
        <h2 className="text-sm break-words">{readableName(step.name)}</h2>
        {step.description !== null && <p className="text-ink-soft">{step.description}</p>}
      </div>
      <Facts step={step} isRunOver={isRunOver} />
      {error !== null && (
        <Section title="Error">
          <div className="card border-failure/40 p-2.5">
            <p className="font-mono text-xs font-medium text-failure">{error.name}</p>
            <p className="mt-1 break-words whitespace-pre-wrap">{error.message}</p>
          </div>
          {error.stack !== undefined && <Stack text={error.stack} label="Stack" />}
        </Section>
      )}
      {step.params !== undefined && (
        <Section title="Parameters">
          <ValueView value={step.params} label="parameters" />
        </Section>
      )}
      {step.status === "SUCCESS" && (
        <Section title="Output">
          <ValueView value={step.output} label="output" />
        </Section>
      )}
    </div>
  );
}

function Facts({ step, isRunOver }: StepDetailsProps) {
  const { startedAt, completedAt, wakeAt, childRunId } = step;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
      <Fact name="Kind">{STEP_LOOK[step.kind].label}</Fact>
      <Fact name="Status">
        {(hasMadeRun(step) ? MADE_LOOK : lookOfTask(step.status, isRunOver)).label}
        {step.resolution !== null && `, ${RESOLUTION[step.resolution]}`}
      </Fact>
      <Fact name="Attempt">{step.attempt}</Fact>
      <Fact name="Started">
        <time dateTime={startedAt.toISOString()}>{formatExact(startedAt)}</time>
      </Fact>
      {completedAt !== null && <Fact name="Took">{formatDuration(completedAt.getTime() - startedAt.getTime())}</Fact>}
      {wakeAt !== null && (
        <Fact name="Until">
          {formatExact(wakeAt)} (<RelativeTime at={wakeAt} />)
        </Fact>
      )}
      {childRunId !== null && <ChildRun runId={childRunId} />}
      {step.properties.map(({ label, text }) => (
        <Fact key={label} name={label}>
          {text}
        </Fact>
      ))}
      <Fact name="Id">
        <code className="font-mono break-all">{step.id}</code>
      </Fact>
    </dl>
  );
}

function ChildRun({ runId }: { readonly runId: string }) {
  return (
    <Fact name="Run">
      <Link to="/runs/$runId" params={{ runId }} className="font-mono break-all text-accent hover:underline">
        {runId}
      </Link>
    </Fact>
  );
}

const RESOLUTION = {
  due: "its time came",
  "timed-out": "nothing came in time",
  delivered: "it was delivered",
  ended: "what it waited for has ended",
} as const;

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
