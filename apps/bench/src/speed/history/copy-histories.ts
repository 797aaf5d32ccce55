import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { System } from "../systems/system.ts";
import type { WorkloadId } from "../workloads/measure-workload.ts";
import type { HistoryKind } from "./prepare-histories.ts";

/** What is measured of whom. */
export interface Turn {
  readonly system: System;
  readonly workload: WorkloadId;
}

/**
 * A file full of finished runs for each measurement of W6 in a round. All are copied before the round begins: a disk that
 * has just taken in a file of half a gigabyte is slower for a while, and that would count against one side of the comparison.
 */
export async function copyHistories(
  turns: readonly Turn[],
  { histories, folder }: { readonly histories: Readonly<Record<HistoryKind, string>>; readonly folder: string },
): Promise<ReadonlyMap<Turn, string>> {
  const copies = new Map<Turn, string>();
  for (const turn of turns) {
    const { system, workload } = turn;
    if (!workload.startsWith("w6")) continue;
    const copy = join(folder, `${system.id}-${workload}.db`);
    await copyFile(histories[system.kind === "limit" ? "limit" : "beckon"], copy);
    copies.set(turn, copy);
  }
  return copies;
}
