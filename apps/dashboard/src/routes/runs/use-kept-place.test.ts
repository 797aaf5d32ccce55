import { expect, test } from "vitest";
import { rowsAbove } from "./use-kept-place.ts";

test.each([
  { change: "two came above", ids: ["y", "z", "a", "b", "c"], first: 1, moved: 2 },
  { change: "one above is gone", ids: ["b", "c"], first: 1, moved: -1 },
  { change: "what came is below", ids: ["a", "b", "x", "c"], first: 1, moved: 0 },
  {
    change: "the first on the screen is gone, and the next one stays where it is",
    ids: ["z", "a", "c"],
    first: 1,
    moved: 0,
  },
  { change: "none on the screen is there any more", ids: ["x", "a"], first: 1, moved: 0 },
  { change: "there was none", ids: ["a"], first: 7, moved: 0 },
])("where $change, the rows have moved by $moved", ({ ids, first, moved }) => {
  expect(rowsAbove({ before: ["a", "b", "c"], ids, first })).toBe(moved);
});
