import type { RunSummary, StepOutline } from "@beckon/core/runtime";
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

test("a step that made a run shows how that run went, and nothing while it is not known", () => {
  const made: StepOutline = { ...step, kind: "child", status: "SUCCESS", childRunId: "run_1", completedAt: 10 };
  const times = { createdAt: new Date(10), startedAt: new Date(20), completedAt: new Date(90) };
  const child = { ...times, status: "FAILURE", attempt: 2 } as RunSummary;
  expect(segmentsOf(made, { runEndedAt: 50 })).toEqual([]);
  expect(segmentsOf(made, { runEndedAt: 50, child })).toEqual([
    { from: 10, to: 20, status: "QUEUED", attempt: 1 },
    { from: 20, to: 90, status: "FAILURE", attempt: 2 },
  ]);
});

test("a step whose run could not be made failed itself", () => {
  const unmade: StepOutline = { ...step, kind: "child", status: "FAILURE", completedAt: 12 };
  expect(segmentsOf(unmade, { runEndedAt: 50 })).toEqual([{ from: 10, to: 12, status: "FAILURE", attempt: 1 }]);
});
