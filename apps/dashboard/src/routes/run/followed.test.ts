import { expect, test } from "vitest";
import { startOf } from "./followed.ts";

const run = { runId: "run_1", isOver: false, eventCount: 9 };

test("a run that is opened is followed from its first event, or from now on where there are thousands", () => {
  expect(startOf(null, run)).toEqual({ after: 0, goesOn: false, isBehind: false });
  expect(startOf(null, { ...run, eventCount: 5_000 })).toEqual({ after: 5_000, goesOn: false, isBehind: false });
});

test("a stream that was stopped goes on behind the last event that came", () => {
  const followed = { runId: "run_1", isOver: false, seen: 7 };
  expect(startOf(followed, run)).toEqual({ after: 7, goesOn: true, isBehind: true });
});

test("a run that ended or was opened again meanwhile is read anew, and so is another run", () => {
  const followed = { runId: "run_1", isOver: false, seen: 7 };
  expect(startOf(followed, { ...run, isOver: true })).toEqual({ after: 0, goesOn: false, isBehind: true });
  expect(startOf(followed, { ...run, runId: "run_2" })).toEqual({ after: 0, goesOn: false, isBehind: false });
});
