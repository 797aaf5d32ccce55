import { readFile } from "node:fs/promises";
import { exampleJob } from "@acme/jobs";
import { startTestEngine, testJob } from "@beckon/engine/testing";
import { expect, expectTypeOf, test } from "vitest";

test("B3 the code of the page that introduces invokeTrigger() stands unchanged but for its imports", async () => {
  const page = await readFile(new URL("invoke-trigger-page.txt", import.meta.url), "utf8");
  const file = await readFile(new URL("../../packages/jobs/src/example-job.ts", import.meta.url), "utf8");
  const code = file.slice(file.indexOf("//this Job"));
  // The page has lost its indentation; nothing else may differ.
  expect(withoutIndentation(code)).toEqual(withoutIndentation(page));
});

test("it ends well with its own example, and returns nothing", async () => {
  const [example] = exampleJob.definition.examples;
  const result = await testJob(exampleJob, { userId: "1234", tier: "free" });
  expect(example?.payload).toEqual({ userId: "1234", tier: "free" });
  expect(result).toMatchObject({ ok: true, status: "SUCCESS", output: undefined });
  if (result.ok) expectTypeOf(result.output).toEqualTypeOf<void>();
});

test("B3 B12 tier paid is a compile error, and where types are bypassed a refusal with its path and no run", async () => {
  await using world = await startTestEngine([exampleJob]);
  // @ts-expect-error -- the schema knows free and pro
  const refusal = exampleJob.invoke({ userId: "1", tier: "paid" });
  await expect(refusal).rejects.toMatchObject({ code: "INVALID_PAYLOAD", issues: [{ path: ["tier"] }] });
  // @ts-expect-error -- the schema has no foo
  await expect(exampleJob.invoke({ foo: "bar" })).rejects.toMatchObject({ code: "INVALID_PAYLOAD" });
  expect((await world.engine.listRuns({})).runs).toEqual([]);
});

function withoutIndentation(code: string): string[] {
  return code
    .trim()
    .split("\n")
    .map((line) => line.trim());
}
