import type { NewRun } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { newRun, toRequest } from "./testing/new-run.ts";

/** Ids that sort as their instants do, whatever the order of writing. */
function at(createdAt: number): NewRun {
  return newRun({ id: `run_${String(createdAt).padStart(8, "0")}`, createdAt });
}

test("spans of time are cut exactly, also where processes wrote out of order", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  const instants = Array.from({ length: 200 }, (_, index) => index * 10);
  // As of two processes: the other's runs of a while come later.
  const shuffled = instants.flatMap((instant, index) => (index % 7 === 0 ? [] : [instant]));
  const late = instants.filter((_, index) => index % 7 === 0);
  await store.createRuns(toRequest(...shuffled.slice(0, 100).map(at), ...late.map(at), ...shuffled.slice(100).map(at)));
  for (const [from, to] of [
    [0, 2_000],
    [500, 501],
    [495, 700],
    [1_990, 9_999],
    [-5, 0],
    [700, 700],
  ] as const) {
    const runs = await store.listRuns({ from, to, limit: 1_000 });
    const expected = instants.filter((instant) => instant >= from && instant < to).toReversed();
    expect(runs.map(({ createdAt }) => createdAt)).toEqual(expected);
  }
  await store.close();
});
