import { expect, test } from "vitest";
import { spreadOf } from "./median.ts";

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
])("the middle of %j is %d", (figures, median) => {
  expect(spreadOf(figures)).toEqual({ median, least: Math.min(...figures), most: Math.max(...figures) });
});
