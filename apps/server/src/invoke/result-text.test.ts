import { stripVTControlCharacters } from "node:util";
import type { RunResult } from "@beckon/core";
import type { DeclaredError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { toResultText } from "./result-text.ts";

function succeeded(output: unknown): RunResult<unknown, DeclaredError> {
  const at = new Date(Date.UTC(2026, 0, 1));
  return {
    ok: true,
    id: "run_1",
    status: "SUCCESS",
    output,
    job: { id: "greet", version: "1.0.0" },
    isTest: false,
    createdAt: at,
    startedAt: at,
    completedAt: new Date(at.getTime() + 1_500),
    executionDurationInMs: 20,
    executionCount: 1,
    statuses: [],
    invocation: { payload: undefined, context: undefined, timestamp: at },
  };
}

const HEAD = "SUCCESS after 1.5 s, 20 ms of them at work, executed once";

test("an output stands below how the run went, also one that is little", () => {
  expect(stripVTControlCharacters(toResultText(succeeded({ text: "hi" })))).toBe(`${HEAD}\n{ text: 'hi' }`);
  expect(stripVTControlCharacters(toResultText(succeeded(null)))).toBe(`${HEAD}\nnull`);
});

test("a run that returns nothing has no line for it", () => {
  expect(stripVTControlCharacters(toResultText(succeeded(undefined)))).toBe(HEAD);
});
