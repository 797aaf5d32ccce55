import { stripVTControlCharacters } from "node:util";
import type { RunEvent } from "@beckon/core";
import { expect, test } from "vitest";
import { createEventWriter } from "./event-lines.ts";

const START = Date.UTC(2026, 0, 1);

type Happening = RunEvent extends infer One ? (One extends RunEvent ? Omit<One, "seq" | "at"> : never) : never;

/** The lines of what happened, half a second apart. */
function linesOf(happenings: readonly Happening[]): string[] {
  const toLine = createEventWriter();
  return happenings.flatMap((happening, index) => {
    const line = toLine({ seq: index + 1, at: new Date(START + index * 500), ...happening });
    return line === null ? [] : [stripVTControlCharacters(line)];
  });
}

const task = { id: "charge", kind: "task", name: "charge", status: "SUCCESS", attempt: 1 } as const;
const record = { key: "progress", label: "Importing", state: "loading", updatedAt: new Date(START) } as const;

test("each status is shown when it is first reached, with the seconds since the first event", () => {
  const statuses = ["QUEUED", "EXECUTING", "WAITING", "QUEUED", "EXECUTING", "SUCCESS"] as const;
  expect(linesOf(statuses.map((status) => ({ type: "status", status })))).toEqual([
    "    0.0 s  QUEUED",
    "    0.5 s  EXECUTING",
    "    1.0 s  WAITING",
    "    2.5 s  SUCCESS",
  ]);
});

test("a step is shown with its mark, its attempt, and indented inside the step it is in", () => {
  expect(
    linesOf([
      { type: "task", task: { ...task, status: "RUNNING" } },
      { type: "task", task: { ...task, status: "WAITING" } },
      { type: "task", task: { ...task, id: "charge/ask", name: "ask", attempt: 2 } },
      { type: "task", task: { ...task, status: "FAILURE" } },
    ]),
  ).toEqual(["    0.0 s  ▸ charge", "    0.5 s  … charge", "    1.0 s    ✓ ask, attempt 2", "    1.5 s  ✗ charge"]);
});

test("a step named by the JSON of its key is shown in words; one that only ends like JSON stays", () => {
  const names = ['["import from row",25]', 'wait ["pause",{"n":1}]', "odd [name]"];
  expect(linesOf(names.map((name) => ({ type: "task", task: { ...task, name } })))).toEqual([
    "    0.0 s  ✓ import from row 25",
    '    0.5 s  ✓ wait pause {"n":1}',
    "    1.0 s  ✓ odd [name]",
  ]);
});

test("values that steps keep are not shown, messages are", () => {
  expect(
    linesOf([
      { type: "task", task: { ...task, kind: "value", name: "now" } },
      { type: "log", level: "warn", message: "busy", data: undefined, taskId: null },
    ]),
  ).toEqual(["    0.5 s  warn busy"]);
});

test("progress with a total is a bar, any other data stands as it is", () => {
  expect(
    linesOf([
      { type: "status-record", record: { ...record, data: { imported: 6, total: 12 } } },
      { type: "status-record", record: { ...record, data: { imported: 0, total: 0 } } },
      { type: "status-record", record: { ...record, data: { page: "two" } } },
      { type: "status-record", record: { ...record, data: undefined } },
    ]),
  ).toEqual([
    "    0.0 s  Importing ████████████░░░░░░░░░░░░ 6 of 12",
    "    0.5 s  Importing ████████████████████████ 0 of 0",
    "    1.0 s  Importing { page: 'two' }",
    "    1.5 s  Importing ",
  ]);
});

test("progress that counts wrong is a bar all the same, and data that JSON cannot say is shown in one line", () => {
  const progress = [
    { done: -1, total: 10 },
    { done: 11, total: 10 },
    { done: Number.NaN, total: 10 },
    5n,
    new Map([["list", { of: { lists: [["a"], new Date(START)] } }]]),
  ];
  expect(linesOf(progress.map((data) => ({ type: "status-record", record: { ...record, data } })))).toEqual([
    "    0.0 s  Importing ░░░░░░░░░░░░░░░░░░░░░░░░ -1 of 10",
    "    0.5 s  Importing ████████████████████████ 11 of 10",
    "    1.0 s  Importing ░░░░░░░░░░░░░░░░░░░░░░░░ NaN of 10",
    "    1.5 s  Importing 5n",
    "    2.0 s  Importing Map(1) { 'list' => { of: { lists: [ [ 'a' ], 2026-01-01T00:00:00.000Z ] } } }",
  ]);
});

test("what a terminal would take for a command is left out of what comes from a payload", () => {
  const toLine = createEventWriter();
  const line = toLine({ seq: 1, at: new Date(START), type: "log", level: "info", message: "a\u001B[2Jb" } as RunEvent);
  expect(line).toMatch(/ab$/);
});
