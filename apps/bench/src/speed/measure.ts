import type { MeasureRequest, MeasureAnswer } from "./measurement.ts";
import { openDriver } from "./open-driver.ts";
import { measureWorkload } from "./workloads/measure-workload.ts";

/** The process of one measurement: one system, one workload, once. */
const request = JSON.parse(process.argv[2] ?? "null") as MeasureRequest;

async function measure(): Promise<MeasureAnswer> {
  const driver = await openDriver(request);
  const figures = await measureWorkload(driver, request);
  // What was measured counts, also where ending goes wrong. After a failure there is no ending: the process goes.
  await driver.close().catch((error: unknown) => console.error("closing the driver failed:", error));
  return { kind: "measured", figures };
}

function tell(answer: MeasureAnswer): void {
  process.send?.(answer, () => process.exit(0));
}

try {
  tell(await measure());
} catch (error) {
  tell({ kind: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
