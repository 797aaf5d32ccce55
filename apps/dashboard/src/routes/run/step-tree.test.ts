import type { StepOutline } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { toStepRows } from "./step-tree.ts";

const step = (id: string, parentId: string | null): StepOutline => ({
  id,
  parentId,
  kind: "task",
  name: id,
  status: "SUCCESS",
  attempt: 1,
  startedAt: 0,
  completedAt: 1,
  childRunId: null,
});

test("steps lie below the step they were made in, and are folded away with it", () => {
  const steps = [step("a", null), step("a/b", "a"), step("a/b/c", "a/b"), step("d", null)];
  const rows = toStepRows(steps, new Set());
  expect(rows.map((row) => [row.step.id, row.level, row.hasChildren])).toEqual([
    ["a", 1, true],
    ["a/b", 2, true],
    ["a/b/c", 3, false],
    ["d", 1, false],
  ]);
  expect(toStepRows(steps, new Set(["a"])).map((row) => row.step.id)).toEqual(["a", "d"]);
});

test("what was made in a part of a step lies below that step", () => {
  const rows = toStepRows([step("call", null), step("call/~:onError:1/report", "call/~:onError:1")], new Set());
  expect(rows.map(({ below, level }) => [below, level])).toEqual([
    [null, 1],
    ["call", 2],
  ]);
  expect(toStepRows([step("lost/x", "lost")], new Set())).toMatchObject([{ below: null, level: 1 }]);
});
