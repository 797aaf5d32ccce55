import { expect, test } from "vitest";
import { axisMarks, pan, zoom } from "./time-window.ts";

const all = { from: 1_000, to: 11_000 };

test("zooming in keeps the anchor where it is", () => {
  expect(zoom(all, 0.5, { all, anchor: 0 })).toEqual({ from: 1_000, to: 6_000 });
  expect(zoom(all, 0.5, { all, anchor: 0.5 })).toEqual({ from: 3_500, to: 8_500 });
});

test("no more than the whole run is shown", () => {
  expect(zoom({ from: 2_000, to: 6_000 }, 100, { all, anchor: 0.5 })).toEqual(all);
  expect(pan({ from: 9_000, to: 11_000 }, 0.5, all)).toEqual({ from: 9_000, to: 11_000 });
});

test("the axis has round marks counted from the start of the run", () => {
  expect(axisMarks(all, 1_000, 6)).toEqual([1_000, 3_000, 5_000, 7_000, 9_000, 11_000]);
});
