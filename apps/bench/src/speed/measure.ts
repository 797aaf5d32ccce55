import type { MeasureRequest, MeasureAnswer } from "./measurement.ts";
import { openDriver } from "./open-driver.ts";
import { measureWorkload } from "./workloads/measure-workload.ts";
import { NotOfferedError } from "./workloads/need.ts";

/** The process of one measurement: one system, one workload, once. */
const request = JSON.parse(process.argv[2] ?? "null") as MeasureRequest;

async function measure(): Promise<MeasureAnswer> {
  const driver = await openDriver(request);
  try {
    return { kind: "measured", figures: await measureWorkload(driver, request) };
  } finally {
    await driver.close();
  }
}

function tell(answer: MeasureAnswer): void {
  process.send?.(answer, () => process.exit(0));
}

try {
  tell(await measure());
} catch (error) {
  if (error instanceof NotOfferedError) tell({ kind: "not-offered", reason: error.message });
  else tell({ kind: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
