import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { checkExamples } from "./check-examples.ts";

const client = new BeckonClient({ id: "tests" });
const schema = z.object({ userId: z.string() });

test("B8 an example that its schema refuses is an error that names job, example, path, expected and received", async () => {
  const job = client.defineJob({
    id: "greet",
    name: "Greet",
    version: "1.0.0",
    // @ts-expect-error B8: userId is a string, and the error is at the field.
    trigger: invokeTrigger({ schema, examples: [{ id: "ada", name: "Ada", payload: { userId: 1 } }] }),
    run: async () => undefined,
  });
  await expect(checkExamples({ job })).rejects.toThrow(
    /^Example "ada" of job "greet" does not fit its schema: payload\.userId: .*expected string, received (number|1)/,
  );
});

test("B8 examples of asynchronous schemas are checked too, and all problems are told at once", async () => {
  const taken = schema.refine(async ({ userId }) => userId !== "taken", { path: ["userId"], error: "is taken" });
  const examples = ["free", "taken"].map((userId) => ({ id: userId, name: userId, payload: { userId } }));
  const define = (id: string) =>
    client.defineJob({
      id,
      name: id,
      version: "1.0.0",
      trigger: invokeTrigger({ schema: taken, examples }),
      run: async () => id,
    });
  const message = await checkExamples({ one: define("one"), two: define("two") }).then(String, String);
  expect(message).toContain('Example "taken" of job "one"');
  expect(message).toContain('Example "taken" of job "two"');
  expect(message).not.toContain('Example "free"');
});

test("B8 an example that a schema throws on is an error that names job, example and what was thrown", async () => {
  const parsed = z.string().transform((text): unknown => JSON.parse(text));
  const job = client.defineJob({
    id: "parse",
    name: "Parse",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: parsed, examples: [{ id: "bad", name: "Bad", payload: "x" }] }),
    run: async () => undefined,
  });
  const checking = checkExamples({ job });
  await expect(checking).rejects.toMatchObject({ code: "INVALID_DEFINITION" });
  await expect(checking).rejects.toThrow(
    /^Example "bad" of job "parse" does not fit its schema: payload: .*not valid JSON/,
  );
});

test("a job without a schema takes every example", async () => {
  const trigger = invokeTrigger({ examples: [{ id: "any", name: "Any", payload: [1, null] }] });
  const job = client.defineJob({ id: "any", name: "Any", version: "1.0.0", trigger, run: async () => undefined });
  await expect(checkExamples({ job })).resolves.toBeUndefined();
});
