import type { RunSummary } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { findChosen } from "./find-chosen.ts";

const run = (id: string, status: RunSummary["status"] = "WAITING") => ({ id, status }) as RunSummary;
const partOf = (...runs: readonly RunSummary[]) => ({ runs, hasMore: true });
const allOf = (...runs: readonly RunSummary[]) => ({ runs, hasMore: false });

test("a picked run stays so when newer ones push it off the list", () => {
  expect(findChosen([run("b"), run("a")], partOf(run("d"), run("c"), run("b")))).toEqual([run("b"), run("a")]);
});

test("where the list has all there are, a picked run that is not in it is picked no longer", () => {
  expect(findChosen([run("b"), run("a")], allOf(run("d"), run("c"), run("b")))).toEqual([run("b")]);
});

test("a picked run is as the list has it by now", () => {
  expect(findChosen([run("a")], allOf(run("a", "SUCCESS")))).toEqual([run("a", "SUCCESS")]);
});

test("a picked run that left the list from its midst is picked no longer", () => {
  expect(findChosen([run("b")], partOf(run("c"), run("a")))).toEqual([]);
  expect(findChosen([run("b")], allOf())).toEqual([]);
});
