import { expect, test } from "vitest";
import { buildPackages, findErrors } from "./built-packages.ts";
import { writeProject } from "./write-project.ts";

/** Each line ends with a piece of what the compiler must say about that very line. */
const source = `
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";
const client = new BeckonClient({ id: "acme" });
const common = { id: "a", name: "A", version: "1.0.0", run: async () => 1 };
const schema = z.object({ userId: z.string(), tier: z.union([z.literal("free"), z.literal("pro")]) });
const exampleJob = client.defineJob({ ...common, trigger: invokeTrigger({ schema }) });
declare const anyErrors: Record<string, z.ZodString>;
await exampleJob.invoke({
  userId: "1",
  tier: "paid", // Type '"paid"' is not assignable to type '"free" | "pro"'.
});
await exampleJob.invoke({
  foo: "bar", // 'foo' does not exist in type '{ userId: string; tier: "free" | "pro"; }'.
});
invokeTrigger({
  schema,
  examples: [{
    id: "a", name: "A",
    payload: {
      userId: "1",
      tier: "paid", // Type '"paid"' is not assignable to type '"free" | "pro"'.
    },
  }],
});
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  errors: {
    UNCAUGHT: z.string(), // "This code is Beckon's own: choose another name."
    GONE: { reason: "text" }, // "Give a schema for the data of this error."
  },
});
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  errors: anyErrors, // "Declare each error code by name: an index signature cannot be narrowed on."
});
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  ttl: "soon", // Type '"soon"' is not assignable to type 'Duration | undefined'.
});
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  timeout: 5, // 'timeout' does not exist in type 'JobOptions<
});
const result = await exampleJob.invokeAndWait({ userId: "1", tier: "pro" });
result.output; // Property 'output' does not exist on type
export {};
`;

test("B3 B4 B8 misuse is a compile error at the field, in words that say what to do", { timeout: 60_000 }, () => {
  using packages = buildPackages();
  const errors = findErrors(writeProject(packages.folder, "misuse", { "index.ts": source }));
  const lines = source.split("\n");
  const expected = lines.flatMap((text, index) =>
    text.includes("; // ") || text.includes(", // ") ? [[index + 1, text.slice(text.indexOf("// ") + 3)] as const] : [],
  );
  expect(errors.map(({ line }) => line)).toEqual(expected.map(([line]) => line));
  for (const [index, [, words]] of expected.entries()) expect(errors[index]?.message).toContain(words);
});
