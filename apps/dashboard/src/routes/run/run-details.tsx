import { isTerminal, type RunPage, type RunView } from "@beckon/core/runtime";
import { ValueView } from "../../values/value-view.tsx";
import { ChildRuns } from "./child-runs.tsx";
import { RunErrorView } from "./run-error-view.tsx";
import { Section } from "./section.tsx";
import { StatusRecords } from "./status-records.tsx";

/** What the run was given, how far it is, and what came of it. */
export function RunDetails({ run, made }: { readonly run: RunView; readonly made: RunPage | undefined }) {
  const isOver = isTerminal(run.status);
  return (
    <div className="flex flex-col gap-4 p-4">
      {run.statuses.length > 0 && <StatusRecords records={run.statuses} isRunOver={isOver} />}
      {run.error !== null && (
        <Section title={isOver ? "Error" : "Error of the attempt before"}>
          <RunErrorView error={run.error} />
        </Section>
      )}
      {run.status === "SUCCESS" && (
        <Section title="Output">
          <ValueView value={run.output} label="output" />
        </Section>
      )}
      <Section title="Payload">
        <ValueView value={run.payload} label="payload" />
      </Section>
      {run.context !== undefined && run.context !== null && (
        <Section title="Context">
          <ValueView value={run.context} label="context" />
        </Section>
      )}
      {run.callbackUrl !== null && (
        <Section title="Callback URL">
          <code className="font-mono text-xs break-all">{run.callbackUrl}</code>
        </Section>
      )}
      <ChildRuns runId={run.id} page={made} />
    </div>
  );
}
