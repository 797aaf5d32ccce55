import type { StepOutline } from "@beckon/engine";
import { expect, test } from "vitest";
import { segmentsOf } from "./row-segments.ts";

const step: StepOutline = {
  id: "dig",
  parentId: null,
  kind: "task",
  name: "dig",
  status: "RUNNING",
  attempt: 1,
  childRunId: null,
  startedAt: 10,
  completedAt: null,
};

test("what a step was doing when its run ended has ended with it", () => {
  const told = [{ from: 10, to: null, status: "RUNNING", attempt: 1 }] as const;
  const ended = [{ from: 10, to: 50, status: "RUNNING", attempt: 1 }];
  expect(segmentsOf(step, { runEndedAt: 50 })).toEqual(ended);
  expect(segmentsOf(step, { runEndedAt: 50, told })).toEqual(ended);
  expect(segmentsOf(step, { runEndedAt: null, told })).toEqual(told);
});
