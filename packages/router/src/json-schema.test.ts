import { expect, test } from "vitest";
import { z } from "zod";
import { toJsonSchema } from "./json-schema.ts";

const dialect = { $schema: "https://json-schema.org/draft/2020-12/schema" };

test("a literal that is a bigint is told as a bigint, since no number fits it", () => {
  expect(toJsonSchema(z.literal(5n))).toEqual({ ...dialect, "x-beckon-type": "bigint" });
  expect(toJsonSchema(z.literal([1n, 2n]))).toEqual({ ...dialect, "x-beckon-type": "bigint" });
  expect(toJsonSchema(z.union([z.literal(1n), z.literal("none")]))).toEqual({
    ...dialect,
    anyOf: [{ "x-beckon-type": "bigint" }, { type: "string", const: "none" }],
  });
});

test("literals of which only some are bigints stand for any value", () => {
  expect(toJsonSchema(z.literal([1n, "none"]))).toEqual(dialect);
});
