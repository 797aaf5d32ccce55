import { isTerminal, type RunPage, type RunView, type StepOutline } from "@beckon/core/runtime";
import { Tabs } from "../../ui/tabs.tsx";
import { ChosenStep } from "./chosen-step.tsx";
import { LogList } from "./log-list.tsx";
import { RunDetails } from "./run-details.tsx";

interface DetailPaneProps {
  readonly run: RunView;
  /** null: the run itself is chosen. */
  readonly step: StepOutline | null;
  readonly logVersion: number;
  /** The runs that the run made. */
  readonly made: RunPage | undefined;
}

/** What there is to know of the row that is chosen in the timeline. */
export function DetailPane({ run, step, logVersion, made }: DetailPaneProps) {
  return (
    <section
      aria-label="Details"
      className="flex min-h-96 min-w-0 flex-col bg-surface lg:min-h-0 lg:w-[44%] lg:max-w-160"
    >
      <Tabs
        label="Details"
        tabs={[
          {
            id: "details",
            label: step === null ? "Run" : "Step",
            content:
              step === null ? (
                <RunDetails run={run} made={made} />
              ) : (
                <ChosenStep runId={run.id} step={step} isRunOver={isTerminal(run.status)} />
              ),
          },
          {
            id: "logs",
            label: step === null ? "Logs" : "Logs of the step",
            content: <LogList key={run.id} runId={run.id} stepId={step?.id ?? null} version={logVersion} />,
          },
        ]}
      />
    </section>
  );
}
