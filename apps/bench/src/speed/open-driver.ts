import { pathToFileURL } from "node:url";
import type { Driver, DriverContext, OpenDriver } from "./driver.ts";

/** Drivers are found by their file: those of peers lie outside of the workspace. */
export async function openDriver(path: string, context: DriverContext): Promise<Driver> {
  const module = (await import(pathToFileURL(path).href)) as { readonly open: OpenDriver };
  return module.open(context);
}
