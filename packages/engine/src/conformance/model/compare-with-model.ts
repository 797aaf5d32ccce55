import { expect } from "vitest";
import type { Model } from "./model.ts";
import type { Playground } from "./playground.ts";

/** Every run is where the model says, through whichever instance one looks. */
export async function compareWithModel(model: Model, real: Playground): Promise<void> {
  const expected = new Map(model.line().map(({ run, hold }) => [run.id, hold]));
  const ids = [...model.runs.keys()];
  const actual = await real.desk(ids.length).store.readRuns(ids);
  expect(actual.map((run) => run && [run.id, run.status, run.hold, run.attempt, run.crashCount, run.queuedAt])).toEqual(
    model
      .all()
      .map((run) => [run.id, run.status, expected.get(run.id) ?? null, run.attempt, run.crashes, run.queuedAt]),
  );
}
