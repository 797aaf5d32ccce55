import { InvalidPayloadError } from "@beckon/core";
import type { CatalogDetail, RunView } from "@beckon/core/runtime";
import { useRef, useState } from "react";
import { beckon } from "../../api/jobs-client.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { messageOf } from "../../ui/problem.tsx";
import { useMadeRun } from "../run/use-made-run.ts";
import { EMPTY_OPTIONS, readOptions, type TestOptions } from "./invoke-options-fields.ts";
import { OptionsPanel } from "./options-panel.tsx";
import { PayloadPanel } from "./payload-panel.tsx";
import { RunBar } from "./run-bar.tsx";
import { SourceList } from "./source-list.tsx";
import { type Draft, useDraft } from "./use-draft.ts";

interface TestBenchProps {
  readonly job: CatalogDetail;
  /** The run whose payload is to be tried again; without one, the job's first example is. */
  readonly source: Pick<RunView, "id" | "payload"> | null;
}

export function TestBench({ job, source }: TestBenchProps) {
  const start = source ?? job.examples[0];
  const draft = useDraft(job.inputSchema, start?.payload);
  const [options, setOptions] = useState<TestOptions>(EMPTY_OPTIONS);
  const send = useSend(job, draft, options);
  useShortcuts([{ keys: "mod+Enter", label: "Run the test", run: () => void send.run(false) }]);
  return (
    <>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
        <SourceList job={job} start={start?.id ?? null} onChoose={draft.setValue} />
        <PayloadPanel schema={job.inputSchema} draft={draft} />
        <OptionsPanel options={options} onChange={setOptions} />
      </div>
      <RunBar
        problem={send.problem}
        canSendAnyway={send.canSendAnyway}
        isBusy={send.isBusy}
        onRun={(isForced) => void send.run(isForced)}
      />
    </>
  );
}

interface Sending {
  readonly problem: string | null;
  /** Only the JSON Schema objects, which may say less than the schema it was made from. */
  readonly canSendAnyway: boolean;
  readonly isBusy: boolean;
  readonly run: (isForced: boolean) => Promise<void>;
}

const REFUSALS = {
  unread: "A field of the form holds what cannot be read: see the marked fields.",
  unfit: "The payload does not fit the schema: see the marked fields.",
} as const;

/** Sends the payload as a test run, and opens it. What is wrong is said where it is wrong, before and after. */
function useSend(job: CatalogDetail, draft: Draft, options: TestOptions): Sending {
  const made = useMadeRun(`The test run of ${job.id}`);
  const [problem, setProblem] = useState<string | null>(null);
  const [canSendAnyway, setCanSendAnyway] = useState(false);
  const [isBusy, setBusy] = useState(false);
  // The button is off meanwhile, and the keys are not. Keys come faster than states are drawn.
  const isSending = useRef(false);
  const run = async (isForced: boolean) => {
    if (isSending.current) return;
    const fitness = draft.check();
    setCanSendAnyway(fitness === "unfit");
    if (!draft.parsed.ok) return setProblem(draft.parsed.message);
    if (fitness === "unread" || (fitness === "unfit" && !isForced)) return setProblem(REFUSALS[fitness]);
    setProblem(null);
    setBusy(true);
    isSending.current = true;
    try {
      const calls = beckon[job.exportNames[0] ?? job.id];
      const sent = await calls?.invoke(draft.parsed.value, { ...readOptions(options), isTest: true });
      if (sent !== undefined) await made.open(sent.id);
    } catch (error) {
      made.tellFailure(error);
      if (error instanceof InvalidPayloadError) draft.refuse(error.issues);
      setProblem(messageOf(error));
    }
    isSending.current = false;
    return setBusy(false);
  };
  return { problem, canSendAnyway, isBusy, run };
}
