import type { MeasureRequest, MeasureAnswer } from "./measurement.ts";
import { openDriver } from "./open-driver.ts";
import { measureWorkload } from "./workloads/measure-workload.ts";

/** The process of one measurement: one system, one workload, once. */
const request = JSON.parse(process.argv[2] ?? "null") as MeasureRequest;

/** What was measured counts as soon as it is told: ending may fail, or last. */
const CLOSING_MS = 20_000;

async function measure(): Promise<void> {
  const driver = await openDriver(request.driver, request.context);
  await tell({ kind: "measured", figures: await measureWorkload(driver, request) });
  const late = setTimeout(() => process.exit(1), CLOSING_MS);
  await driver.close();
  clearTimeout(late);
}

function tell(answer: MeasureAnswer): Promise<void> {
  return new Promise((resolve) => void process.send?.(answer, () => resolve()));
}

try {
  await measure();
  process.exit(0);
} catch (error) {
  // Of two answers the first counts.
  await tell({ kind: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}
