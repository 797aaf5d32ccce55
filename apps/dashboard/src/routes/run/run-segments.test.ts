import type { RunEvent } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { toSegments } from "./run-segments.ts";

const status = (seq: number, at: number, to: "QUEUED" | "EXECUTING" | "WAITING" | "SUCCESS"): RunEvent => ({
  seq,
  at: new Date(at),
  type: "status",
  status: to,
});

const step = (
  seq: number,
  at: number,
  change: { status: "RUNNING" | "WAITING" | "SUCCESS"; attempt: number },
): RunEvent => ({
  seq,
  at: new Date(at),
  type: "task",
  task: { id: "post", kind: "task", name: "post", ...change },
});

test("a run's life is cut where its status changes, and its end is no stretch", () => {
  const events = [status(1, 0, "QUEUED"), status(2, 5, "EXECUTING"), status(3, 9, "WAITING"), status(4, 20, "SUCCESS")];
  expect(toSegments(events).run).toEqual([
    { from: 0, to: 5, status: "QUEUED", attempt: 1 },
    { from: 5, to: 9, status: "EXECUTING", attempt: 1 },
    { from: 9, to: 20, status: "WAITING", attempt: 1 },
  ]);
});

test("each attempt of a step is a stretch of its own, with the pause between them", () => {
  const events = [
    step(1, 0, { status: "RUNNING", attempt: 1 }),
    step(2, 5, { status: "WAITING", attempt: 1 }),
    step(3, 10, { status: "RUNNING", attempt: 2 }),
    step(4, 12, { status: "SUCCESS", attempt: 2 }),
  ];
  expect(toSegments(events).steps.get("post")).toEqual([
    { from: 0, to: 5, status: "FAILURE", attempt: 1 },
    { from: 5, to: 10, status: "WAITING", attempt: 1 },
    { from: 10, to: 12, status: "SUCCESS", attempt: 2 },
  ]);
});

test("what goes on has no end", () => {
  expect(toSegments([status(1, 0, "QUEUED")]).run).toEqual([{ from: 0, to: null, status: "QUEUED", attempt: 1 }]);
});
