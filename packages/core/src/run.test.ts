import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { canTransition, isTerminal, type RunStatus, type Transition, TRANSITIONS } from "./run.ts";
import { renderStateDiagram } from "./state-diagram.ts";

const LIVE: readonly RunStatus[] = ["DELAYED", "QUEUED", "EXECUTING", "WAITING"];
const TERMINAL: readonly RunStatus[] = ["SUCCESS", "FAILURE", "TIMED_OUT", "CANCELED", "EXPIRED"];
const table: readonly Transition[] = TRANSITIONS;

test("every status is either live or terminal", () => {
  expect(LIVE.filter(isTerminal)).toEqual([]);
  expect(TERMINAL.filter(isTerminal)).toEqual(TERMINAL);
});

test("names are unique, and no transition stays where it is", () => {
  expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  expect(table.filter(({ from, to }) => from.includes(to))).toEqual([]);
});

test("a terminal status is left only by a retry by hand, and success never", () => {
  const leaving = table.filter(({ from }) => from.some(isTerminal));
  expect(leaving.map(({ name }) => name)).toEqual(["retry by hand"]);
  expect(leaving.flatMap(({ from }) => from).includes("SUCCESS")).toBe(false);
});

test("only an executing run ends by itself; a queued one may expire", () => {
  const endings = table.filter(({ to, name }) => isTerminal(to) && name !== "cancel");
  expect(endings.map(({ from, to }) => `${from.join()} → ${to}`)).toEqual([
    "EXECUTING → SUCCESS",
    "EXECUTING → FAILURE",
    "EXECUTING → TIMED_OUT",
    "QUEUED → EXPIRED",
  ]);
});

test("every live status can be canceled, and can still reach success", () => {
  for (const status of LIVE) {
    expect(canTransition("cancel", status)).toBe(true);
    expect(reachableFrom(status)).toContain("SUCCESS");
  }
});

test("every status can be reached from the two that a run is born in", () => {
  const reached = new Set(["DELAYED" as const, "QUEUED" as const].flatMap(reachableFrom));
  expect([...LIVE, ...TERMINAL].filter((status) => !reached.has(status))).toEqual([]);
});

test("a transition that the table does not have is refused", () => {
  expect(canTransition("succeed", "EXECUTING")).toBe(true);
  expect(canTransition("succeed", "QUEUED")).toBe(false);
  expect(canTransition("cancel", "SUCCESS")).toBe(false);
  expect(canTransition("retry by hand", "SUCCESS")).toBe(false);
});

test("ARCHITECTURE.md shows this table", () => {
  const document = readFileSync(new URL("../../../ARCHITECTURE.md", import.meta.url), "utf8");
  expect(document).toContain(`\`\`\`mermaid\n${renderStateDiagram()}\n\`\`\``);
});

function reachableFrom(start: RunStatus): RunStatus[] {
  const reached = new Set([start]);
  for (const status of reached) {
    for (const { from, to } of table) if (from.includes(status)) reached.add(to);
  }
  return [...reached];
}
