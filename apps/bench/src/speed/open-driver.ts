import { pathToFileURL } from "node:url";
import type { Driver, OpenDriver } from "./driver.ts";
import type { MeasureRequest } from "./measurement.ts";

/** Drivers are found by their file: those of peers lie outside of the workspace. */
export async function openDriver({ driver, context }: MeasureRequest): Promise<Driver> {
  const module = (await import(pathToFileURL(driver).href)) as { readonly open: OpenDriver };
  return module.open(context);
}
