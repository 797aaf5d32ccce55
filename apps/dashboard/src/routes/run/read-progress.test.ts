import { expect, test } from "vitest";
import { readProgress } from "./read-progress.ts";

test.each([
  [
    { imported: 25, total: 100 },
    { part: 0.25, text: "25 of 100" },
  ],
  [{ progress: 0.5 }, { part: 0.5, text: "50 %" }],
  [{ percent: 80 }, { part: 0.8, text: "80 %" }],
  [{ percent: 180 }, { part: 1, text: "100 %" }],
  [{ rows: 7 }, null],
  [{ done: 1, total: 0 }, null],
  [
    { row: 7, percent: 35 },
    { part: 0.35, text: "35 %" },
  ],
  [
    { eta: 30, done: 5, total: 10 },
    { part: 0.5, text: "5 of 10" },
  ],
  [
    { percent: 50, total: 200 },
    { part: 0.5, text: "50 %" },
  ],
  [
    { progress: 0.25, total: 8 },
    { part: 0.25, text: "25 %" },
  ],
  [
    { progress: 6, total: 8 },
    { part: 0.75, text: "6 of 8" },
  ],
  [{ percent: Number.NaN }, null],
  ["half", null],
  [null, null],
])("%j says %j", (data, progress) => {
  expect(readProgress(data)).toEqual(progress);
});
