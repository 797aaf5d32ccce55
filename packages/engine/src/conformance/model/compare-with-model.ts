import type { RunRecord } from "../../store/records.ts";
import type { Model, ModelRun } from "./model.ts";
import type { Playground } from "./playground.ts";

/** Every run is where the model says, through whichever instance one looks. */
export async function compareWithModel(model: Model, real: Playground): Promise<void> {
  const holds = new Map(model.line().map(({ run, hold }) => [run.id, hold]));
  const ids = [...model.runs.keys()];
  const stored = await real.desk(ids.length).store.readRuns(ids);
  const differences = model.all().flatMap((run, index) => {
    const [expected, actual] = [describeExpected(run, holds.get(run.id) ?? null), describeStored(stored[index])];
    return expected === actual ? [] : [`${run.id}: the model has ${expected}, the store ${actual}`];
  });
  if (differences.length > 0) throw new Error(differences.join("\n"));
}

function describeExpected(run: ModelRun, hold: string | null): string {
  return describe({ ...run, hold, crashCount: run.crashes });
}

function describeStored(run: RunRecord | null | undefined): string {
  return run ? describe(run) : "nothing";
}

type Described = Pick<RunRecord, "status" | "attempt" | "crashCount" | "queuedAt"> & { readonly hold: string | null };

function describe({ status, hold, attempt, crashCount, queuedAt }: Described): string {
  return `${status}${hold === null ? "" : ` (${hold})`}, attempt ${attempt}, ${crashCount} crashes, queued at ${queuedAt}`;
}
