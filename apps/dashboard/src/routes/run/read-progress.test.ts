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
  ["half", null],
  [null, null],
])("%j says %j", (data, progress) => {
  expect(readProgress(data)).toEqual(progress);
});
