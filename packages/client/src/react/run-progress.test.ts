import type { RunEvent } from "@beckon/core";
import { expect, test } from "vitest";
import { applyEvent, NO_PROGRESS, type RunProgress } from "./run-progress.ts";

type Unnumbered = RunEvent extends infer Event ? (Event extends RunEvent ? Omit<Event, "seq" | "at"> : never) : never;

function progressAfter(...events: readonly Unnumbered[]): RunProgress<never, never> {
  return events.reduce<RunProgress<never, never>>(
    (progress, event, index) => applyEvent(progress, { seq: index + 1, at: new Date(index), ...event }),
    NO_PROGRESS,
  );
}

const taskEvent = (id: string, status: "RUNNING" | "SUCCESS") =>
  ({ type: "task", task: { id, kind: "task", name: id, status, attempt: 1 } }) as const;

const recordEvent = (key: string, label: string) =>
  ({
    type: "status-record",
    record: { key, label, state: "loading", data: undefined, updatedAt: new Date(0) },
  }) as const;

const logEvent = (message: string) => ({ type: "log", level: "info", message, data: undefined, taskId: null }) as const;

test("the newest status counts", () => {
  expect(NO_PROGRESS.status).toBeNull();
  expect(progressAfter({ type: "status", status: "QUEUED" }, { type: "status", status: "EXECUTING" }).status).toBe(
    "EXECUTING",
  );
});

test("tasks keep the order in which they began, and show how they are", () => {
  const { tasks } = progressAfter(taskEvent("a", "RUNNING"), taskEvent("b", "RUNNING"), taskEvent("a", "SUCCESS"));
  expect(tasks.map(({ id, status }) => `${id} ${status}`)).toEqual(["a SUCCESS", "b RUNNING"]);
});

test("status records keep the order in which they came, and show what they last said", () => {
  const { statuses } = progressAfter(
    recordEvent("rows", "0 rows"),
    recordEvent("mail", "No mail"),
    recordEvent("rows", "9 rows"),
  );
  expect(statuses.map(({ label }) => label)).toEqual(["9 rows", "No mail"]);
});

test("messages pile up, but only so many are kept", () => {
  const { logs } = progressAfter(...Array.from({ length: 1_001 }, (_, index) => logEvent(`message ${index}`)));
  expect(logs).toHaveLength(1_000);
  expect([logs[0]?.message, logs.at(-1)?.message]).toEqual(["message 1", "message 1000"]);
});

test("an event changes nothing of what was shown before", () => {
  const before = progressAfter(taskEvent("a", "RUNNING"));
  applyEvent(before, { seq: 2, at: new Date(2), ...taskEvent("a", "SUCCESS") });
  expect(before.tasks[0]?.status).toBe("RUNNING");
});
