import { expect, test } from "vitest";
import { z } from "zod";
import { choicesOf } from "./choices.ts";

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
const valuesOf = (schema: z.ZodType) => choicesOf(schemaOf(schema))?.map(({ value }) => value);
const labelsOf = (schema: z.ZodType) => choicesOf(schemaOf(schema))?.map(({ label }) => label);

const tier = z.union([z.literal("free"), z.literal("pro")]);

test("a union of literals is a choice of these, each with its own type", () => {
  expect(valuesOf(tier)).toEqual(["free", "pro"]);
  expect(valuesOf(z.union([z.literal(0), z.literal(2)]))).toEqual([0, 2]);
  expect(valuesOf(z.union([z.literal("7"), z.literal(7), z.literal(true)]))).toEqual(["7", 7, true]);
});

test("a union is a choice also where null, an enum, a boolean or another union is a member of it", () => {
  expect(valuesOf(tier.nullable())).toEqual(["free", "pro", null]);
  expect(valuesOf(z.union([z.literal("x"), z.null()]))).toEqual(["x", null]);
  expect(valuesOf(z.union([z.enum(["a", "b"]), z.literal("c"), z.literal("a")]))).toEqual(["a", "b", "c"]);
  expect(valuesOf(z.union([z.literal("auto"), z.boolean()]))).toEqual(["auto", true, false]);
  expect(valuesOf(z.boolean().nullable())).toEqual([true, false, null]);
});

test("enums, literals, booleans and null are choices", () => {
  expect(valuesOf(z.enum(["a", "b"]))).toEqual(["a", "b"]);
  expect(valuesOf(z.literal(["a", 1, null]))).toEqual(["a", 1, null]);
  expect(valuesOf(z.literal("a"))).toEqual(["a"]);
  expect(valuesOf(z.boolean())).toEqual([true, false]);
  expect(valuesOf(z.null())).toEqual([null]);
});

test.for<[string, z.ZodType]>([
  ["a text beside a literal", z.union([z.literal("auto"), z.number()])],
  ["objects", z.discriminatedUnion("kind", [z.object({ kind: z.literal("a") }), z.object({ kind: z.literal("b") })])],
  ["a text or null", z.string().nullable()],
  ["a literal or undefined", z.union([z.literal("a"), z.undefined()])],
  ["anything", z.unknown()],
])("%s is no choice of a few values", ([, schema]) => {
  expect(choicesOf(schemaOf(schema))).toBeUndefined();
});

test("texts are labels as they are, unless another value reads the same", () => {
  expect(labelsOf(tier.nullable())).toEqual(["free", "pro", "null"]);
  expect(labelsOf(z.union([z.literal("7"), z.literal(7)]))).toEqual(['"7"', "7"]);
  expect(labelsOf(z.literal(["", "a"]))).toEqual(['""', "a"]);
  expect(labelsOf(z.boolean())).toEqual(["Yes", "No"]);
});

test("the title of a union's literal is its label, and that of a lone literal is its field's", () => {
  expect(labelsOf(z.union([z.literal("f").meta({ title: "Free plan" }), z.literal("p")]))).toEqual(["Free plan", "p"]);
  expect(labelsOf(z.literal("f").meta({ title: "Plan" }))).toEqual(["f"]);
});
