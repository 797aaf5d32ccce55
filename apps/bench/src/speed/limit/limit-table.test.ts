import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LimitTable } from "./limit-table.ts";

test("what is finished is what was inserted here, and neither waits nor executes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "beckon-limit-"));
  const table = new LimitTable(join(folder, "limit.db"), "normal");
  onTestFinished(async () => {
    table.close();
    await rm(folder, { recursive: true });
  });
  for (const n of [1, 2, 3]) table.insert("noop", n);
  const [first = "", second = ""] = table.claim(2);
  expect(table.countFinished("noop")).toBe(0);
  table.complete(first);
  expect(table.countFinished("noop")).toBe(1);
  table.complete(second);
  table.insert("noop", 4);
  expect(table.countFinished("noop")).toBe(2);
  expect(table.countQueued("noop")).toBe(2);
  expect(table.countFinished("steps")).toBe(0);
});
