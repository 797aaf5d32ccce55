import type { WorkerRequest } from "../driver.ts";
import type { LimitTable } from "./limit-table.ts";
import type { TurnWriter } from "./turn-writer.ts";

interface StepsLimit {
  readonly form: "commit" | "group" | "fused";
  readonly table: LimitTable;
  readonly writer: TurnWriter;
}

/** Runs of memoised steps: each step is on disk before the next begins. */
export async function executeSteps(limit: StepsLimit, request: WorkerRequest, steps: number): Promise<void> {
  const { table, writer } = limit;
  const write = <Value>(work: () => Value): Promise<Value> =>
    limit.form === "commit" ? Promise.resolve(work()) : writer.write(work);
  const slot = async (): Promise<void> => {
    let [id] = await write(() => table.claim(1));
    while (id !== undefined) {
      request.onBegin();
      const runId = id;
      for (let step = 0; step < steps; step += 1) await write(() => table.recordStep(runId, `s${step}`, step));
      if (limit.form === "fused") {
        [id] = await write(() => {
          table.complete(runId);
          return table.claim(1);
        });
      } else {
        await write(() => table.complete(runId));
        [id] = await write(() => table.claim(1));
      }
    }
  };
  await Promise.all(Array.from({ length: request.concurrency }, slot));
}
