import { expect, test } from "vitest";
import { z } from "zod";
import { describeValue, formatIssues, formatPath, parseWith, type Schema } from "./schema.ts";

async function issuesOf(schema: Schema, value: unknown) {
  const parsed = await parseWith(schema, value);
  return parsed.ok ? [] : parsed.issues;
}

test("a value that fits comes back as the schema makes it, and without a schema as it is", async () => {
  const schema = z.object({ at: z.coerce.date(), n: z.number().default(3) });
  expect(await parseWith(schema, { at: "2026-01-01", extra: 1 })).toEqual({
    ok: true,
    value: { at: new Date("2026-01-01"), n: 3 },
  });
  const value = { any: "thing" };
  expect(await parseWith(undefined, value)).toEqual({ ok: true, value });
});

test("B12 each issue names the path, what was expected and what was received", async () => {
  const schema = z.object({ user: z.object({ id: z.string() }), tags: z.array(z.literal("a")), at: z.date() });
  expect(await issuesOf(schema, { user: { id: 5 }, tags: ["a", "b"] })).toEqual([
    { path: ["user", "id"], message: "Invalid input: expected string, received number" },
    { path: ["tags", 1], message: 'Invalid input: expected "a", received "b"' },
    { path: ["at"], message: "Invalid input: expected date, received undefined" },
  ]);
});

test("an asynchronous schema is awaited", async () => {
  const taken = z.string().refine(async (name) => name !== "ada", "is taken");
  expect(await parseWith(taken, "bob")).toEqual({ ok: true, value: "bob" });
  expect(await issuesOf(taken, "ada")).toEqual([{ path: [], message: 'is taken, received "ada"' }]);
});

test("a library that writes path segments as objects, and no path at all, is understood", async () => {
  const issues = [{ message: "no", path: [{ key: "a" }, 0, Symbol("s")] }, { message: "never" }];
  const schema: Schema = { "~standard": { version: 1, vendor: "test", validate: () => ({ issues }) } };
  expect(await issuesOf(schema, { a: null })).toEqual([
    { path: ["a", 0, "Symbol(s)"], message: "no, received undefined" },
    { path: [], message: "never, received an object" },
  ]);
});

test("paths read as JavaScript", () => {
  expect(formatPath(["items", 2, "name", "first name", "a.b", "3"], "payload")).toBe(
    'payload.items[2].name["first name"]["a.b"][3]',
  );
  expect(formatPath([], "payload")).toBe("payload");
  expect(formatPath(["items", 0], "")).toBe("items[0]");
  expect(
    formatIssues(
      [
        { path: ["a"], message: "is bad" },
        { path: [], message: "is worse" },
      ],
      "payload",
    ),
  ).toBe("payload.a: is bad; payload: is worse");
});

test("values are described shortly", () => {
  class Money {
    readonly cents = 5;
  }
  const described = [
    "x",
    "y".repeat(50),
    5n,
    null,
    undefined,
    Number.NaN,
    () => 1,
    [1, 2],
    {},
    new Money(),
    new Error("x"),
    Object.create(null),
  ];
  expect(described.map(describeValue)).toEqual([
    '"x"',
    `"${"y".repeat(40)}…"`,
    "5n",
    "null",
    "undefined",
    "NaN",
    "a function",
    "an array of 2",
    "an object",
    "a Money",
    "an Error",
    "an object",
  ]);
});
